#include "cairn/io/safetensors.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/host_allocator.h"
#include "io/damage.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

namespace cairn::io {
namespace {

using test::error_message;
using test::TempFolder;

class SafetensorsTest : public testing::Test {
protected:
    template <typename T>
    Tensor tensor(const Shape& shape, const std::vector<T>& values) {
        const Tensor result = Tensor::empty(shape, dtype_of<T>(), allocator);
        result.upload(values.data());
        return result;
    }

    // A file with this header and this data.
    void put(std::string_view header, std::string_view data) {
        std::string text(8, '\0');
        for (std::size_t i = 0; i < 8; ++i) text[i] = static_cast<char>(header.size() >> (8 * i));
        text += header;
        text += data;
        write_file(path, text);
    }

    // The message of reading the file, without the path it starts with.
    std::string refusal() {
        const std::string message = error_message([&] { read_safetensors(path, allocator); });
        EXPECT_EQ(error_message([&] { read_safetensors_header(path); }), message);
        EXPECT_NE(message.find(path.string()), std::string::npos) << message;
        return message.substr(std::min(message.size(), path.string().size()));
    }

    TempFolder folder;
    std::filesystem::path path = folder / "model.safetensors";
    HostAllocator allocator{Device::cpu()};
};

// Catches lost names, types, shapes, metadata or values; a scalar and an empty tensor are tensors too.
TEST_F(SafetensorsTest, WhatIsWrittenIsRead) {
    const NamedTensors written = {
        {"conv2d/kernel", tensor<float>({2, 1, 3}, {1.5f, -2, 0, 3e38f, 1e-40f, -0.0f})},
        {"bytes", tensor<std::uint8_t>({3}, {0, 128, 255})},
        {"sums", tensor<double>({2}, {0.1, -1e300})},
        {"labels \"x\"\n", tensor<std::int32_t>({1, 2}, {-2147483647 - 1, 2147483647})},
        {"nothing", tensor<float>({0, 4}, {})},
        {"loss", tensor<double>({}, {0.25})},
    };
    const Metadata metadata = {{"data", "cifar-10"}, {"Größe", "\"5\"\\"}};
    write_safetensors(path, written, metadata);
    const Safetensors read = read_safetensors(path, allocator);
    const SafetensorsHeader header = read_safetensors_header(path);
    EXPECT_EQ(read.metadata, metadata);
    EXPECT_EQ(header.metadata, metadata);
    ASSERT_EQ(read.tensors.size(), written.size());
    ASSERT_EQ(header.tensors.size(), written.size());
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto& [name, x] = written[i];
        const auto& [read_name, y] = read.tensors[i];
        EXPECT_EQ(read_name, name);
        EXPECT_EQ(y.dtype(), x.dtype());
        EXPECT_EQ(y.shape(), x.shape());
        std::vector<char> a(x.bytes()), b(y.bytes());
        x.download(a.data());
        y.download(b.data());
        EXPECT_EQ(a, b) << name;
        EXPECT_EQ(header.tensors[i].name, name);
        EXPECT_EQ(header.tensors[i].dtype, x.dtype());
        EXPECT_EQ(header.tensors[i].shape, x.shape());
        EXPECT_EQ(header.tensors[i].end - header.tensors[i].begin, x.bytes());
    }
}

// The file itself, byte by byte, as the format says. Catches a header that only cairn can read.
TEST_F(SafetensorsTest, TheBytesAreTheFormats) {
    write_safetensors(path, {{"w", tensor<float>({1, 2}, {1, -2})}, {"b", tensor<std::uint8_t>({1}, {7})}},
                      {{"k", "v"}});
    std::string header = R"({"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                         R"("b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}})";
    header.resize(136, ' ');  // from 133 to a multiple of 8
    const std::string expected =
        std::string("\x88\0\0\0\0\0\0\0", 8) + header + std::string("\0\0\x80\x3f\0\0\0\xc0\x07", 9);
    const std::vector<std::uint8_t> bytes = read_file(path);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), expected);
}

// Catches an order that depends on a hash, or names that come out sorted.
TEST_F(SafetensorsTest, TheOrderIsKept) {
    const NamedTensors tensors = {
        {"z", tensor<float>({1}, {1})}, {"a", tensor<float>({1}, {2})}, {"m", tensor<float>({1}, {3})}};
    write_safetensors(path, tensors);
    const std::vector<std::uint8_t> first = read_file(path);
    const Safetensors read = read_safetensors(path, allocator);
    EXPECT_EQ(read.tensors[0].first, "z");
    EXPECT_EQ(read.tensors[2].first, "m");
    write_safetensors(path, read.tensors, read.metadata);
    EXPECT_EQ(read_file(path), first);
}

// The header need not list the tensors in the order of their data. Catches data given to the wrong name.
TEST_F(SafetensorsTest, TheHeaderMayListTensorsInAnyOrder) {
    put(R"({"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},)"
        R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
        "\x05\x06\x07");
    const Safetensors read = read_safetensors(path, allocator);
    EXPECT_EQ(read.tensors[0].first, "a");
    EXPECT_EQ(read.tensors[0].second.to_vector<std::uint8_t>(), std::vector<std::uint8_t>{5});
    EXPECT_EQ(read.tensors[1].second.to_vector<std::uint8_t>(), (std::vector<std::uint8_t>{6, 7}));
}

// Catches data given to the wrong tensor when those before it are passed over.
TEST_F(SafetensorsTest, OnlyTheChosenAreRead) {
    write_safetensors(
        path, {{"a", tensor<float>({2}, {1, 2})}, {"b", tensor<float>({1}, {3})}, {"c", tensor<float>({1}, {4})}});
    const Safetensors read = read_safetensors(path, allocator, [](const SafetensorsEntry& e) { return e.name == "b"; });
    ASSERT_EQ(read.tensors.size(), 1u);
    EXPECT_EQ(read.tensors[0].second.to_vector<float>(), std::vector<float>{3});
}

TEST_F(SafetensorsTest, BadHeadersAreRefusedWithPlaceAndRemedy) {
    const std::string remedy = "; the file is damaged or not a safetensors file; copy or write it again";
    struct Case {
        const char* header;
        std::size_t data_bytes;
        std::string message;
    };
    const Case cases[] = {
        {R"({"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}})", 2,
         R"(: tensor "a" has the element type F16; cairn reads F32, F64, I32 and U8: convert it to one of these)"},
        {R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,2]}})", 2,
         R"(: tensor "a": shape (3) of U8 does not fill the 2 bytes of its data_offsets [0, 2])" + remedy},
        {R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0,  // 2^62 * 4 * 4 wraps to 0
         R"(: tensor "a": shape (4611686018427387904, 4) of F32 does not fill the 0 bytes of its data_offsets [0, 0])" +
             remedy},
        {R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})", 2,
         R"(: tensor "a": data_offsets [0, 3] must be two ascending offsets within the 2 bytes of data)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[2,1]}})", 2,
         R"(: tensor "a": data_offsets [2, 1] must be two ascending offsets within the 2 bytes of data)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}})", 1,
         R"(: tensor "a": data_offsets [0] must be two ascending offsets within the 1 bytes of data)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
         3, R"(: tensor "b" starts at offset 1 of the data, which overlaps the tensor before (expected 2))" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
         3, R"(: tensor "b" starts at offset 2 of the data, which leaves a hole (expected 1))" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2,
         R"(: tensor "a" starts at offset 1 of the data, which leaves a hole (expected 0))" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2,
         ": the tensors end at offset 1 of the data, which holds 2 bytes" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
         2, R"(: the name "a" stands twice in the header)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,2]}})", 2,
         R"(: the name "shape" stands twice in the header)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1,
         R"(: tensor "a": "shape" must be a list of whole numbers, 0 or more)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1,
         R"(: tensor "a": "shape" must be a list of whole numbers, 0 or more)" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1]}})", 1,
         R"(: tensor "a": "data_offsets" must be a list of whole numbers, 0 or more)" + remedy},
        {R"({"a":{"shape":[1],"data_offsets":[0,1]}})", 1,
         R"(: tensor "a": "dtype" must be a text such as "F32")" + remedy},
        {R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1],"data_offsets":[0,1]}})", 1,
         R"(: tensor "a" has 7 axes; cairn reads at most 6: reshape it first)"},
        {R"({"a":3})", 0, R"(: tensor "a" must be described by an object with dtype, shape and data_offsets)" + remedy},
        {R"({"__metadata__":{"a":3}})", 0, ": __metadata__ must map names to texts" + remedy},
        {R"([])", 0, ": the header must be a JSON object" + remedy},
    };
    for (const Case& c : cases) {
        put(c.header, std::string(c.data_bytes, '\x01'));
        EXPECT_EQ(refusal(), c.message) << c.header;
    }
}

// Catches a position counted from the header instead of from the file.
TEST_F(SafetensorsTest, BadJsonIsRefusedWithItsPosition) {
    put(R"({"a":x})", "");  // the x is byte 5 of the header, 13 of the file
    EXPECT_EQ(refusal().find(": the header is not JSON at byte 13 of the file; the file is damaged"), 0u) << refusal();
    put("", "");
    EXPECT_EQ(refusal().find(": the header is not JSON at byte 8 of the file"), 0u) << refusal();
    put("{\"\xff\":1}", "");  // not UTF-8
    EXPECT_EQ(refusal().find(": the header is not JSON at byte 10 of the file"), 0u) << refusal();
}

// Catches an allocation of whatever the first eight bytes say.
TEST_F(SafetensorsTest, BadLengthsAreRefused) {
    write_file(path, "1234567");
    EXPECT_EQ(refusal().find(" holds 7 bytes, too few for the length of a header (8 bytes); the file is damaged"), 0u);
    write_file(path, std::string("\x03\0\0\0\0\0\0\0{}", 10));
    EXPECT_EQ(refusal().find(": its first 8 bytes announce a header of 3 bytes, but the file holds 10 bytes"), 0u);
    write_file(path, "PNG, not safetensors");
    EXPECT_EQ(refusal().find(": its first 8 bytes announce a header of 8390045715275402832 bytes"), 0u) << refusal();
    // Long enough, but no header is so long. The file has a hole instead of data.
    write_file(path, std::string("\x01\xe1\xf5\x05\0\0\0\0", 8));  // 100 000 001
    std::filesystem::resize_file(path, 200'000'000);
    EXPECT_EQ(refusal().find(": its first 8 bytes announce a header of 100000001 bytes"), 0u) << refusal();
    EXPECT_EQ(error_message([&] { read_safetensors(folder / "none", allocator); }),
              fmt::format("cannot read {}: No such file or directory", (folder / "none").string()));
    EXPECT_EQ(error_message([&] { read_safetensors_header(folder.path()); }),
              fmt::format("cannot read {}: it is not a file", folder.path().string()));
}

// A number that no double holds once left the reader as another exception than Error, and ended the search for an older
// checkpoint that is whole.
TEST_F(SafetensorsTest, NumbersThatAreTooLargeAreRefused) {
    put(R"({"x":1e999})", "");
    EXPECT_EQ(refusal().find(": the header is not JSON at byte "), 0u) << refusal();
    put(R"({"a":{"dtype":"U8","shape":[1e999],"data_offsets":[0,1]}})", "x");
    EXPECT_EQ(refusal().find(": the header is not JSON at byte "), 0u) << refusal();
    // An axis of size 0 makes any number of bytes right, but the sizes must be numbers that a shape holds.
    for (const char* shape :
         {"0,18446744073709551615", "18446744073709551615,0", "0,4294967296,4294967296,4294967296"}) {
        put(fmt::format(R"({{"a":{{"dtype":"F32","shape":[{}],"data_offsets":[0,0]}}}})", shape), "");
        EXPECT_NE(refusal().find("does not fill the 0 bytes"), std::string::npos) << refusal();
    }
}

// Headers of a megabyte and more that describe nothing: catches a reader that takes minutes, or gigabytes.
TEST_F(SafetensorsTest, LargeHeadersTakeLittle) {
    std::string header = "{";
    for (int i = 0; i < 50'000; ++i)
        header += fmt::format(R"({}"t{}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", i == 0 ? "" : ",", i);
    put(header + "}", "");
    EXPECT_EQ(read_safetensors_header(path).tensors.size(), 50'000u);
    put(
        "{\"a\":[" + std::string(4'000'000, ' ') +
            [] {
                std::string zeros;
                for (int i = 0; i < 2'000'000; ++i) zeros += "0,";
                return zeros;
            }() +
            "0]}",
        "");
    EXPECT_EQ(refusal().find(": the header holds more than 1000000 values"), 0u) << refusal();
    put(std::string(1'000'000, '['), "");
    EXPECT_EQ(refusal().find(": the header has more than 8 objects and lists inside one another"), 0u) << refusal();
}

// Catches a reader that waits for somebody to write into a pipe.
TEST_F(SafetensorsTest, APipeIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_EQ(error_message([&] { read_safetensors(path, allocator); }),
              fmt::format("cannot read {}: it is not a file", path.string()));
}

TEST_F(SafetensorsTest, AnyDamageIsAnErrorOrIsRead) {
    write_safetensors(path, {{"w", tensor<float>({2}, {1, 2})}, {"b", tensor<std::int32_t>({1}, {3})}}, {{"k", "v"}});
    const int size = static_cast<int>(std::filesystem::file_size(path));
    // Every cut is seen; a changed byte of the data, of a name or of a space is not.
    EXPECT_GT(test::read_damaged(path, [&](const auto& p) { read_safetensors(p, allocator); }), 2 * size);
}

// Catches files that cannot be read back.
TEST_F(SafetensorsTest, BadNamesAreNotWritten) {
    const Tensor x = tensor<float>({1}, {1});
    const auto refused = [&](const NamedTensors& tensors, const Metadata& metadata = {}) {
        return error_message([&] { write_safetensors(path, tensors, metadata); }).substr(13 + path.string().size());
    };
    EXPECT_EQ(refused({{"w", x}, {"w", x}}), R"(: the tensor name "w" is used twice; give each its own)");
    EXPECT_EQ(refused({{"__metadata__", x}}), R"(: the tensor name "__metadata__" is reserved; give each its own)");
    EXPECT_EQ(refused({{"\xff", x}}).find(": its names and metadata must be UTF-8"), 0u);
    EXPECT_EQ(refused({}, {{"folder", "\xff"}}).find(": its names and metadata must be UTF-8"), 0u);
    EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace cairn::io
