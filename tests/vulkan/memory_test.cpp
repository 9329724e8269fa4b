// Memory of the device: what does not fit is refused with a remedy, and what is released is used again.
#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"
#include "support/error_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::vulkan {
namespace {

using test::error_message;
using testing::HasSubstr;

// A device of its own, since a limit on its memory stays.
class VulkanMemory : public ::testing::Test {
protected:
    Tensor make(std::int64_t floats) { return Tensor::empty({floats}, DType::float32, device_.allocator()); }

    VulkanBackend device_{0};
    Context& context_ = device_.context();
};

TEST_F(VulkanMemory, RefusesATensorThatNoBufferCanHold) {
    const std::int64_t most = context_.gpu.limits.maxStorageBufferRange / 4;
    if (most > (1 << 28)) GTEST_SKIP() << "this device would allow a tensor of over 1 GiB";
    const std::string error = error_message([&] { make(most + 1); });
    EXPECT_THAT(error, HasSubstr("too large for " + context_.gpu.info.name));
    EXPECT_THAT(error, HasSubstr("maxStorageBufferRange"));
    EXPECT_THAT(error, HasSubstr("smaller --batch-size"));
}

TEST_F(VulkanMemory, SaysWhenMemoryIsExhaustedAndGoesOnWithWhatThereIs) {
    context_.allocator.limit(std::size_t{96} << 20);
    const Tensor kept = make(12 << 20);  // 48 MiB
    const std::string error = error_message([&] { make(16 << 20); });
    EXPECT_THAT(error, HasSubstr("the memory of " + context_.gpu.info.name + " is exhausted"));
    EXPECT_THAT(error, HasSubstr("smaller --batch-size"));
    device_.fill(kept, 3);
    std::vector<float> values(static_cast<std::size_t>(kept.size()));
    kept.download(values.data());
    EXPECT_EQ(values.front(), 3);
    EXPECT_EQ(values.back(), 3);
}

// Released ranges of one size fill the memory; a tensor of another size must get it all the same.
TEST_F(VulkanMemory, GivesUnusedBlocksBackBeforeItFails) {
    context_.allocator.limit(std::size_t{96} << 20);
    { const Tensor first = make(20 << 20); }  // 80 MiB
    const Tensor second = make(16 << 20);     // 64 MiB
    device_.fill(second, 1);
    device_.synchronize();
    EXPECT_EQ(device_.allocator().stats().in_use, std::size_t{64} << 20);
}

// A training asks the system for memory once: the second round of the same tensors must need no more. Without that,
// twenty rounds would not find room in the 64 MiB that the first one asked for. Catches also a peak that follows what
// is in use.
TEST_F(VulkanMemory, UsesWhatIsReleasedAgain) {
    const auto round = [&] {
        const Tensor a = make(1000), b = make(1'000'000), c = make(1000);
        device_.fill(a, 1);
        device_.fill(b, 2);
        device_.copy(a, c);
        device_.end_step();
    };
    round();
    const MemoryStats before = device_.allocator().stats();
    for (int k = 0; k < 20; ++k) round();
    make(1);
    EXPECT_EQ(device_.allocator().stats().reserved, before.reserved);
    EXPECT_EQ(device_.allocator().stats().peak_in_use, before.peak_in_use);
}

// One workgroup more than a row of them may hold: catches a second row that is left out, or that ends before the last
// element.
TEST_F(VulkanMemory, ALargeTensorIsComputedToItsEnd) {
    constexpr std::int64_t row = 65535, invocations = 128;
    for (const std::int64_t groups : {row + 1, row + 2}) {
        const Tensor x = make((groups - 1) * invocations + 1), y = make(x.size());
        std::vector<float> numbers(static_cast<std::size_t>(x.size()), 3);
        x.upload(numbers.data());
        device_.elementwise(Unary::square, x, y);
        y.download(numbers.data());
        EXPECT_EQ(std::ranges::count(numbers, 9.f), x.size()) << groups << " groups";
    }
}

// Longer than a piece of staging memory: a piece that overtakes another, or goes to the wrong place.
TEST_F(VulkanMemory, CopiesLongTensorsInPieces) {
    std::vector<float> numbers((12 << 20) / 4 * 3 + 5);  // 36 MiB and a little
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = static_cast<float>(k % 16'777'213);
    const Tensor x = make(static_cast<std::int64_t>(numbers.size()));
    x.upload(numbers.data());
    std::vector<float> back(numbers.size());
    x.download(back.data());
    EXPECT_EQ(numbers, back);
}

}  // namespace
}  // namespace cairn::vulkan
