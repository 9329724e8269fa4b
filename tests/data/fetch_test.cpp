#include "cairn/data/fetch.h"

#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/data/cifar10.h"
#include "data/environment.h"
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
        const Split split = tiny_split();
        archive = {pack("tiny", split), "images10", content_hash(split.train), content_hash(split.test)};
    }

    // The address of an archive of these images.
    std::string pack(const std::string& name, const Split& split) {
        write_cifar10_layout(split, temp / name / "cifar-10-batches-bin");
        const fs::path file = temp / (name + ".tar.gz");
        const auto tar = run_program({"tar", "-czf", file, "-C", temp / name, "cifar-10-batches-bin"});
        EXPECT_TRUE(tar && tar->status == 0);
        return "file://" + file.string();
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

// Catches a download that takes its place although a pixel is another one, the folder is not there, or half is missing.
TEST_F(Fetch, WhatIsNotTheDataSetIsRefused) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    Split other = tiny_split();
    other.test.images[100] ^= 1;
    archive.url = pack("other", other);
    expect_parts(failure(archive), {"what arrived from " + archive.url + " does not hold images10", "Try again",
                                    "unpack it in " + (temp / "to").string()});

    const auto tar = run_program({"tar", "-czf", temp / "empty.tar.gz", "-C", temp / "other", "--exclude=*", "."});
    ASSERT_TRUE(tar && tar->status == 0);
    archive.url = "file://" + (temp / "empty.tar.gz").string();
    expect_parts(failure(archive), {"does not hold images10"});

    const std::vector<std::uint8_t> bytes = read_file(temp / "tiny.tar.gz");
    write_file(temp / "half.tar.gz", std::span(bytes).first(bytes.size() / 2));
    archive.url = "file://" + (temp / "half.tar.gz").string();
    expect_parts(failure(archive), {"cannot unpack what arrived from " + archive.url, "unexpected end of file",
                                    "The download is damaged", "unpack it in " + (temp / "to").string()});
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
    write_cifar10_layout(tiny_split(), temp / "to/cifar-10-batches-bin");
    archive.url = "file:///no/such/file";
    EXPECT_EQ(fetch_cifar10(temp / "to", archive), temp / "to/cifar-10-batches-bin");
}

// Catches other hashes than CIFAR-10's, with which no download would be accepted.
TEST_F(Fetch, KnowsCifar10) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    make_folder(temp / "to");
    fs::create_directory_symlink(fs::absolute(folder), temp / "to/cifar-10-batches-bin");
    archive = cifar10_archive();
    archive.url = "file:///no/such/file";
    EXPECT_EQ(fetch_cifar10(temp / "to", archive), temp / "to/cifar-10-batches-bin");
}

}  // namespace
}  // namespace cairn::data
