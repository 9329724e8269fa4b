// Pictures on the disk, of the kinds that cairn reads and does not write.
#pragma once

#include "cairn/core/file.h"
#include "cairn/io/image.h"

#include <cstdio>  // jpeglib.h needs it before itself

#include <jpeglib.h>
#include <png.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

namespace cairn::test {

// A picture of one colour with a brighter stripe, so that neighbours differ.
inline io::Image plain_picture(std::int64_t height, std::int64_t width, std::array<int, 3> colour) {
    io::Image image{height, width, {}};
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            for (const int value : colour)
                image.pixels.push_back(static_cast<std::uint8_t>(value + (y % 4 == 0 ? 40 : 0)));
    return image;
}

// As a JPEG of quality 95; grey: only the red channel, as brightness; progressive: in several scans.
inline void write_jpeg(const std::filesystem::path& path, const io::Image& image, bool grey = false,
                       bool progressive = false) {
    jpeg_compress_struct state{};
    jpeg_error_mgr errors{};
    state.err = jpeg_std_error(&errors);
    jpeg_create_compress(&state);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&state, &bytes, &size);
    state.image_height = static_cast<JDIMENSION>(image.height);
    state.image_width = static_cast<JDIMENSION>(image.width);
    state.input_components = grey ? 1 : 3;
    state.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, 95, TRUE);
    if (progressive) jpeg_simple_progression(&state);
    jpeg_start_compress(&state, TRUE);
    std::vector<std::uint8_t> row;
    for (std::int64_t y = 0; y < image.height; ++y) {
        row.clear();
        for (std::int64_t i = 0; i < 3 * image.width; i += grey ? 3 : 1)
            row.push_back(image.pixels[static_cast<std::size_t>(3 * y * image.width + i)]);
        JSAMPROW rows = row.data();
        jpeg_write_scanlines(&state, &rows, 1);
    }
    jpeg_finish_compress(&state);
    jpeg_destroy_compress(&state);
    write_file(path, std::span<const std::uint8_t>(bytes, size));
    std::free(bytes);
}

// As a PNG with a single channel, the red one; with 16 bits as a quarter of the light.
inline void write_other_png(const std::filesystem::path& path, const io::Image& image, bool sixteen_bits) {
    png_image state{};
    state.version = PNG_IMAGE_VERSION;
    state.height = static_cast<png_uint_32>(image.height);
    state.width = static_cast<png_uint_32>(image.width);
    state.format = sixteen_bits ? PNG_FORMAT_LINEAR_Y : PNG_FORMAT_GRAY;
    std::vector<std::uint8_t> grey;
    std::vector<std::uint16_t> linear;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
        grey.push_back(image.pixels[i]);
        linear.push_back(static_cast<std::uint16_t>(image.pixels[i] * 64));
    }
    const void* pixels = sixteen_bits ? static_cast<const void*>(linear.data()) : grey.data();
    if (png_image_write_to_file(&state, path.c_str(), 0, pixels, 0, nullptr) == 0)
        throw std::runtime_error(state.message);
}

}  // namespace cairn::test
