#include "data/fetch.h"

#include "core/file.h"
#include "core/process.h"
#include "data/cifar10.h"
#include "data/environment.h"
#include "data/md5.h"
#include "data/tiny_split.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

// An archive on this machine's disk, of a tiny data set: nothing here needs a network.
class Fetch : public ::testing::Test {
protected:
    void SetUp() override {
        write_cifar10_layout(tiny_split(), temp / "source/cifar-10-batches-bin");
        const fs::path file = temp / "tiny.tar.gz";
        const auto tar = run_program({"tar", "-czf", file, "-C", temp / "source", "cifar-10-batches-bin"});
        ASSERT_TRUE(tar && tar->status == 0);
        archive = {"file://" + file.string(), md5(read_file(file))};
    }

    static bool have_curl() { return run_program({"curl", "--version"}).has_value(); }

    // A program of that name, in a folder of programs that stands for $PATH, that runs the line of shell.
    void install(const std::string& name, const std::string& line) {
        make_folder(temp / "bin");
        write_file(temp / "bin" / name, "#!/bin/sh\n" + line + "\n");
        fs::permissions(temp / "bin" / name, fs::perms::owner_all);
    }

    // The message of a fetch that fails; nothing may be left behind.
    std::string failure(const Archive& from) {
        const std::string message = error_message([&] { fetch_cifar10(temp / "to", from); });
        EXPECT_TRUE(fs::is_empty(temp / "to"));
        return message;
    }

    TempFolder temp;
    Archive archive;
};

constexpr const char* no_curl = "NOT TESTED: curl is not installed";

void expect_parts(const std::string& message, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) EXPECT_TRUE(message.find(part) != message.npos) << part << " in " << message;
}

TEST_F(Fetch, DownloadsAndUnpacks) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    EXPECT_EQ(fetch_cifar10(temp / "new/to", archive), temp / "new/to/cifar-10-batches-bin");
    EXPECT_EQ(load_cifar10(temp / "new/to").train.labels, tiny_split().train.labels);
    EXPECT_EQ(std::ranges::distance(fs::directory_iterator(temp / "new/to"), fs::directory_iterator()), 1);
}

// Catches a fetch that leaves damaged files, or takes with them what somebody keeps beside them. Naming the inner folder
// itself will do, as the loader's messages name it.
TEST_F(Fetch, ReplacesDamagedFiles) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    make_folder(temp / "to/cifar-10-batches-bin");
    write_file(temp / "to/cifar-10-batches-bin/data_batch_1.bin", "damaged");
    write_file(temp / "to/cifar-10-batches-bin/notes", "mine");
    EXPECT_EQ(fetch_cifar10(temp / "to/cifar-10-batches-bin", archive), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(load_cifar10(temp / "to").train.size(), 23);
    EXPECT_TRUE(fs::exists(temp / "to/cifar-10-batches-bin/notes"));
}

TEST_F(Fetch, WgetServesWhereCurlIsMissing) {
    install("wget",
            "cp \"" + (temp / "tiny.tar.gz").string() + "\" \"$3\"");  // wget --no-verbose --output-document FILE URL
    for (const char* tool : {"cp", "tar", "gzip"})
        for (const char* folder : {"/usr/bin", "/bin"})
            if (fs::exists(fs::path(folder) / tool) && !fs::exists(temp / "bin" / tool))
                fs::create_symlink(fs::path(folder) / tool, temp / "bin" / tool);
    const WithEnvironment path("PATH", (temp / "bin").c_str());
    fetch_cifar10(temp / "to", archive);
    EXPECT_EQ(load_cifar10(temp / "to").train.size(), 23);
}

TEST_F(Fetch, WithoutCurlAndWgetItSaysWhatToDo) {
    make_folder(temp / "bin");
    const WithEnvironment path("PATH", (temp / "bin").c_str());
    expect_parts(failure(archive), {"neither curl nor wget", "apt-get install curl", archive.url,
                                    (temp / "to/cifar-10-batches-bin/data_batch_1.bin").string()});
}

TEST_F(Fetch, FailedDownloadSaysWhyAndWhatToDo) {
    install("curl", "echo 'curl: (6) Could not resolve host' >&2; exit 6");
    const WithEnvironment path("PATH", (temp / "bin").c_str());
    expect_parts(failure(archive), {"the download of " + archive.url + " failed: curl: (6) Could not resolve host",
                                    "unpack it in " + (temp / "to").string()});
}

// Catches an archive that is unpacked although it is not the one expected.
TEST_F(Fetch, WrongMd5IsRefused) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    const std::string wanted = cifar10_archive().md5;
    expect_parts(failure({archive.url, wanted}), {"arrived with the MD5 " + archive.md5, "expected " + wanted});
}

// Catches a wrong archive whose MD5 was given, and a damaged one.
TEST_F(Fetch, ArchiveMustHoldTheFolder) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    write_file(temp / "no.tar.gz", "not an archive");
    expect_parts(failure({"file://" + (temp / "no.tar.gz").string(), md5(read_file(temp / "no.tar.gz"))}),
                 {"cannot unpack"});
    const auto tar = run_program({"tar", "-czf", temp / "other.tar.gz", "-C", temp.path(), "no.tar.gz"});
    ASSERT_TRUE(tar && tar->status == 0);
    expect_parts(failure({"file://" + (temp / "other.tar.gz").string(), md5(read_file(temp / "other.tar.gz"))}),
                 {"holds no folder cifar-10-batches-bin"});
}

TEST_F(Fetch, ReportsProgress) {
    install(
        "curl",
        "printf 12345 >\"$6\"; sleep 0.3; exit 1");  // curl --fail --location --silent --show-error --output FILE URL
    const WithEnvironment path("PATH", ((temp / "bin").string() + ":" + std::getenv("PATH")).c_str());
    std::uintmax_t most = 0;
    EXPECT_THROW(fetch_cifar10(temp / "to", archive, [&](std::uintmax_t bytes) { most = std::max(most, bytes); }),
                 Error);
    EXPECT_EQ(most, 5u);
}

// Catches 162 MB that are downloaded although they are there: the address leads nowhere.
TEST_F(Fetch, WhatIsThereIsNotFetchedAgain) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    make_folder(temp / "to");
    fs::create_directory_symlink(fs::absolute(folder), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(fetch_cifar10(temp / "to", {"file:///no/such/file", ""}), temp / "to/cifar-10-batches-bin");
}

}  // namespace
}  // namespace cairn::data
