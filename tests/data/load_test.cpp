// Every layout that is read, in its exact bytes, and what people have instead.
#include "cairn/data/load.h"

#include "cairn/data/bundle.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/cifar_records.h"
#include "cairn/data/names.h"
#include "data/environment.h"
#include "data/format_files.h"
#include "data/tiny_split.h"
#include "io/damage.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

void expect_refused(const fs::path& folder, const std::vector<std::string>& parts, const LoadOptions& options = {}) {
    const std::string message = error_message([&] { load(folder, options); });
    for (const std::string& part : parts) EXPECT_TRUE(message.find(part) != message.npos) << part << " in " << message;
}

// The place of the image that stood at `index` in its file.
std::int64_t place_of(const Dataset& set, std::int32_t index) {
    return std::ranges::find(set.index, index) - set.index.begin();
}

// Catches the coarse label taken for the fine one, planes that are not pixels, and one part's records in the other.
TEST(Load, Cifar100ByItsFineAndItsCoarseLabels) {
    const TempFolder folder;
    test::write_cifar100(folder / "cifar-100-binary", 150, 30);
    const Split fine = load(folder.path()).split, coarse = load(folder.path(), {.labels = "coarse"}).split;
    EXPECT_EQ(fine.train.name, "images100");
    EXPECT_EQ(coarse.test.name, "images20");
    EXPECT_EQ(fine.train.size(), 150);
    EXPECT_EQ(fine.test.size(), 30);
    EXPECT_EQ(fine.train.classes[99], "fine_99");
    EXPECT_EQ(coarse.train.classes, coarse.test.classes);
    ASSERT_EQ(coarse.train.classes.size(), 20u);
    EXPECT_EQ(fine.train.image_shape, (Shape{32, 32, 3}));
    const std::int64_t at = place_of(fine.train, 11);
    EXPECT_EQ(fine.train.labels[static_cast<std::size_t>(at)], 77);
    EXPECT_EQ(coarse.train.labels[static_cast<std::size_t>(place_of(coarse.train, 11))], 13);
    const auto pixels = fine.train.image(at);
    EXPECT_EQ((std::vector<int>{pixels[0], pixels[1], pixels[2], pixels[3], pixels[4], pixels[5]}),
              (std::vector<int>{255, 12, 13, 11, 12, 13}));
    EXPECT_EQ(load(folder / "cifar-100-binary").split.train.images, fine.train.images);
}

TEST(Load, Cifar100sBadFilesAreRefused) {
    const TempFolder folder;
    test::write_cifar100(folder.path(), 5, 3);
    std::string records = test::cifar100_records(5);
    write_file(folder / "train.bin", records.substr(0, records.size() - 1));
    expect_refused(folder.path(),
                   {"train.bin holds 15369 bytes; records are 3074 bytes each, so record 4 (from byte 12296) is "
                    "truncated after 3073",
                    "./cairn data fetch cifar100"});
    records[2 * 3074 + 1] = 100;
    write_file(folder / "train.bin", records);
    expect_refused(folder.path(), {"train.bin: record 2 (byte 6149) has the label 100; labels are 0 to 99"});
    EXPECT_EQ(load(folder.path(), {.labels = "coarse"}).split.train.size(), 5);
    records[4 * 3074] = 20;
    write_file(folder / "train.bin", records);
    expect_refused(folder.path(), {"record 4 (byte 12296) has the label 20; labels are 0 to 19"}, {.labels = "coarse"});
    write_file(folder / "coarse_label_names.txt", "one\ntwo\n");
    expect_refused(folder.path(), {"coarse_label_names.txt names 2 classes; it should name 20"}, {.labels = "coarse"});
    fs::remove(folder / "test.bin");
    write_file(folder / "train.bin", test::cifar100_records(5));
    expect_refused(folder.path(), {"test.bin is missing"});
}

// Catches numbers read with the lowest byte first, a header that is read as pixels, and .gz that is not unpacked.
TEST(Load, MnistsFilesPackedAndNot) {
    const TempFolder folder;
    test::write_mnist(folder / "digits", 300, 40);
    test::write_mnist(folder / "MNIST" / "raw", 300, 40, true);
    const Split plain = load(folder / "digits").split;
    EXPECT_EQ(plain.train.name, "digits");
    EXPECT_EQ(plain.train.size(), 300);
    EXPECT_EQ(plain.test.size(), 40);
    EXPECT_EQ(plain.train.image_shape, (Shape{28, 28, 1}));
    EXPECT_EQ(plain.train.classes, numbered_classes(10));
    const std::int64_t at = place_of(plain.train, 123);
    EXPECT_EQ(plain.train.labels[static_cast<std::size_t>(at)], 3);
    EXPECT_EQ(plain.train.image(at)[0], 255);
    EXPECT_EQ(plain.train.image(at)[783], 123);
    const Split packed = load(folder.path()).split;  // as torchvision keeps them
    EXPECT_EQ(content_hash(packed.train), content_hash(plain.train));
    EXPECT_EQ(content_hash(packed.test), content_hash(plain.test));
}

// Catches MNIST under Fashion-MNIST's names, and another set of the same size that passes for either.
TEST(Load, MnistAndFashionMnistAreToldApart) {
    const TempFolder folder;
    const auto identify = [&](const std::vector<int>& first) {
        const auto files = [&](const std::string& part, std::uint32_t n, const std::string& labels) {
            write_file(folder / (part + "-images-idx3-ubyte"), test::idx_images(n, 1, 2));
            write_file(folder / (part + "-labels-idx1-ubyte"), labels);
        };
        std::string labels = test::idx_labels(60'000);
        for (std::size_t i = 0; i < first.size(); ++i) labels[8 + i] = static_cast<char>(first[i]);
        files("train", 60'000, labels);
        files("t10k", 10'000, test::idx_labels(10'000));
        return load(folder.path()).split.train;
    };
    EXPECT_EQ(identify({5, 0, 4, 1, 9, 2, 1, 3, 1, 4}).name, "mnist");
    const Dataset fashion = identify({9, 0, 0, 3, 0, 2, 7, 2, 5, 5});
    EXPECT_EQ(fashion.name, "fashion-mnist");
    EXPECT_EQ(fashion.classes[9], "Ankle boot");
    EXPECT_EQ(identify({8, 7, 0, 1}).name, name_of_folder(folder.path()));
}

TEST(Load, MnistsBadFilesAreRefused) {
    const TempFolder folder;
    const std::string images = test::idx_images(6);
    const auto header = [](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        return test::big_endian(a) + test::big_endian(b) + test::big_endian(c) + test::big_endian(d);
    };
    const struct {
        const char* file;
        std::string bytes;
        std::vector<std::string> parts;
    } cases[] = {
        {"train-images-idx3-ubyte", images.substr(0, 7), {"holds 7 bytes, too few for its header of 16"}},
        {"train-images-idx3-ubyte",
         images.substr(0, images.size() - 1),
         {"announces (6, 28, 28) elements, so it should hold 4720 bytes, but it holds 4719"}},
        {"train-images-idx3-ubyte", images + "x", {"so it should hold 4720 bytes, but it holds more"}},
        {"train-images-idx3-ubyte",
         test::idx_labels(60),
         {"magic number 0x00000801; expected 0x00000803, images of bytes"}},
        {"train-images-idx3-ubyte", header(0x803, 0xffffffff, 28, 28), {"cannot hold them"}},
        {"train-images-idx3-ubyte",
         header(0x803, 1, 0xffffffff, 28),
         {"4294967295 pixels on a side; 1 to 16384 are read"}},
        {"train-images-idx3-ubyte", header(0x803, 1, 0, 28), {"0 pixels on a side"}},
        {"train-images-idx3-ubyte", header(0x803, 0, 28, 28), {"cannot hold them"}},
        {"train-labels-idx1-ubyte", test::idx_labels(5), {"holds 6 images, but", "holds 5 labels"}},
        {"t10k-images-idx3-ubyte", test::idx_images(6, 28, 27), {"(28, 28, 1) and the test images (28, 27, 1)"}},
    };
    for (const auto& [file, bytes, parts] : cases) {
        test::write_mnist(folder.path(), 6, 6);
        write_file(folder / file, bytes);
        expect_refused(folder.path(), parts);
    }
    test::write_mnist(folder.path(), 6, 6);
    write_file(folder / "train-labels-idx1-ubyte", test::idx_labels(6, 1));
    write_file(folder / "t10k-labels-idx1-ubyte", test::idx_labels(6, 1));
    expect_refused(folder.path(), {"all labels in", "are 0"});
    fs::remove(folder / "t10k-labels-idx1-ubyte");
    expect_refused(folder.path(),
                   {"t10k-labels-idx1-ubyte is missing, with and without .gz", "./cairn data fetch mnist"});
}

// A small .gz that announces, or unpacks to, gigabytes is refused before memory is asked for.
TEST(Load, PackedFilesCannotFillTheMemory) {
    const TempFolder folder;
    test::write_mnist(folder.path(), 6, 6, true);
    const std::string huge =
        test::big_endian(0x803) + test::big_endian(0xffffffff) + test::big_endian(16384) + test::big_endian(16384);
    write_file(folder / "train-images-idx3-ubyte.gz", test::gzipped(huge));
    expect_refused(folder.path(), {"announces (4294967295, 16384, 16384) elements, but", "cannot hold them"});
    write_file(folder / "train-images-idx3-ubyte.gz",
               test::gzipped(test::idx_images(6) + std::string(50'000'000, 'x')));
    expect_refused(folder.path(), {"so it should hold 4720 bytes when it is unpacked, but it holds more"});
    const std::string packed = test::gzipped(test::idx_images(6));
    write_file(folder / "train-images-idx3-ubyte.gz", packed.substr(0, packed.size() - 3));
    expect_refused(folder.path(), {"train-images-idx3-ubyte.gz cannot be unpacked: it is truncated"});
}

TEST(Load, DamagedMnistFilesAreRefusedOrRead) {
    const TempFolder folder;
    write_file(folder / "train-images-idx3-ubyte", test::idx_images(2, 2, 2));
    write_file(folder / "train-labels-idx1-ubyte", test::idx_labels(2));
    write_file(folder / "t10k-images-idx3-ubyte", test::idx_images(2, 2, 2));
    write_file(folder / "t10k-labels-idx1-ubyte", test::idx_labels(2));
    const auto read = [&](const auto&) { load(folder.path()); };
    EXPECT_GT(test::read_damaged(folder / "train-images-idx3-ubyte", read), 24 + 2 * 16 - 1);
    write_file(folder / "train-images-idx3-ubyte", test::idx_images(2, 2, 2));
    EXPECT_GT(test::read_damaged(folder / "train-labels-idx1-ubyte", read), 10 + 2 * 8 - 1);
}

// Catches a layout that loses images, labels, names, or where they stood.
TEST(Load, TheOwnLayoutComesBackAsItWasWritten) {
    const TempFolder folder;
    Split split;
    for (Dataset* part : {&split.train, &split.test}) {
        *part = {.name = "squares", .classes = {"a", "b b", "ü"}, .image_shape = {3, 2, 1}, .images = {}, .labels = {}};
        for (std::int32_t i = 0; i < (part == &split.train ? 7 : 4); ++i) {
            for (int p = 0; p < 6; ++p) part->images.push_back(static_cast<std::uint8_t>(50 * i + p));
            part->labels.push_back(i % 3);
            part->index.push_back(100 + i);
        }
    }
    write_bundle(split, folder / bundle_name);
    const Split loaded = load(folder.path()).split;
    EXPECT_EQ(loaded.train.description(), split.train.description());
    ASSERT_EQ(loaded.train.size(), 7);
    ASSERT_EQ(loaded.test.size(), 4);
    const std::int64_t at = place_of(loaded.train, 105);
    EXPECT_EQ(loaded.train.labels[static_cast<std::size_t>(at)], 2);
    EXPECT_EQ(loaded.train.image(at)[5], 255);
    write_bundle(loaded, folder / bundle_name);
    EXPECT_EQ(content_hash(load(folder.path()).split.train), content_hash(loaded.train)) << "not canonical";
}

TEST(Load, TheOwnLayoutsBadFilesAreRefused) {
    const TempFolder folder;
    Split good = {tiny_dataset(3, 1), tiny_dataset(2, 2)};
    const auto refused = [&](const auto& spoil, const std::string& part) {
        Split split = good;
        spoil(split);
        write_bundle(split, folder / bundle_name);
        expect_refused(folder.path(), {"dataset.safetensors", part});
    };
    refused([](Split& s) { s.test.labels[1] = 10; }, "test image 1 has the label 10; there are 10 classes, 0 to 9");
    refused([](Split& s) { s.train.labels[0] = -1; }, "train image 0 has the label -1");
    refused([](Split& s) { s.train.classes = {"one"}; }, "has 1 class; 2 to 2048 can be told apart");
    refused([](Split& s) { s.train.classes = {"a", "a"}; }, "two classes 'a'");
    refused([](Split& s) { s.test.image_shape = {96, 32, 1}; }, "(32, 32, 3) and the test images (96, 32, 1)");
    refused([](Split& s) { s.train.image_shape = {32, 48, 2}; }, "the train images are (32, 48, 2)");
    write_file(folder / bundle_name, "not a data set");
    expect_refused(folder.path(), {"dataset.safetensors"});
}

// Catches people left alone with what they have: each gets the way out.
TEST(Load, WhatCannotBeReadGetsTheWayOut) {
    const TempFolder folder;
    const struct {
        const char* file;
        std::vector<std::string> parts;
    } cases[] = {
        {"cifar-10-batches-py/data_batch_1",
         {"data_batch_1 is a pickle of Python's", "./cairn data fetch cifar10 DIR"}},
        {"data_batch_1", {"is a pickle of Python's", "./cairn data fetch cifar10 DIR"}},
        {"cifar-100-python/train", {"is a pickle of Python's", "./cairn data fetch cifar100 DIR"}},
        {"x_train.npy", {"x_train.npy is an array of NumPy's", "safetensors.numpy.save_file"}},
        {"cifar-10-binary.tar.gz", {"is an archive; unpack it: tar -xf", "cifar-10-binary.tar.gz -C DIR"}},
        {"pets.zip", {"unzip", "pets.zip -d DIR"}},
        {"cat1.jpg", {"its pictures are in no folders", "DIR/cat/*.jpg"}},
        {"notes.txt", {"holds no data set that cairn can read", "get a data set: ./cairn data fetch cifar10"}},
    };
    int n = 0;
    for (const auto& [file, parts] : cases) {
        const fs::path made = folder / std::to_string(n++);
        make_folder((made / file).parent_path());
        write_file(made / file, "x");
        expect_refused(made, parts);
    }
    expect_refused(folder / "4/cifar-10-binary.tar.gz", {"is an archive; unpack it and give the folder: tar -xf"});
    expect_refused(folder / "7/notes.txt", {"is a file; give the folder"});
    expect_refused(folder / "nowhere", {"there is no folder", "./cairn data fetch cifar10"});
}

// Catches an option that changes nothing without a word.
TEST(Load, OptionsOfAnotherLayoutAreRefused) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    expect_refused(folder.path(), {"is not in CIFAR-100's layout", "leave out --labels"}, {.labels = "coarse"});
    expect_refused(folder.path(), {"is no folder of pictures", "leave out --image-size"}, {.image_size = {8, 8}});
    expect_refused(folder.path(), {"is no folder of pictures"}, {.crop = true});
    EXPECT_EQ(load(folder.path(), {.usual_size = {8, 8}}).split.train.size(), 23);
}

// Catches a folder's name that makes CIFAR-10, with its published numbers, of other pictures.
TEST(Names, OfFoldersAreSafeAndTakeNobodysPlace) {
    const std::pair<const char*, const char*> cases[] = {{"/data/pets", "pets"},
                                                         {"/data/my pets/", "my-pets"},
                                                         {"cifar-10", "my-cifar-10"},
                                                         {"/", "images"},
                                                         {"/x/.hid", "hid"}};
    for (const auto& [folder, name] : cases) EXPECT_EQ(name_of_folder(folder), name);
    EXPECT_THROW(check_classes({"a", "b,c"}, "x"), Error);
    EXPECT_THROW(check_classes({"a", ""}, "x"), Error);
    EXPECT_THROW(check_classes({"a"}, "x"), Error);
    EXPECT_THROW(check_classes(std::vector<std::string>(5000, "a"), "x"), Error);
}

// Real CIFAR-10, bit for bit in the order that it has always had: a seed means the run that it meant.
TEST(Load, RealCifar10IsWhatItWas) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr) GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to its folder";
    const Split split = load(folder).split;
    EXPECT_EQ(split.train.description(), cifar10());
    EXPECT_EQ(content_hash(split.train), 0x92520302488640d4u);
    EXPECT_EQ(content_hash(split.test), 0x26f0d42fdba69465u);
}

}  // namespace
}  // namespace cairn::data
