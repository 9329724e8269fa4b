#include "cairn/io/jpeg.h"

#include "cairn/io/picture.h"
#include "cairn/io/png.h"
#include "io/damage.h"
#include "support/error_message.h"
#include "support/picture_files.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::io {
namespace {

using test::error_message;
using test::TempFolder;

// Quality 95 and subsampled colours: a plain colour comes back within 3 of what it was.
constexpr int lossy = 3;

void expect_near(const Image& is, const Image& was) {
    ASSERT_EQ(is.height, was.height);
    ASSERT_EQ(is.width, was.width);
    int worst = 0;
    for (std::size_t i = 0; i < is.pixels.size(); ++i) worst = std::max(worst, std::abs(is.pixels[i] - was.pixels[i]));
    EXPECT_LE(worst, lossy);
}

// A few bytes can ask for the whole picture to be gone over a thousand times. The tests' JPEG has one scan, which is repeated
// here as a progressive file's scans may be.
TEST(Jpeg, ScansWithoutEndAreRefused) {
    const TempFolder folder;
    test::write_jpeg(folder / "a.jpg", test::plain_picture(16, 16, {90, 90, 90}), true, true);
    const std::vector<std::uint8_t> whole = read_file(folder / "a.jpg");
    EXPECT_NO_THROW(decode_jpeg(whole, "a"));
    const std::uint8_t scan[] = {0xff, 0xda};
    const auto last = std::ranges::find_end(whole, scan).begin();
    std::vector<std::uint8_t> many(whole.begin(), whole.end() - 2);  // without the marker of the end
    for (int i = 0; i < 150; ++i) many.insert(many.end(), last, whole.end() - 2);
    many.insert(many.end(), whole.end() - 2, whole.end());
    EXPECT_NE(error_message([&] { decode_jpeg(many, "many"); }).find("it has more than 100 scans"), std::string::npos)
        << error_message([&] { decode_jpeg(many, "many"); });
}

// Catches channels in the wrong order, rows and columns that are swapped, and grey taken for a third of a picture in colour.
TEST(Jpeg, ColourAndGreyOfOddSizesAreRead) {
    const TempFolder folder;
    const Image colour = test::plain_picture(37, 53, {200, 100, 30}), grey = test::plain_picture(5, 3, {90, 90, 90});
    test::write_jpeg(folder / "colour.jpg", colour);
    test::write_jpeg(folder / "grey.jpeg", grey, true);
    expect_near(read_picture(folder / "colour.jpg"), colour);
    expect_near(read_picture(folder / "grey.jpeg"), grey);
}

// Catches a format that is taken from the name.
TEST(Jpeg, TheContentDecidesNotTheName) {
    const TempFolder folder;
    const Image image = test::plain_picture(4, 6, {1, 2, 3});
    write_png(folder / "really-a-png.jpg", image);
    EXPECT_EQ(read_picture(folder / "really-a-png.jpg"), image);
    write_file(folder / "really-a-gif.png", "GIF89a…");
    EXPECT_EQ(
        error_message([&] { read_picture(folder / "really-a-gif.png"); }),
        (folder / "really-a-gif.png").string() +
            " is neither a PNG nor a JPEG; cairn reads PNG and JPEG: export it as one of them from an image program");
    for (const char* name : {"a.JPG", "a.jpeg", "a.Png", "a.webp"}) EXPECT_TRUE(is_picture_name(name)) << name;
    for (const char* name : {"a.txt", "jpg", "a.jpg.part12"}) EXPECT_FALSE(is_picture_name(name)) << name;
}

// Catches a picture whose lower half libjpeg made up, sizes that fill the memory before a pixel is read, and colours of a print
// that come out inverted.
TEST(Jpeg, BadFilesAreRefusedWithTheRemedy) {
    const TempFolder folder;
    test::write_jpeg(folder / "a.jpg", test::plain_picture(64, 64, {200, 100, 30}));
    const std::vector<std::uint8_t> good = read_file(folder / "a.jpg");
    const auto refusal = [](const std::vector<std::uint8_t>& bytes) {
        return error_message([&] { decode_jpeg(bytes, "a.jpg"); });
    };
    EXPECT_EQ(refusal({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.size() - 200)}),
              "a.jpg cannot be decoded: Premature end of JPEG file; the file is truncated or damaged, so copy or "
              "export it again");
    EXPECT_EQ(refusal({0x89, 'P', 'N', 'G'}),
              "a.jpg is not a JPEG: it does not start as one; export it as JPEG from an image program");
    // The frame's header: FF C0, length (2), precision (1), height (2), width (2).
    const std::uint8_t marker[] = {0xff, 0xc0};
    const auto frame = std::ranges::search(good, marker).begin() - good.begin();
    std::vector<std::uint8_t> huge = good;
    for (std::ptrdiff_t i = 5; i < 9; ++i) huge[static_cast<std::size_t>(frame + i)] = i % 2 == 1 ? 0x7f : 0;
    EXPECT_EQ(refusal(huge),
              "a.jpg is 32512 x 32512 pixels; at most 16384 on a side and 100000000 together are read: make it smaller "
              "first");
}

TEST(Jpeg, AnyDamageIsAnErrorOrIsRead) {
    const TempFolder folder;
    test::write_jpeg(folder / "a.jpg", test::plain_picture(8, 8, {9, 99, 199}));
    const auto size = static_cast<int>(std::filesystem::file_size(folder / "a.jpg"));
    // Every beginning is refused; a JPEG has no checksums, so that of the changed bytes many are another picture.
    EXPECT_GE(test::read_damaged(folder / "a.jpg", [](const auto& path) { read_picture(path); }), size);
}

}  // namespace
}  // namespace cairn::io
