#include "io/npy.h"

#include "core/error.h"
#include "core/file.h"
#include "core/host_allocator.h"
#include "io/damage.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::io {
namespace {

using test::error_message;
using test::TempFolder;

class NpyTest : public testing::Test {
protected:
    template <typename T>
    Tensor tensor(const Shape& shape, const std::vector<T>& values) {
        const Tensor result = Tensor::empty(shape, dtype_of<T>(), allocator);
        result.upload(values.data());
        return result;
    }

    // A file of this version with this header and so many bytes of data.
    void put(std::string_view header, std::size_t data_bytes, char major = 1) {
        std::string text = "\x93NUMPY";
        text += {major, '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
        text += header;
        write_file(path, text + std::string(data_bytes, '\x01'));
    }

    // The message of reading the file, without the path it starts with.
    std::string refusal() {
        return error_message([&] { read_npy(path, allocator); }).substr(path.string().size());
    }

    TempFolder folder;
    std::filesystem::path path = folder / "x.npy";
    HostAllocator allocator{Device::cpu()};
};

// Catches a type, an axis or a value that is lost. NumPy writes tuples as Shape::str does: "(3,)" and "()".
TEST_F(NpyTest, WhatIsWrittenIsRead) {
    const auto round_trip = [&]<typename T>(const Shape& shape, const std::vector<T>& values) {
        write_npy(path, tensor(shape, values));
        const Tensor x = read_npy(path, allocator);
        EXPECT_EQ(x.shape(), shape);
        EXPECT_EQ(x.to_vector<T>(), values);
    };
    round_trip({2, 1, 2}, std::vector<float>{1.5f, -2, 1e-40f, 3e38f});
    round_trip({3}, std::vector<double>{0.1, 1e300, -0.0});
    round_trip({}, std::vector<std::int32_t>{-2147483647 - 1});
    round_trip({1, 5}, std::vector<std::uint8_t>{0, 1, 127, 128, 255});
    round_trip({4, 0}, std::vector<float>{});
}

// The file that np.save(path, np.array([[1, -2]], np.float32)) writes, byte by byte.
TEST_F(NpyTest, TheBytesAreNumPys) {
    write_npy(path, tensor<float>({1, 2}, {1, -2}));
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
    header.resize(117, ' ');  // with what surrounds it, the data starts at byte 128
    const std::string expected =
        std::string("\x93NUMPY\x01\0\x76\0", 10) + header + "\n" + std::string("\0\0\x80\x3f\0\0\0\xc0", 8);
    const std::vector<std::uint8_t> bytes = read_file(path);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), expected);
}

// NumPy promises no order of the keys and no spaces.
TEST_F(NpyTest, TheHeaderMayBeWrittenOtherwise) {
    put("{'shape':( 2 ,1),'fortran_order':False,'descr':'|u1'}", 2);
    EXPECT_EQ(read_npy(path, allocator).shape(), (Shape{2, 1}));
}

TEST_F(NpyTest, BadFilesAreRefusedWithTheRemedy) {
    const std::string damaged = "; the file is damaged; write or copy it again";
    struct Case {
        const char* header;
        std::size_t data_bytes;
        std::string message;
    };
    const Case cases[] = {
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", 8,
         " is stored in Fortran order (columns first); save np.ascontiguousarray(x) instead"},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", 8,
         " holds elements of type '<i8'; cairn reads <f4, <f8, <i4 and |u1: save x.astype(np.float32), for example"},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4,
         " holds elements of type '>f4'; cairn reads <f4, <f8, <i4 and |u1: save x.astype(np.float32), for example"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 23,
         ": shape (2, 3) of float32 does not fill the 23 bytes after the header" + damaged},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 25,
         ": shape (2, 3) of float32 does not fill the 25 bytes after the header" + damaged},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", 0,  // 2^62 * 4 * 4 wraps to 0
         ": shape (4611686018427387904, 4) of float32 does not fill the 0 bytes after the header" + damaged},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1), }", 1,
         " has 7 axes; cairn reads at most 6: reshape it first"},
    };
    for (const Case& c : cases) {
        put(c.header, c.data_bytes);
        EXPECT_EQ(refusal(), c.message) << c.header;
    }
    for (const char* header :
         {"", "{}", "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': 1, }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "{'descr': '<f4"}) {
        put(header, 4);
        EXPECT_EQ(refusal().find(": the header at byte 10 must be a dict with descr, fortran_order and shape, not "),
                  0u)
            << header << "\n"
            << refusal();
    }
}

TEST_F(NpyTest, OtherFilesAreRefused) {
    write_file(path, "PK\x03\x04 an archive, such as np.savez writes");
    EXPECT_EQ(refusal(), " is not an .npy file: it does not start with \\x93NUMPY; write it with np.save");
    write_file(path, "\x93NUMPY\x01");
    EXPECT_EQ(refusal(), " ends within its first 10 bytes; the file is damaged; write or copy it again");
    put("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 4, 2);
    EXPECT_EQ(refusal(), " has the format version 2.0; cairn reads 1.0, which np.save writes for plain arrays");
    write_file(path, std::string("\x93NUMPY\x01\0\x76\0{'descr'", 18));
    EXPECT_EQ(
        refusal(),
        ": the header should end at byte 128, but the file holds 18; the file is damaged; write or copy it again");
}

TEST_F(NpyTest, AnyDamageIsAnErrorOrIsRead) {
    write_npy(path, tensor<double>({2, 2}, {1, 2, 3, 4}));
    const int size = static_cast<int>(std::filesystem::file_size(path));
    // Every cut is seen; a changed byte of the data or of the padding is not.
    EXPECT_GT(test::read_damaged(path, [&](const auto& p) { read_npy(p, allocator); }), size);
}

}  // namespace
}  // namespace cairn::io
