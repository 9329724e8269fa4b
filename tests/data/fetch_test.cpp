#include "cairn/data/fetch.h"

#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/load.h"
#include "cairn/data/shapes10_outlines.h"
#include "data/environment.h"
#include "data/format_files.h"
#include "data/tiny_split.h"
#include "support/dead_process.h"
#include "support/error_message.h"
#include "support/http_server.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cairn::data {
namespace {

namespace fs = std::filesystem;
using test::error_message;
using test::TempFolder;

constexpr const char* no_curl = "NOT TESTED: curl is not installed";

std::string sha256(const fs::path& file) { return run_program({"sha256sum", file.string()})->out.substr(0, 64); }

// A server on this machine with the archive of a tiny data set: nothing here needs a network.
class Fetch : public ::testing::Test {
protected:
    void SetUp() override {
        const Split split = tiny_split();
        source = {"tiny", "images10", cifar10_folder_name, server.address(), "1 MB", {pack("tiny", split)}};
    }

    // An archive of these images, on the server.
    RemoteFile pack(const std::string& name, const Split& split) {
        write_cifar10_layout(split, temp / name / "cifar-10-batches-bin");
        const fs::path file = temp / "www" / (name + ".tar.gz");
        const auto tar = run_program({"tar", "-czf", file, "-C", temp / name, "cifar-10-batches-bin"});
        EXPECT_TRUE(tar && tar->status == 0);
        return {name + ".tar.gz", sha256(file)};
    }

    static bool have_curl() { return run_program({"curl", "--version"}).has_value(); }

    // A program of that name, in a folder of programs that stands for $PATH, that runs the line of shell.
    void install(const std::string& name, const std::string& line) {
        make_folder(temp / "bin");
        write_file(temp / "bin" / name, "#!/bin/sh\n" + line + "\n");
        fs::permissions(temp / "bin" / name, fs::perms::owner_all);
    }

    // The message of a fetch that fails; nothing may be left behind.
    std::string failure(const FetchOptions& options = {}) {
        const std::string message = error_message([&] { fetch(temp / "to", source, options); });
        EXPECT_TRUE(fs::is_empty(temp / "to"));
        return message;
    }

    std::string url() const { return source.address + source.files.front().name; }

    TempFolder temp;
    fs::path www = [&] {
        make_folder(temp / "www");
        return temp / "www";
    }();
    test::HttpServer server{www};
    Source source;
};

void expect_parts(const std::string& message, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) EXPECT_TRUE(message.find(part) != message.npos) << part << " in " << message;
}

TEST_F(Fetch, DownloadsAndUnpacks) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    EXPECT_EQ(fetch(temp / "new/to", source), temp / "new/to/cifar-10-batches-bin");
    EXPECT_EQ(server.requests(), 1);
    EXPECT_EQ(load_cifar10(temp / "new/to").train.labels, tiny_split().train.labels);
    EXPECT_EQ(std::ranges::distance(fs::directory_iterator(temp / "new/to"), fs::directory_iterator()), 1);
}

// Catches a set of several files of which one is forgotten, or checked with another one's sum.
TEST_F(Fetch, SeveralFilesBecomeOneFolder) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    test::write_mnist(www, 30, 20, true);
    source = {"digits", "digits", "digits", server.address(), "1 KB", {}};
    for (const std::string& name : names_in(www))
        if (name.ends_with("-ubyte.gz")) source.files.push_back({name, sha256(www / name)});
    ASSERT_EQ(source.files.size(), 4u);
    EXPECT_EQ(fetch(temp / "to", source), temp / "to/digits");
    EXPECT_EQ(load(temp / "to/digits").split.train.size(), 30);
    EXPECT_EQ(names_in(temp / "to").size(), 1u);

    fs::remove_all(temp / "to");
    std::swap(source.files[0].sha256, source.files[2].sha256);
    expect_parts(failure(), {"is not the file that was published: its SHA-256 is", "yourself and put them into"});
}

// Catches a fetch that leaves damaged files, or takes with them what somebody keeps beside them. Naming the inner folder
// itself will do, as the loader's messages name it.
TEST_F(Fetch, ReplacesDamagedFiles) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    make_folder(temp / "to/cifar-10-batches-bin");
    write_file(temp / "to/cifar-10-batches-bin/data_batch_1.bin", "damaged");
    write_file(temp / "to/cifar-10-batches-bin/notes", "mine");
    EXPECT_EQ(fetch(temp / "to/cifar-10-batches-bin", source), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(load_cifar10(temp / "to").train.size(), 23);
    EXPECT_TRUE(fs::exists(temp / "to/cifar-10-batches-bin/notes"));
}

TEST_F(Fetch, WgetServesWhereCurlIsMissing) {
    install("wget", "cat \"" + (www / "tiny.tar.gz").string() + "\"");
    for (const char* tool : {"cat", "tar", "gzip", "sha256sum"})
        for (const char* folder : {"/usr/bin", "/bin"})
            if (fs::exists(fs::path(folder) / tool) && !fs::exists(temp / "bin" / tool))
                fs::create_symlink(fs::path(folder) / tool, temp / "bin" / tool);
    const WithEnvironment path("PATH", (temp / "bin").c_str());
    fetch(temp / "to", source);
    EXPECT_EQ(load_cifar10(temp / "to").train.size(), 23);
}

TEST_F(Fetch, WithoutCurlAndWgetItSaysWhatToDo) {
    make_folder(temp / "bin");
    const WithEnvironment path("PATH", (temp / "bin").c_str());
    expect_parts(failure(),
                 {"neither curl nor wget", "apt-get install curl", url(), (temp / "to/cifar-10-batches-bin").string()});
}

TEST_F(Fetch, FailedDownloadSaysWhyAndWhatToDo) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    source.files[0].name = "gone.tar.gz";
    expect_parts(failure(),
                 {"the download of " + url() + " failed: curl: (22)", "404", "unpack it in " + (temp / "to").string()});
}

// Catches a download that takes its place although it is another file, or holds another data set than was published.
TEST_F(Fetch, WhatIsNotTheDataSetIsRefused) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    Split other = tiny_split();
    other.test.images[100] ^= 1;
    const RemoteFile published = source.files[0], changed = pack("other", other);
    source.files[0].name = changed.name;
    expect_parts(failure(), {"what arrived from " + url() + " is not the file that was published: its SHA-256 is " +
                                 changed.sha256 + ", not " + published.sha256,
                             "Try again", "unpack it in " + (temp / "to").string()});
    source.files[0] = changed;
    other.train.classes = other.test.classes = shapes10_classes();  // another name: shapes10
    source.files[0] = pack("shapes", other);
    expect_parts(failure(), {"what arrived from " + source.address + " does not hold images10", "Try again"});

    const std::vector<std::uint8_t> bytes = read_file(www / "tiny.tar.gz");
    write_file(www / "half.tar.gz", std::span(bytes).first(bytes.size() / 2));
    source.files[0] = {"half.tar.gz", sha256(www / "half.tar.gz")};
    expect_parts(failure(), {"cannot unpack what arrived from " + url(), "unexpected end of file",
                             "The download is damaged", "unpack it in " + (temp / "to").string()});
}

TEST_F(Fetch, ReportsProgress) {
    install("curl", "printf 12345; sleep 0.3; exit 1");
    const WithEnvironment path("PATH", ((temp / "bin").string() + ":" + std::getenv("PATH")).c_str());
    std::uintmax_t most = 0;
    FetchOptions options;
    options.progress = [&](std::uintmax_t bytes) { most = std::max(most, bytes); };
    EXPECT_THROW(fetch(temp / "to", source, options), Error);
    EXPECT_EQ(most, 5u);
}

// Catches a download that waits for ever for a server that says no more, and one that goes on although nobody wants it.
TEST_F(Fetch, EndsWhereNothingArrivesAndWhenAsked) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    const test::HttpServer slow(www, true);
    source.address = slow.address();
    expect_parts(failure({.patience = std::chrono::milliseconds(300)}), {"failed: nothing arrived for 0.3 seconds"});
    int asked = 0;
    expect_parts(failure({.stop = [&] { return ++asked == 3; }}), {"failed: it was interrupted"});
}

// Catches a disk that a server fills.
TEST_F(Fetch, KeepsNoMoreThanIsAllowed) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    write_file(www / "large.tar.gz", std::string(2'000'000, 'x'));
    source.files[0].name = "large.tar.gz";
    expect_parts(failure({.most_bytes = 1'000'000}), {"failed: more than the 1000000 bytes arrived"});
}

// Catches a server that makes curl read files of this machine, and an address that curl takes for an option.
TEST_F(Fetch, LeadsToNoOtherScheme) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    write_file(www / "there.redirect", server.address() + "tiny.tar.gz");
    source.files[0].name = "there.redirect";
    const std::string sum = source.files[0].sha256;
    expect_parts(failure(), {"does not hold images10"});  // it arrives, but its name is none of an archive
    for (const char* const scheme : {"file://", "ftp://127.0.0.1", "dict://127.0.0.1"}) {
        write_file(www / "away.tar.gz.redirect", std::string(scheme) + (www / "tiny.tar.gz").string());
        source.files[0] = {"away.tar.gz.redirect", sum};
        expect_parts(failure(), {"away.tar.gz.redirect failed: curl: (1)"});
    }
    for (const char* const address : {"--output=x", "file:///", "-K/etc/passwd", "http://a b/", "ftp://x/"}) {
        source.address = address;
        expect_parts(failure(), {"is no address to download from; it begins with http:// or https://"});
    }
}

// Catches a folder whose name tar takes for another machine's, or a program for an option; and what a killed fetch left.
TEST_F(Fetch, FoldersMayHaveAnyNames) {
    if (!have_curl()) GTEST_SKIP() << no_curl;
    for (const char* const name : {"host:x", "-x", "a b'\"$(touch PWNED)", "@file"}) {
        make_folder(temp / name / fmt::format("images10-download.part{}", test::dead_process()));
        make_folder(temp / name / "images10-download.partmine");
        EXPECT_EQ(fetch(temp / name, source), temp / name / cifar10_folder_name);
        EXPECT_EQ(names_in(temp / name).size(), 2u) << "the data set, and what is not cairn's";
    }
}

// Catches 162 MB that are downloaded although they are there.
TEST_F(Fetch, WhatIsThereIsNotFetchedAgain) {
    write_cifar10_layout(tiny_split(), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(fetch(temp / "to", source), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(server.requests(), 0);
}

// Catches a checksum that is none, or a source that two names share.
TEST(Sources, AreComplete) {
    std::set<std::string> names, sums;
    for (const Source& source : sources()) {
        EXPECT_TRUE(names.insert(source.name).second);
        EXPECT_TRUE(source.address.ends_with("/")) << source.name;
        for (const RemoteFile& file : source.files) {
            EXPECT_EQ(file.sha256.find_first_not_of("0123456789abcdef"), std::string::npos);
            EXPECT_EQ(file.sha256.size(), 64u);
            EXPECT_TRUE(sums.insert(file.sha256).second) << file.name;
        }
    }
    EXPECT_EQ(names, (std::set<std::string>{"cifar10", "cifar100", "fashion-mnist", "mnist"}));
}

// Catches other hashes than CIFAR-10's, with which no download would be accepted.
TEST_F(Fetch, KnowsCifar10) {
    const char* folder = std::getenv("CIFAR10_DIR");
    if (folder == nullptr)
        GTEST_SKIP() << "NOT TESTED ON CIFAR-10: set CIFAR10_DIR to the folder with data_batch_1.bin";
    make_folder(temp / "to");
    fs::create_directory_symlink(fs::absolute(folder), temp / "to/cifar-10-batches-bin");
    Source real = sources().front();
    real.address = server.address();
    EXPECT_EQ(fetch(temp / "to", real), temp / "to/cifar-10-batches-bin");
    EXPECT_EQ(server.requests(), 0);
}

}  // namespace
}  // namespace cairn::data
