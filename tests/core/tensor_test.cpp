#include "cairn/core/tensor.h"

#include "cairn/core/error.h"
#include "cairn/core/host_allocator.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <numeric>

namespace cairn {
namespace {

using test::error_message;

class TensorTest : public testing::Test {
protected:
    // 0, 1, 2, … in row-major order.
    Tensor counting(const Shape& shape) {
        std::vector<float> values(static_cast<std::size_t>(shape.size()));
        std::iota(values.begin(), values.end(), 0.0f);
        const Tensor tensor = Tensor::empty(shape, DType::float32, allocator);
        tensor.upload(values.data());
        return tensor;
    }

    HostAllocator allocator{Device::reference()};
};

// Memory that another device owns: it has no host address.
class FarAllocator final : public Allocator {
public:
    Device device() const override { return Device::vulkan(); }
    Block allocate(std::size_t bytes) override {
        return {.host = nullptr, .handle = this, .offset = 0, .bytes = bytes};
    }
    void release(const Block&) noexcept override {}
    void upload(const Block&, std::size_t, const void*, std::size_t) override {}
    void download(const Block&, std::size_t, void*, std::size_t) override {}
    MemoryStats stats() const override { return {}; }
};

TEST_F(TensorTest, KnowsItsShapeTypeAndDevice) {
    const Tensor x = Tensor::empty({4, 5, 6}, DType::float64, allocator);
    EXPECT_TRUE(x.defined());
    EXPECT_EQ(x.shape(), (Shape{4, 5, 6}));
    EXPECT_EQ(x.rank(), 3);
    EXPECT_EQ(x.dim(-1), 6);
    EXPECT_EQ(x.size(), 120);
    EXPECT_EQ(x.bytes(), 960u);
    EXPECT_EQ(x.dtype(), DType::float64);
    EXPECT_EQ(x.device(), Device::reference());
    EXPECT_EQ(&x.allocator(), &allocator);
}

// Catches an upload or download with the wrong number of bytes, for each type.
TEST_F(TensorTest, UploadThenDownloadGivesTheSameValues) {
    const auto round_trip = [&]<typename T>(const std::vector<T>& values) {
        const Tensor x = Tensor::empty({static_cast<std::int64_t>(values.size())}, dtype_of<T>(), allocator);
        x.upload(values.data());
        EXPECT_EQ(x.to_vector<T>(), values);
        std::vector<T> downloaded(values.size());
        x.download(downloaded.data());
        EXPECT_EQ(downloaded, values);
    };
    round_trip(std::vector<float>{1.5f, -2.0f, 3e38f});
    round_trip(std::vector<double>{1e300, -0.1});
    round_trip(std::vector<std::int32_t>{-2147483647 - 1, 0, 2147483647});
    round_trip(std::vector<std::uint8_t>{0, 127, 255, 1, 2});
    round_trip(std::vector<float>{});
}

// Catches a view that copies, or that counts its start in bytes or from the storage instead of from the tensor.
TEST_F(TensorTest, ViewsShareStorage) {
    const Tensor x = counting({4, 6});
    const Tensor flat = x.view({24});
    const Tensor rows = x.view(6, {2, 6});    // rows 1 and 2
    const Tensor row = rows.view(6, {2, 3});  // a view of a view: row 2
    EXPECT_TRUE(x.same_memory(flat));
    EXPECT_FALSE(x.same_memory(rows));
    EXPECT_EQ(row.to_vector<float>(), (std::vector<float>{12, 13, 14, 15, 16, 17}));

    flat.data<float>()[13] = -1;
    EXPECT_EQ(x.data<float>()[13], -1);
    EXPECT_EQ(rows.data<float>()[7], -1);
    EXPECT_EQ(row.data<float>()[1], -1);

    const std::vector<float> values(6, 9.0f);
    row.upload(values.data());
    EXPECT_EQ(x.to_vector<float>()[11], 11);
    EXPECT_EQ(x.to_vector<float>()[12], 9);
    EXPECT_EQ(x.to_vector<float>()[17], 9);
    EXPECT_EQ(x.to_vector<float>()[18], 18);
}

// Catches views that reach beyond the tensor they were made from, though its block is larger.
TEST_F(TensorTest, ViewsStayInside) {
    const Tensor x = counting({4, 6});
    EXPECT_EQ(error_message<BugError>([&] { x.view({5, 5}); }), "a tensor (4, 6) cannot be viewed as (5, 5)");
    EXPECT_NO_THROW(x.view(18, {6}));
    EXPECT_NO_THROW(x.view(24, {0}));
    EXPECT_THROW(x.view(19, {6}), BugError);
    EXPECT_THROW(x.view(-1, {6}), BugError);
    EXPECT_THROW(x.view(6, {6}).view(1, {6}), BugError);
}

// Catches storage that is released while a view still needs it, or never.
TEST_F(TensorTest, StorageLivesAsLongAsItsLastView) {
    Tensor part;
    {
        const Tensor x = counting({100});
        part = x.view(90, {10});
    }
    EXPECT_GT(allocator.stats().in_use, 0u);
    EXPECT_EQ(part.data<float>()[0], 90);
    part = Tensor();
    EXPECT_EQ(allocator.stats().in_use, 0u);
}

// Catches numbers that are silently reinterpreted.
TEST_F(TensorTest, ReadingAnotherTypeIsABug) {
    const Tensor x = counting({2, 3});
    EXPECT_EQ(error_message<BugError>([&] { x.data<double>(); }), "a float32 tensor (2, 3) was read as float64");
    EXPECT_EQ(error_message<BugError>([&] { x.to_vector<std::int32_t>(); }),
              "a float32 tensor (2, 3) was read as int32");
}

// Catches a null pointer that reaches a host kernel.
TEST_F(TensorTest, DeviceMemoryIsNotReadAsHostMemory) {
    FarAllocator far;
    const Tensor x = Tensor::empty({3}, DType::float32, far);
    EXPECT_EQ(error_message<BugError>([&] { x.data<float>(); }), "a tensor on vulkan was read as host memory");
}

TEST_F(TensorTest, AnUndefinedTensorHasNoMemory) {
    const Tensor none;
    EXPECT_FALSE(none.defined());
    EXPECT_EQ(none.size(), 0);
    EXPECT_THROW(none.allocator(), BugError);
    EXPECT_THROW(none.block(), BugError);
    EXPECT_THROW(none.data<float>(), BugError);
    EXPECT_THROW(none.view({0}), BugError);
}

TEST_F(TensorTest, ItemReadsOneElementOfAnyType) {
    const auto item = [&]<typename T>(const Shape& shape, T value) {
        const Tensor x = Tensor::empty(shape, dtype_of<T>(), allocator);
        x.upload(&value);
        return x.item();
    };
    EXPECT_EQ(item({}, 0.5f), 0.5);
    EXPECT_EQ(item({1}, 0.1), 0.1);
    EXPECT_EQ(item({1, 1}, std::int32_t{-7}), -7.0);
    EXPECT_EQ(item({}, std::uint8_t{255}), 255.0);
    EXPECT_EQ(error_message<BugError>([&] { counting({2}).item(); }), "item() needs one element, not a tensor (2,)");
}

// Catches equal values, or an equal start, taken for the same memory.
TEST_F(TensorTest, SameMemory) {
    const Tensor x = counting({6}), y = counting({6});
    const Tensor copy = x;
    EXPECT_TRUE(x.same_memory(copy));
    EXPECT_TRUE(x.same_memory(x.detach()));
    EXPECT_FALSE(x.same_memory(y));
    EXPECT_FALSE(x.same_memory(x.view(0, {3})));
    EXPECT_FALSE(x.view(0, {3}).same_memory(x.view(3, {3})));
}

}  // namespace
}  // namespace cairn
