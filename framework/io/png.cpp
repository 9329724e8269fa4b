#include "cairn/io/png.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"

#include <png.h>

#include <algorithm>

namespace cairn::io {

namespace {

// libpng's state for one picture; frees what libpng still holds, also when a check throws.
struct PngImage {
    png_image state{};
    PngImage() { state.version = PNG_IMAGE_VERSION; }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
    ~PngImage() { png_image_free(&state); }
};

}  // namespace

bool is_png(std::span<const std::uint8_t> bytes) { return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0; }

Image decode_png(std::span<const std::uint8_t> bytes, const std::string& name) {
    check(is_png(bytes),
          "{} is not a PNG: it does not start with the PNG signature; export it as PNG from an image program", name);

    PngImage png;
    const auto check_png = [&](bool ok) {
        check(ok, "{} cannot be decoded: {}; the file is truncated or damaged, so copy or export it again", name,
              png.state.message);
    };
    check_png(png_image_begin_read_from_memory(&png.state, bytes.data(), bytes.size()) != 0);
    check(std::max(png.state.width, png.state.height) <= max_image_side,
          "{} is {} x {} pixels; at most {} on a side are read: make it smaller first", name, png.state.width,
          png.state.height, max_image_side);
    check(std::int64_t{png.state.width} * png.state.height <= max_image_pixels,
          "{} is {} x {} pixels; at most {} together are read: make it smaller first", name, png.state.width,
          png.state.height, max_image_pixels);

    png.state.format = PNG_FORMAT_RGB;
    png.state.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // 16-bit files without a gamma are sRGB too, not linear light
    Image image{.height = png.state.height, .width = png.state.width, .pixels = {}};
    image.pixels.resize(PNG_IMAGE_SIZE(png.state));
    const png_color white = {255, 255, 255};
    check_png(png_image_finish_read(&png.state, &white, image.pixels.data(), 0, nullptr) != 0);
    return image;
}

Image read_png(const std::filesystem::path& path) { return decode_png(read_file(path), path.string()); }

void write_png(const std::filesystem::path& path, const Image& image) {
    invariant(image.height > 0 && image.width > 0 &&
                  image.pixels.size() == static_cast<std::size_t>(3 * image.height * image.width),
              "an image of {} x {} pixels does not have {} bytes", image.height, image.width, image.pixels.size());
    PngImage png;
    png.state.width = static_cast<png_uint_32>(image.width);
    png.state.height = static_cast<png_uint_32>(image.height);
    png.state.format = PNG_FORMAT_RGB;
    std::vector<std::uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(png.state));
    png_alloc_size_t size = bytes.size();
    const int ok = png_image_write_to_memory(&png.state, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr);
    check(ok != 0, "cannot write {}: {}", path.string(), png.state.message);
    bytes.resize(size);
    write_file(path, bytes);
}

}  // namespace cairn::io
