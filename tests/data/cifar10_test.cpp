#include "cairn/data/cifar10.h"

#include "cairn/core/file.h"
#include "cairn/data/bundle.h"
#include "cairn/data/canonical.h"
#include "cairn/data/load.h"
#include "cairn/data/shapes10.h"
#include "data/tiny_split.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

// Expects that loading the folder fails with a message that holds all the parts.
void expect_refused(const fs::path& folder, const std::vector<std::string>& parts) {
    const std::string message = error_message([&] { load_cifar10(folder); });
    for (const std::string& part : parts) EXPECT_TRUE(message.find(part) != message.npos) << part << " in " << message;
}

void write_names(const fs::path& folder, const std::string& first) {
    write_file(folder / "batches.meta.txt", first + "\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
}

void write_records(const fs::path& file, std::size_t records) {
    write_file(file, std::vector<std::uint8_t>(records * 3073));
}

// Catches planes that are read in the wrong order: byte 1 + 1024 c + 32 y + x of the record is pixel (y, x), channel c.
TEST(Cifar10, PlanesBecomePixels) {
    const TempFolder folder;
    std::vector<std::uint8_t> record(3073);
    record[0] = 7;
    record[1 + 32 * 5 + 9] = 100;              // red at row 5, column 9
    record[1 + 1024 + 32 * 5 + 9] = 150;       // green
    record[1 + 2 * 1024 + 32 * 31 + 0] = 200;  // blue at the last row's start
    for (const char* name : {"data_batch_1.bin", "test_batch.bin"}) write_file(folder / name, record);

    const Split split = load_cifar10(folder.path());
    ASSERT_EQ(split.train.size(), 1);
    EXPECT_EQ(split.train.labels[0], 7);
    const auto at = [&](std::size_t y, std::size_t x, std::size_t c) {
        return split.train.images[(y * 32 + x) * 3 + c];
    };
    EXPECT_EQ(at(5, 9, 0), 100);
    EXPECT_EQ(at(5, 9, 1), 150);
    EXPECT_EQ(at(31, 0, 2), 200);
    EXPECT_EQ(std::ranges::count(split.train.images, 0), 3072 - 3);
}

// Catches a writer and a reader that do not agree, and batches of unequal size whose records get lost (23 = 4+5+4+5+5).
TEST(Cifar10, WhatIsWrittenIsLoaded) {
    const TempFolder folder;
    const Split split = tiny_split(23, 7);
    write_cifar10_layout(split, folder / "new" / "folder");
    const Split loaded = load_cifar10(folder / "new" / "folder");
    EXPECT_EQ(loaded.train.images, split.train.images);
    EXPECT_EQ(loaded.train.labels, split.train.labels);
    EXPECT_EQ(loaded.test.images, split.test.images);
    EXPECT_EQ(loaded.test.labels, split.test.labels);
    EXPECT_EQ(loaded.train.classes, split.train.classes);
    EXPECT_EQ(loaded.train.name, "images10");
}

// Catches a seed that means one run for shapes10 in memory and another for shapes10 on disk.
TEST(Cifar10, Shapes10OnDiskIsShapes10InMemory) {
    const TempFolder folder;
    const Split split = make_shapes10(0, 50, 20);
    write_cifar10_layout(split, folder / "cifar-10-batches-bin");
    const Split loaded = load_cifar10(folder.path());  // the parent will do
    EXPECT_EQ(loaded.train.name, "shapes10");
    EXPECT_EQ(loaded.train.classes, split.train.classes);
    EXPECT_EQ(content_hash(loaded.train), content_hash(split.train));
    EXPECT_EQ(content_hash(loaded.test), content_hash(split.test));
}

// Catches a run that depends on which file holds which images.
TEST(Cifar10, OrderOfTheFilesDoesNotMatter) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    const Dataset before = load_cifar10(folder.path()).train;
    fs::rename(folder / "data_batch_1.bin", folder / "swap");
    fs::rename(folder / "data_batch_4.bin", folder / "data_batch_1.bin");
    fs::rename(folder / "swap", folder / "data_batch_4.bin");
    const Dataset after = load_cifar10(folder.path()).train;
    EXPECT_EQ(content_hash(after), content_hash(before));

    // Batches of 4, 5, 4, 5 and 5 records: what stood at 0 to 3 stands at 14 to 17 now, behind the three others.
    for (std::int32_t i = 0; i < 23; ++i) EXPECT_EQ(before.index_in_files(i), i) << "written in canonical order";
    EXPECT_EQ(after.index_in_files(0), 14);
    EXPECT_EQ(after.index_in_files(13), 0);
    EXPECT_EQ(after.index_in_files(18), 18);
    EXPECT_EQ(after.first(14).index_in_files(13), 0) << "first() forgets the index";
}

// Catches a loader that insists on five batches for data sets that are not CIFAR-10.
TEST(Cifar10, OtherDataSetsMayHaveFewerBatches) {
    const TempFolder folder;
    write_records(folder / "data_batch_1.bin", 3);
    write_records(folder / "data_batch_2.bin", 4);
    write_records(folder / "test_batch.bin", 2);
    const Split split = load_cifar10(folder.path());
    EXPECT_EQ(split.train.size(), 7);
    EXPECT_EQ(split.test.size(), 2);
    EXPECT_EQ(split.train.name, "images10");
}

// Each bad folder is refused with the file, the position, what was expected and the remedy.
TEST(Cifar10, BadFoldersAreRefused) {
    const TempFolder folder;
    const std::string path = folder.path().string();
    expect_refused(folder / "nowhere", {"there is no folder " + path + "/nowhere", "cairn data fetch cifar10"});
    expect_refused(folder.path(),
                   {"the folder " + path + " is empty", "data_batch_1.bin", "cairn data fetch cifar10 " + path});
    write_file(folder / "file", "x");
    expect_refused(folder / "file", {path + "/file is a file"});
    expect_refused(folder.path(), {"test_batch.bin is missing"});
    write_records(folder / "test_batch.bin", 1);
    expect_refused(folder.path(), {"data_batch_1.bin is missing"});
}

TEST(Cifar10, BadFilesAreRefused) {
    const struct {
        const char* what;
        const char* file;
        std::size_t bytes;
        std::vector<std::string> parts;
    } cases[] = {
        {"one byte short",
         "data_batch_3.bin",
         4 * 3073 - 1,
         {"data_batch_3.bin holds 12291 bytes", "3073", "record 3 (from byte 9219) is truncated after 3072 bytes"}},
        {"one byte too many",
         "test_batch.bin",
         7 * 3073 + 1,
         {"test_batch.bin holds 21512 bytes", "truncated after 1 bytes"}},
        {"empty", "data_batch_2.bin", 0, {"data_batch_2.bin is empty"}},
    };
    for (const auto& [what, file, bytes, parts] : cases) {
        SCOPED_TRACE(what);
        const TempFolder folder;
        write_cifar10_layout(tiny_split(), folder.path());
        write_file(folder / file, std::vector<std::uint8_t>(bytes));
        expect_refused(folder.path(), parts);
    }
}

// Catches a gap that is taken for the end of the data set.
TEST(Cifar10, MissingBatchIsRefused) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    fs::remove(folder / "data_batch_3.bin");
    expect_refused(folder.path(), {"data_batch_3.bin is missing"});
}

TEST(Cifar10, BadLabelIsNamedWithItsPlace) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    std::vector<std::uint8_t> bytes = read_file(folder / "data_batch_5.bin");
    bytes[2 * 3073] = 10;
    write_file(folder / "data_batch_5.bin", bytes);
    expect_refused(folder.path(), {"data_batch_5.bin: record 2 (byte 6146) has the label 10", "labels are 0 to 9"});
}

TEST(Cifar10, ClassListMustHaveTenNames) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    write_file(folder / "batches.meta.txt", "cat\r\ndog\r\n");
    expect_refused(folder.path(), {"batches.meta.txt names 2 classes", "10"});
}

// Catches a part of CIFAR-10 that passes for CIFAR-10: accuracies on it could not be compared.
TEST(Cifar10, Cifar10MustBeComplete) {
    const TempFolder folder;
    write_cifar10_layout(tiny_split(), folder.path());
    write_names(folder.path(), "airplane");
    expect_refused(folder.path(), {"holds 7 records; CIFAR-10 has 10000 in each file", "cairn data fetch cifar10"});
    write_names(folder.path(), "aeroplane");  // another class list is another data set
    EXPECT_EQ(load_cifar10(folder.path()).train.name, "images10");

    // Without the class list, a test batch of CIFAR-10's size tells.
    fs::remove(folder / "batches.meta.txt");
    write_records(folder / "test_batch.bin", 10'000);
    expect_refused(folder.path(), {"data_batch_1.bin holds 4 records"});
    for (int batch = 1; batch <= 4; ++batch) write_records(folder / fmt::format("data_batch_{}.bin", batch), 10'000);
    fs::remove(folder / "data_batch_5.bin");
    expect_refused(folder.path(), {"data_batch_5.bin is missing"});
}

// Catches six files of zeros that are called CIFAR-10, and classes that were never named.
TEST(Cifar10, Cifar10IsKnownByItsContent) {
    const TempFolder folder;
    for (int batch = 1; batch <= 5; ++batch) write_records(folder / fmt::format("data_batch_{}.bin", batch), 10'000);
    write_records(folder / "test_batch.bin", 10'000);
    const Split unnamed = load_cifar10(folder.path());
    EXPECT_FALSE(is_published_cifar10(unnamed));
    EXPECT_EQ(unnamed.train.name, "images10");
    EXPECT_EQ(unnamed.test.name, "images10");
    EXPECT_EQ(unnamed.train.classes[9], "9");

    write_names(folder.path(), "airplane");
    const Loaded named = load(folder.path());
    EXPECT_EQ(named.split.train.name, "images10");
    EXPECT_EQ(named.split.train.classes[9], "truck");
    ASSERT_EQ(named.notes.size(), 1u);
    EXPECT_NE(named.notes[0].find("its images are not those that were published"), std::string::npos) << named.notes[0];

    Split claimed = tiny_split();
    claimed.train.name = claimed.test.name = "cifar-10";
    make_folder(folder / "claimed");
    write_bundle(claimed, folder / "claimed" / bundle_name);
    EXPECT_EQ(read_bundle(folder / "claimed" / bundle_name).train.name, "claimed");
}

// Catches a layout that cannot hold what it is given.
TEST(Cifar10, OnlyWhatFitsTheLayoutIsWritten) {
    const TempFolder folder;
    Split split = tiny_split(4, 1);
    EXPECT_EQ(error_message([&] { write_cifar10_layout(split, folder.path()); }),
              "CIFAR-10's layout needs 5 training images and 1 test image at least, not 4 and 1");
    split = tiny_split();
    split.test.image_shape = {32, 96, 1};
    EXPECT_EQ(error_message([&] { write_cifar10_layout(split, folder.path()); }),
              "CIFAR-10's layout holds (32, 32, 3) images of 10 classes, not (32, 96, 1) images of 10");
}

// The real thing: the counts, the balance and the speed that the documentation promises.
TEST(Cifar10, RealDataSet) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    const auto start = std::chrono::steady_clock::now();
    const Split split = load_cifar10(folder);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    RecordProperty("seconds", std::to_string(seconds.count()));
    EXPECT_EQ(split.train.name, "cifar-10") << "other hashes than CIFAR-10's";
    EXPECT_EQ(split.train.classes[9], "truck");
    EXPECT_EQ(split.train.size(), 50'000);
    EXPECT_EQ(split.test.size(), 10'000);
    for (int label = 0; label < 10; ++label) {
        EXPECT_EQ(std::ranges::count(split.train.labels, label), 5000);
        EXPECT_EQ(std::ranges::count(split.test.labels, label), 1000);
        // The first 1,000 hold about 100 of each class: a standard deviation of 9.4, so 60 to 140 is more than 4 either
        // way.
        const auto early = std::ranges::count(split.train.first(1000).labels, label);
        EXPECT_TRUE(early > 60 && early < 140) << label << ": " << early;
    }
}

}  // namespace
}  // namespace cairn::data
