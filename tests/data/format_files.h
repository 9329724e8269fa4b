// Data sets in the exact binary layouts of CIFAR-100 and MNIST, made by hand from their descriptions, and folders of pictures.
#pragma once

#include "cairn/core/file.h"
#include "cairn/data/dataset.h"
#include "support/picture_files.h"

#include <zlib.h>

#include <filesystem>
#include <string>

namespace cairn::test {

// n records of CIFAR-100: record i has the coarse label 3 i % 20, the fine label 7 i % 100, and red, green and blue planes of
// i, i + 1 and i + 2, but for the first pixel of red, 255.
inline std::string cifar100_records(int n) {
    std::string bytes;
    for (int i = 0; i < n; ++i) {
        bytes += static_cast<char>(3 * i % 20);
        bytes += static_cast<char>(7 * i % 100);
        for (int plane = 0; plane < 3; ++plane) bytes += std::string(1024, static_cast<char>(i + plane));
        bytes[bytes.size() - 3 * 1024] = static_cast<char>(255);
    }
    return bytes;
}

inline std::filesystem::path write_cifar100(const std::filesystem::path& folder, int train, int test) {
    make_folder(folder);
    write_file(folder / "train.bin", cifar100_records(train));
    write_file(folder / "test.bin", cifar100_records(test));
    std::string fine, coarse;
    for (int i = 0; i < 100; ++i) fine += fmt::format("fine_{}\n", i);
    for (int i = 0; i < 20; ++i) coarse += fmt::format("coarse_{}\n", i);
    write_file(folder / "fine_label_names.txt", fine + "\n");
    write_file(folder / "coarse_label_names.txt", coarse);
    return folder;
}

inline std::string big_endian(std::uint32_t value) {
    std::string text;
    for (const int shift : {24, 16, 8, 0}) text += static_cast<char>(value >> shift);
    return text;
}

// MNIST's two kinds of files. Image i is of bytes i, but for its first one, 255; its label is i % classes.
inline std::string idx_images(std::uint32_t n, std::uint32_t height = 28, std::uint32_t width = 28) {
    std::string bytes = big_endian(0x803) + big_endian(n) + big_endian(height) + big_endian(width);
    for (std::uint32_t i = 0; i < n; ++i)
        bytes += static_cast<char>(255) + std::string(height * width - 1, static_cast<char>(i));
    return bytes;
}
inline std::string idx_labels(std::uint32_t n, std::uint32_t classes = 10) {
    std::string bytes = big_endian(0x801) + big_endian(n);
    for (std::uint32_t i = 0; i < n; ++i) bytes += static_cast<char>(i % classes);
    return bytes;
}

// As gzip would write it.
inline std::string gzipped(const std::string& text) {
    z_stream z{};
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&z, static_cast<uLong>(text.size())) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    deflate(&z, Z_FINISH);
    packed.resize(packed.size() - z.avail_out);
    deflateEnd(&z);
    return packed;
}

inline std::filesystem::path write_mnist(const std::filesystem::path& folder, std::uint32_t train, std::uint32_t test,
                                         bool packed = false) {
    make_folder(folder);
    const auto put = [&](const std::string& name, const std::string& bytes) {
        write_file(folder / (name + (packed ? ".gz" : "")), packed ? gzipped(bytes) : bytes);
    };
    put("train-images-idx3-ubyte", idx_images(train));
    put("train-labels-idx1-ubyte", idx_labels(train));
    put("t10k-images-idx3-ubyte", idx_images(test));
    put("t10k-labels-idx1-ubyte", idx_labels(test));
    return folder;
}

// Pictures of two classes, cat and dog, `each` of both: dark reddish cats and bright bluish dogs, of odd sizes, PNG and JPEG, one of
// the cats grey and one with 16 bits.
inline std::filesystem::path write_pets(const std::filesystem::path& folder, int each) {
    for (const char* name : {"cat", "dog"}) {
        const bool cat = std::string(name) == "cat";
        make_folder(folder / name);
        for (int i = 0; i < each; ++i) {
            const io::Image image =
                plain_picture(20 + 3 * i, 41 - i, cat ? std::array{100, 40 + i, 20} : std::array{60, 90, 200});
            const std::filesystem::path file = folder / name / fmt::format("{:03}", i);
            if (cat && i == 0) write_other_png(file.string() + ".png", image, false);
            else if (cat && i == 1) write_other_png(file.string() + ".png", image, true);
            else write_jpeg(file.string() + (i % 2 == 0 ? ".jpg" : ".JPEG"), image);
        }
    }
    return folder;
}

}  // namespace cairn::test
