// Folders of pictures: which become which images, which are kept to test on, and what is decoded again.
#include "cairn/data/picture_folder.h"

#include "cairn/core/cache_folder.h"
#include "cairn/data/canonical.h"
#include "cairn/data/load.h"
#include "cairn/io/png.h"
#include "data/environment.h"
#include "data/format_files.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

// A folder of pets, and a cache folder that belongs to the test.
class PictureFolder : public ::testing::Test {
protected:
    // Loads it and notes how many pictures were decoded.
    Loaded load_pets(const LoadOptions& options = {}) {
        decoded = 0;
        return load(pets, options, [&](std::int64_t done, std::int64_t) { decoded = std::max(decoded, done); });
    }
    std::size_t files_in_cache() const {
        const fs::path kept = cache_folder() / "pictures";
        return fs::exists(kept) ? static_cast<std::size_t>(std::distance(fs::directory_iterator(kept), {})) : 0;
    }
    void expect_refused(const std::vector<std::string>& parts, const LoadOptions& options = {}) {
        const std::string message = error_message([&] { load_pets(options); });
        for (const std::string& part : parts)
            EXPECT_TRUE(message.find(part) != message.npos) << part << " in " << message;
    }

    TempFolder temp;
    WithEnvironment cache{"XDG_CACHE_HOME", (temp / "cache").c_str()};
    fs::path pets = temp / "my pets";
    std::int64_t decoded = 0;
};

double mean(const Dataset& set, std::int64_t i, std::size_t channel) {
    double sum = 0;
    const auto pixels = set.image(i);
    for (std::size_t p = channel; p < pixels.size(); p += 3) sum += pixels[p];
    return sum / (static_cast<double>(pixels.size()) / 3);
}

// Catches labels that do not belong to their pictures, and grey, 16-bit or odd-sized ones that are read wrongly.
TEST_F(PictureFolder, PicturesOfAllKindsBecomeImages) {
    test::write_pets(pets, 10);
    write_file(pets / "cat" / "notes.txt", "not a picture");
    make_folder(pets / ".hidden");
    const Split split = load_pets({.image_size = {12, 16}}).split;
    EXPECT_EQ(split.train.name, "my-pets");
    EXPECT_EQ(split.train.classes, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(split.train.image_shape, (Shape{12, 16, 3}));
    EXPECT_EQ(split.train.size(), 16);
    EXPECT_EQ(split.test.size(), 4);
    for (const Dataset* part : {&split.train, &split.test})
        for (std::int64_t i = 0; i < part->size(); ++i) {
            const bool cat = part->labels[static_cast<std::size_t>(i)] == 0;
            EXPECT_EQ(mean(*part, i, 2) > 150, !cat) << "blue dogs";
            EXPECT_NEAR(mean(*part, i, 0), cat ? 110 : 70, 25);  // a stripe of 40 more on every fourth row
        }
    EXPECT_EQ(load_pets().split.train.image_shape, (Shape{32, 32, 3})) << "where nothing is asked for";
}

// Catches grey images with three channels, of which a model for MNIST could not take one.
TEST_F(PictureFolder, GreyPicturesBecomeGreyImages) {
    for (const char* name : {"a", "b"})
        for (int i = 0; i < 5; ++i) {
            make_folder(pets / name);
            test::write_jpeg(pets / name / fmt::format("{}.jpg", i), test::plain_picture(9, 9, {10 * i, 0, 0}), true);
        }
    EXPECT_EQ(load_pets({.image_size = {8, 8}}).split.train.image_shape, (Shape{8, 8, 1}));
    test::write_jpeg(pets / "a" / "one.jpg", test::plain_picture(9, 9, {200, 0, 0}));
    EXPECT_EQ(load_pets({.image_size = {8, 8}}).split.train.image_shape, (Shape{8, 8, 3}));
}

// Catches --crop that changes nothing: of a wide picture the left and the right end are cut off, not squeezed in.
TEST_F(PictureFolder, CropCutsInsteadOfStretching) {
    io::Image wide{8, 24, {}};
    for (int i = 0; i < 8 * 24; ++i) wide.pixels.insert(wide.pixels.end(), 3, i % 24 >= 8 && i % 24 < 16 ? 255 : 0);
    for (const char* name : {"a", "b"})
        for (const char* file : {"1.png", "2.png"}) {
            make_folder(pets / name);
            io::write_png(pets / name / file, wide);
        }
    const Dataset cut = load_pets({.image_size = {8, 8}, .crop = true}).split.train;
    EXPECT_EQ(std::ranges::count(cut.images, 255), static_cast<std::ptrdiff_t>(cut.images.size()));
    const Dataset stretched = load_pets({.image_size = {8, 8}}).split.train;
    EXPECT_LT(std::ranges::count(stretched.images, 255), static_cast<std::ptrdiff_t>(stretched.images.size()) / 2);
}

std::set<std::uint64_t> records(const Dataset& set) {
    std::set<std::uint64_t> hashes;
    for (std::int64_t i = 0; i < set.size(); ++i)
        hashes.insert(record_hash(set.image(i), set.labels[static_cast<std::size_t>(i)]));
    return hashes;
}

// Catches a test set that changes from run to run, a picture in both, and a class that nothing is tested on.
TEST_F(PictureFolder, TheSplitDependsOnItsSeedAlone) {
    test::write_pets(pets, 15);
    const Split first = load_pets().split;
    for (const std::int32_t label : {0, 1}) {
        EXPECT_EQ(std::ranges::count(first.test.labels, label), 3) << "a fifth of each class";
        EXPECT_EQ(std::ranges::count(first.train.labels, label), 12);
    }
    fs::remove_all(temp / "cache");
    EXPECT_EQ(content_hash(load_pets().split.test), content_hash(first.test));
    const Split other = load_pets({.split_seed = 1}).split;
    EXPECT_NE(records(other.test), records(first.test));
    std::set<std::uint64_t> all = records(first.train), others = records(other.train);
    all.merge(records(first.test));
    others.merge(records(other.test));
    EXPECT_EQ(all, others);
    EXPECT_EQ(all.size(), 30u);
}

// Catches train/ and test/ that are taken for classes, or mixed.
TEST_F(PictureFolder, TrainAndTestFoldersAreTheSplit) {
    for (const char* other : {"test", "val"}) {
        fs::remove_all(pets);
        test::write_pets(pets / "train", 6);
        test::write_pets(pets / other, 2);
        const Split split = load_pets().split;
        EXPECT_EQ(split.train.size(), 12);
        EXPECT_EQ(split.test.size(), 4);
        EXPECT_EQ(split.test.classes, (std::vector<std::string>{"cat", "dog"}));
    }
    fs::rename(pets / "val" / "dog", pets / "val" / "cow");
    expect_refused({"has a class 'cow' that the training images do not have; there are cat, dog"});
    fs::remove_all(pets / "val");
    EXPECT_EQ(load_pets().split.test.size(), 2) << "train/ alone is split by the seed";
}

// Catches pictures that are decoded again and again, and, worse, a cache that outlives what it was made from.
TEST_F(PictureFolder, IsDecodedOnceAndAgainWhenSomethingChanged) {
    test::write_pets(pets, 5);
    const Split first = load_pets().split;
    EXPECT_EQ(decoded, 10);
    const Split again = load_pets().split;
    EXPECT_EQ(decoded, 0) << "the cache was not used";
    EXPECT_EQ(content_hash(again.train), content_hash(first.train));
    EXPECT_EQ(again.train.index, first.train.index);
    EXPECT_EQ(again.train.description(), first.train.description());
    EXPECT_EQ(files_in_cache(), 1u);

    load_pets({.image_size = {8, 8}});
    EXPECT_EQ(decoded, 10) << "another size is another cache";
    load_pets({.split_seed = 3});
    EXPECT_EQ(decoded, 10);
    load_pets({.crop = true});
    EXPECT_EQ(decoded, 10);
    EXPECT_EQ(files_in_cache(), 4u);

    const fs::path file = pets / "dog" / "002.jpg";
    fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(5));
    load_pets();
    EXPECT_EQ(decoded, 10) << "a file of another time";
    test::write_jpeg(pets / "dog" / "new.jpg", test::plain_picture(8, 8, {1, 2, 3}));
    load_pets();
    EXPECT_EQ(decoded, 11) << "one file more";
    fs::rename(pets / "dog" / "new.jpg", pets / "cat" / "new.jpg");
    load_pets();
    EXPECT_EQ(decoded, 11) << "a file with another name";
    EXPECT_EQ(files_in_cache(), 4u) << "what is out of date was not replaced";
}

// Catches a damaged cache that is an error, or, worse, is believed; and a cache that must be there.
TEST_F(PictureFolder, ADamagedCacheIsMadeAgainAndNoneIsNeeded) {
    test::write_pets(pets, 3);
    const std::uint64_t hash = content_hash(load_pets().split.train);
    const fs::path kept = fs::directory_iterator(cache_folder() / "pictures")->path();
    const std::vector<std::uint8_t> bytes = read_file(kept);
    write_file(kept, std::span(bytes).first(bytes.size() / 2));
    EXPECT_EQ(content_hash(load_pets().split.train), hash);
    EXPECT_EQ(decoded, 6);
    load_pets();
    EXPECT_EQ(decoded, 0);
    const WithEnvironment no_cache("XDG_CACHE_HOME", nullptr), no_home("HOME", nullptr);
    EXPECT_EQ(content_hash(load_pets().split.train), hash);
    EXPECT_EQ(decoded, 6);
}

// Catches a corrupt picture that becomes a black image, and one that is left out without a word.
TEST_F(PictureFolder, BadPicturesAreNamedAndSkippedOnlyIfAskedFor) {
    test::write_pets(pets, 6);
    const std::vector<std::uint8_t> bytes = read_file(pets / "dog" / "004.jpg");
    write_file(pets / "dog" / "004.jpg", std::span(bytes).first(bytes.size() / 2));
    write_file(pets / "cat" / "x.webp", "RIFF1234WEBP");
    expect_refused({"2 of 13 pictures cannot be read", "dog/004.jpg cannot be decoded", "truncated or damaged",
                    "x.webp is neither a PNG nor a JPEG", "leave them out: --skip-bad"});
    EXPECT_EQ(files_in_cache(), 0u);
    for (const char* when : {"decoded", "from the cache"}) {
        const Loaded loaded = load_pets({.skip_bad = true});
        EXPECT_EQ(loaded.split.train.size() + loaded.split.test.size(), 11) << when;
        ASSERT_EQ(loaded.notes.size(), 2u) << when;
        EXPECT_TRUE(loaded.notes[0].starts_with("left out: ") && loaded.notes[0].find("x.webp") != std::string::npos)
            << when;
    }
    EXPECT_EQ(decoded, 0);
    // The pictures behind the ones that were left out have moved: each must have kept its own label.
    const Split split = load_pets({.skip_bad = true}).split;
    for (std::int64_t i = 0; i < split.train.size(); ++i)
        EXPECT_EQ(mean(split.train, i, 0) < 80, split.train.labels[static_cast<std::size_t>(i)] == 1) << i;
}

TEST_F(PictureFolder, FoldersThatCannotBeADataSetAreRefused) {
    test::write_pets(pets, 2);
    make_folder(pets / "empty");
    expect_refused({"there are no pictures (.png, .jpg, .jpeg) in", "my pets/empty", "remove the folder"});
    fs::remove(pets / "empty");
    fs::remove(pets / "dog" / "000.jpg");
    expect_refused({"the class 'dog' has 1 picture that can be read; it takes 2 at least"});
    fs::remove_all(pets / "dog");
    expect_refused({"has 1 class; 2 to 2048"});
    fs::create_directory(pets / "a,b");
    write_file(pets / "a,b" / "1.png", "x");
    expect_refused({"a class 'a,b'", "without commas"});
    fs::rename(pets / "a,b", pets / "ab");
    expect_refused({"images of 1000000000 x 1000000000 pixels would take", "choose a smaller --image-size"},
                   {.image_size = {1'000'000'000, 1'000'000'000}});
}

}  // namespace
}  // namespace cairn::data
