// Data sets as somebody else may have made them: names that a terminal would obey, data that would not be used, files that are not
// what they seem to be.
#include "cairn/core/host_allocator.h"
#include "cairn/data/bundle.h"
#include "cairn/data/load.h"
#include "cairn/data/names.h"
#include "cairn/io/safetensors.h"
#include "data/environment.h"
#include "data/format_files.h"
#include "data/tiny_split.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;
using testing::HasSubstr;

std::string refusal(const fs::path& folder) {
    return error_message([&] { load(folder); });
}

// Ten lines, the last of which is this one.
std::string names_with(const std::string& last) {
    std::string names;
    for (int i = 0; i < 9; ++i) names += fmt::format("class {}\n", i);
    return names + last + "\n";
}

std::string records(int n) {
    std::string bytes;
    for (int i = 0; i < n; ++i)
        bytes += std::string(1, static_cast<char>(i % 10)) + std::string(3072, static_cast<char>(i));
    return bytes;
}

// In CIFAR-10's layout, with the batches 1 to n.
void write_batches(const fs::path& folder, int n, const std::string& names = names_with("class 9")) {
    make_folder(folder);
    write_file(folder / "batches.meta.txt", names);
    write_file(folder / "test_batch.bin", records(2));
    for (int batch = 1; batch <= n; ++batch) write_file(folder / fmt::format("data_batch_{}.bin", batch), records(2));
}

const std::string bad_names[] = {"caf\xe9",
                                 "a,b",
                                 "class 3",
                                 "\x1b]0;owned\a",
                                 "a\tb",
                                 "\xc2\x9b"
                                 "31m",
                                 "\xe2\x80\xae"
                                 "txt.exe",
                                 std::string(201, 'x')};

// Catches names that are refused only when the results of hours are written, and ones that reach the terminal.
TEST(ForeignData, NamesOfClassesAreCheckedWhereTheyAreRead) {
    const TempFolder folder;
    for (const std::string& name : bad_names) {
        write_batches(folder / "cifar", 1, names_with(name));
        EXPECT_THAT(refusal(folder / "cifar"), HasSubstr("batches.meta.txt has ")) << name;
        EXPECT_THAT(error_message([&] { check_classes({"class 3", name}, "it"); }), HasSubstr("it has ")) << name;
    }
    write_batches(folder / "cifar", 1, names_with("Größe 猫"));
    EXPECT_EQ(load(folder / "cifar").split.train.classes[9], "Größe 猫");

    test::write_cifar100(folder / "hundred", 3, 3);
    std::string names;
    for (int i = 0; i < 99; ++i) names += fmt::format("{}\n", i);
    write_file(folder / "hundred" / "fine_label_names.txt", names + "caf\xe9\n");
    EXPECT_THAT(refusal(folder / "hundred"), HasSubstr("fine_label_names.txt has a class 'caf\\xe9'"));

    test::write_pets(folder / "pets", 2);
    fs::rename(folder / "pets" / "dog", folder / "pets" / "\x1b[31mdog");
    EXPECT_THAT(refusal(folder / "pets"), HasSubstr("has a class '\\x1b[31mdog'"));
}

// The name of a data set becomes a part of the name of a run's folder.
TEST(ForeignData, ADataSetCannotNameItselfOutOfItsFolder) {
    const TempFolder folder;
    Split split = tiny_split(3, 2);
    for (const char* name : {"../../x", "/etc", "a/b", "", ".", "-rf", "a b", "\x1b[2J"}) {
        split.train.name = name;
        write_bundle(split, folder / bundle_name);
        EXPECT_THAT(refusal(folder.path()), HasSubstr("calls its data set '")) << name;
    }
    split.train.name = "pets_2.0-small";
    write_bundle(split, folder / bundle_name);
    EXPECT_EQ(load(folder.path()).split.test.name, "pets_2.0-small");
}

TEST(ForeignData, BatchesThatWouldNotBeUsedAreAnError) {
    const TempFolder folder;
    write_batches(folder / "seven", 7);
    EXPECT_THAT(refusal(folder / "seven"), HasSubstr("data_batch_"));
    EXPECT_THAT(refusal(folder / "seven"), HasSubstr(".bin would not be used: CIFAR-10's layout has the batches "));
    for (const char* other : {"data_batch_0.bin", "data_batch_10.bin", "data_batch_01.bin"}) {
        write_batches(folder / other, 5);
        EXPECT_EQ(load(folder / other).split.train.size(), 10);
        write_file(folder / other / other, records(1));
        EXPECT_THAT(refusal(folder / other), HasSubstr(std::string(other) + " would not be used")) << other;
    }
    write_batches(folder / "both" / "cifar-10-batches-bin", 1);
    EXPECT_EQ(load(folder / "both").split.train.size(), 2);
    write_file(folder / "both" / "data_batch_1.bin", records(1));
    EXPECT_THAT(refusal(folder / "both"), HasSubstr("data_batch_1.bin would not be used: the images are read from "));
}

TEST(ForeignData, OfSeveralDataSetsNoneIsChosenSilently) {
    const TempFolder folder;
    write_batches(folder.path(), 1);
    test::write_mnist(folder / "mnist", 3, 3);
    EXPECT_THAT(refusal(folder.path()), HasSubstr("holds several data sets, CIFAR-10's files and MNIST's files"));
}

TEST(ForeignData, TensorsThatWouldNotBeUsedAreAnError) {
    const TempFolder folder;
    write_bundle(tiny_split(3, 2), folder / bundle_name);
    const Split split = load(folder.path()).split;
    HostAllocator memory(Device::cpu());
    io::Safetensors content = io::read_safetensors(folder / bundle_name, memory);
    content.tensors.emplace_back("val_labels", content.tensors.front().second);
    io::write_safetensors(folder / bundle_name, content.tensors, content.metadata);
    EXPECT_THAT(refusal(folder.path()), HasSubstr("has a tensor 'val_labels', which would not be used"));
}

TEST(ForeignData, PicturesThatWouldNotBeUsedAreAnError) {
    const TempFolder folder;
    const WithEnvironment cache{"XDG_CACHE_HOME", (folder / "cache").c_str()};
    const io::Image picture = test::plain_picture(9, 9, {9, 9, 9});
    test::write_pets(folder / "pets", 2);
    test::write_jpeg(folder / "pets" / "loose.jpg", picture);
    EXPECT_THAT(refusal(folder / "pets"),
                HasSubstr("loose.jpg would not be used, since it stands in no class's folder"));
    test::write_pets(folder / "parts" / "train", 2);
    test::write_pets(folder / "parts" / "test", 2);
    EXPECT_NO_THROW(load(folder / "parts"));
    test::write_pets(folder / "parts" / "val", 2);
    EXPECT_THAT(refusal(folder / "parts"), HasSubstr("val would not be used beside those in "));
}

// A link to itself, a pipe, a device and a file of a terabyte without contents: none is waited for, and none fills the memory.
TEST(ForeignData, FilesThatAreNoneAreErrors) {
    const TempFolder folder;
    const auto with = [&](const auto& put) {
        write_batches(folder / "set", 1);
        for (const char* name : {"data_batch_1.bin", "batches.meta.txt"}) {
            fs::remove(folder / "set" / name);
            put(folder / "set" / name);
            EXPECT_NE(refusal(folder / "set"), "(nothing was thrown)") << name;
            write_batches(folder / "set", 1);
        }
    };
    with([](const fs::path& file) { fs::create_symlink(file.filename(), file); });
    with([](const fs::path& file) { ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0); });
    with([](const fs::path& file) { fs::create_symlink("/dev/zero", file); });
    with([](const fs::path& file) {
        write_file(file, "");
        fs::resize_file(file, 3073ull << 28);
    });
    test::write_pets(folder / "pets", 2);
    fs::create_symlink("loop.jpg", folder / "pets" / "cat" / "loop.jpg");
    EXPECT_NO_THROW(load(folder / "pets")) << "a link to nowhere is no picture";
}

// A file that announces 640 MB, and is long enough to unpack to that.
TEST(ForeignData, PackedFilesStaySmall) {
    const TempFolder folder;
    test::write_mnist(folder.path(), 3, 3, true);
    std::string noise;
    for (std::uint32_t i = 0; i < 700'000; ++i) noise += static_cast<char>((i * 2654435761u >> 11) ^ (i * i >> 7));
    const std::string announced =
        test::big_endian(0x803) + test::big_endian(40) + test::big_endian(16384) + test::big_endian(1024);
    write_file(folder / "train-images-idx3-ubyte.gz", test::gzipped(announced) + noise);
    EXPECT_THAT(refusal(folder.path()), HasSubstr("of a packed file at most 256000000 bytes are read: unpack it"));
}

}  // namespace
}  // namespace cairn::data
