#include "cairn/io/png.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "io/damage.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>
#include <png.h>
#include <zlib.h>

namespace cairn::io {
namespace {

using test::error_message;
using test::TempFolder;

std::string big_endian(std::uint32_t value) {
    std::string text;
    for (const int shift : {24, 16, 8, 0}) text += static_cast<char>(value >> shift);
    return text;
}

const Bytef* bytes_of(const std::string& text) { return reinterpret_cast<const Bytef*>(text.data()); }

std::string chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    const uLong crc = crc32(0, bytes_of(body), static_cast<uInt>(body.size()));
    return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(static_cast<std::uint32_t>(crc));
}

enum ColourType : char { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6 };

// A PNG made by hand from the format's description, so that the reader is not judged by libpng's own writer. `rows` are
// the scanlines before compression, each with its filter byte (0: none); `more` are chunks that stand before the
// pixels.
std::string make_png(std::uint32_t width, std::uint32_t height, char depth, ColourType type, const std::string& rows,
                     const std::string& more = "", char interlaced = 0) {
    std::string packed(compressBound(static_cast<uLong>(rows.size())), '\0');
    uLongf size = static_cast<uLongf>(packed.size());
    compress(reinterpret_cast<Bytef*>(packed.data()), &size, bytes_of(rows), static_cast<uLong>(rows.size()));
    packed.resize(size);
    const std::string header = big_endian(width) + big_endian(height) + std::string{depth, type, 0, 0, interlaced};
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + more + chunk("IDAT", packed) + chunk("IEND", "");
}

// Text with zero bytes in it.
template <std::size_t n>
std::string raw(const char (&text)[n]) {
    return {text, n - 1};
}

// Catches channels in the wrong order, grey values that are not scaled to 0 … 255, 16 bits taken for linear light, and
// transparency on black.
TEST(Png, EveryColourTypeBecomesRgb) {
    const std::string colours = chunk("PLTE", raw("\x01\x02\x03\xff\x80\x40"));
    struct Case {
        const char* name;
        std::string file;
        std::int64_t height, width;
        std::vector<std::uint8_t> pixels;
    };
    const Case cases[] = {
        {"rgb", make_png(2, 1, 8, rgb, raw("\0\x01\x02\x03\xff\x80\x40")), 1, 2, {1, 2, 3, 255, 128, 64}},
        {"grey", make_png(1, 2, 8, grey, raw("\0\x07\0\xc8")), 2, 1, {7, 7, 7, 200, 200, 200}},
        {"one bit", make_png(3, 1, 1, grey, raw("\0\xa0")), 1, 3, {255, 255, 255, 0, 0, 0, 255, 255, 255}},
        {"two bits", make_png(2, 1, 2, grey, raw("\0\x90")), 1, 2, {170, 170, 170, 85, 85, 85}},
        {"palette", make_png(2, 1, 8, palette, raw("\0\x01\0"), colours), 1, 2, {255, 128, 64, 1, 2, 3}},
        {"16 bits", make_png(1, 1, 16, rgb, raw("\0\x01\x01\x80\x80\xff\xff")), 1, 1, {1, 128, 255}},
        {"transparent, opaque",
         make_png(2, 1, 8, rgb_alpha, raw("\0\x01\x02\x03\0\x04\x05\x06\xff")),
         1,
         2,
         {255, 255, 255, 4, 5, 6}},
        {"grey, transparent", make_png(2, 1, 8, grey_alpha, raw("\0\x01\0\x09\xff")), 1, 2, {255, 255, 255, 9, 9, 9}},
        // Passes 1, 6 and 7 of Adam7: the first pixel, the rest of the first row, the second row.
        {"interlaced",
         make_png(2, 2, 8, grey, raw("\0\x01\0\x02\0\x03\x04"), "", 1),
         2,
         2,
         {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}},
    };
    const TempFolder folder;
    for (const Case& c : cases) {
        write_file(folder / "image.png", c.file);
        const Image image = read_png(folder / "image.png");
        EXPECT_EQ(image.height, c.height) << c.name;
        EXPECT_EQ(image.width, c.width) << c.name;
        EXPECT_EQ(image.pixels, c.pixels) << c.name;
    }
}

// Catches rows and columns that are swapped, and a write that changes values.
TEST(Png, WhatIsWrittenIsRead) {
    const TempFolder folder;
    Image image{.height = 37, .width = 53, .pixels = {}};
    for (int i = 0; i < 37 * 53 * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * i / 7));
    write_png(folder / "image.png", image);
    EXPECT_EQ(read_png(folder / "image.png"), image);
    image.pixels.pop_back();
    EXPECT_THROW(write_png(folder / "image.png", image), BugError);
}

// Appends to a text: what libpng calls to write.
void append(png_structp state, png_bytep bytes, std::size_t count) {
    static_cast<std::string*>(png_get_io_ptr(state))->append(reinterpret_cast<const char*>(bytes), count);
}

// A picture of 13 x 11 pixels of all kinds of values, by libpng, which writes interlaced pictures rightly.
std::string noise_png(int depth, int type, bool interlaced, bool more) {
    png_structp state = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(state);
    std::string file;
    png_set_write_fn(state, &file, append, nullptr);
    constexpr std::uint32_t width = 13, height = 11;
    png_set_IHDR(state, info, width, height, depth, type, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
    if (type == palette) {
        std::vector<png_color> colours;
        for (int i = 0; i < 1 << depth; ++i)
            colours.push_back({static_cast<png_byte>(7 * i), static_cast<png_byte>(i), static_cast<png_byte>(255 - i)});
        png_set_PLTE(state, info, colours.data(), static_cast<int>(colours.size()));
    }
    if (more) png_set_gAMA_fixed(state, info, 100'000);
    png_color_16 hidden{0, 1, 2, 3, 4};
    if (more && (type == rgb || type == grey)) png_set_tRNS(state, info, nullptr, 0, &hidden);
    std::vector<std::string> rows(height, std::string(8 * width, '\0'));
    std::vector<png_bytep> pointers;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t i = 0; i < rows[y].size(); ++i)
            rows[y][i] = static_cast<char>((y * 8 * width + i) * 2654435761u >> 13);
        pointers.push_back(reinterpret_cast<png_bytep>(rows[y].data()));
    }
    png_set_rows(state, info, pointers.data());
    png_write_png(state, info, PNG_TRANSFORM_IDENTITY, nullptr);
    png_destroy_write_struct(&state, &info);
    return file;
}

// An interlaced picture is the same picture. libpng's simplified interface mixes up the rows of those of 16 bits.
TEST(Png, InterlacingChangesNoPixel) {
    for (const auto& [type, depths] : std::initializer_list<std::pair<int, std::vector<int>>>{{grey, {1, 2, 4, 8, 16}},
                                                                                              {rgb, {8, 16}},
                                                                                              {palette, {1, 2, 4, 8}},
                                                                                              {grey_alpha, {8, 16}},
                                                                                              {rgb_alpha, {8, 16}}})
        for (const int depth : depths)
            for (const bool more : {false, true}) {
                const auto decoded = [&, depth = depth, type = type](bool interlaced) {
                    const std::string file = noise_png(depth, type, interlaced, more);
                    return decode_png({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()}, "noise");
                };
                EXPECT_EQ(decoded(true), decoded(false)) << "type " << type << ", " << depth << " bits, " << more;
            }
}

TEST(Png, DamagedInterlacedPicturesAreErrors) {
    const TempFolder folder;
    const std::string file = noise_png(16, rgb_alpha, true, true);
    write_file(folder / "image.png", file.substr(0, 400));
    EXPECT_NE(error_message([&] { read_png(folder / "image.png"); }).find(" cannot be decoded: "), std::string::npos);
    write_file(folder / "image.png", make_png(3, 3, 16, rgb, std::string(40, '\0'), "", 1));
    test::read_damaged(folder / "image.png", [](const auto& p) { read_png(p); });
}

TEST(Png, BadFilesAreRefusedWithTheRemedy) {
    const TempFolder folder;
    const std::filesystem::path path = folder / "image.png";
    const auto refusal = [&](const std::string& file) {
        write_file(path, file);
        return error_message([&] { read_png(path); }).substr(path.string().size());
    };
    const std::string good = make_png(2, 1, 8, rgb, raw("\0\x01\x02\x03\xff\x80\x40"));
    EXPECT_EQ(refusal("\xff\xd8\xff\xe0 a JPEG"),
              " is not a PNG: it does not start with the PNG signature; export it as PNG from an image program");
    EXPECT_NE(refusal(good.substr(0, 50)).find("the file is truncated or damaged, so copy or export it again"),
              std::string::npos);
    EXPECT_EQ(refusal(good.substr(0, 50)).find(" cannot be decoded: "), 0u);
    EXPECT_EQ(refusal(make_png(16385, 1, 8, grey, raw("\0"))),
              " is 16385 x 1 pixels; at most 16384 on a side are read: make it smaller first");
    EXPECT_EQ(refusal(make_png(1, 0x7fffffff, 8, grey, raw("\0"))).find(" "), 0u);
    // Rows that are missing inside a file that is otherwise whole.
    EXPECT_EQ(refusal(make_png(1, 100, 8, grey, raw("\0\x07"))).find(" cannot be decoded: "), 0u);
}

TEST(Png, AnyDamageIsAnErrorOrIsRead) {
    const TempFolder folder;
    write_file(folder / "image.png",
               make_png(2, 1, 8, palette, raw("\0\x01\0"), chunk("PLTE", raw("\x01\x02\x03\xff\x80\x40"))));
    const int size = static_cast<int>(std::filesystem::file_size(folder / "image.png"));
    // Every chunk has a checksum, so that most damage is seen.
    EXPECT_GT(test::read_damaged(folder / "image.png", [](const auto& p) { read_png(p); }), 2 * size);
}

}  // namespace
}  // namespace cairn::io
