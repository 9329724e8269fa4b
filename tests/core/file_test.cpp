#include "cairn/core/file.h"

#include "cairn/core/error.h"
#include "support/dead_process.h"
#include "support/error_message.h"
#include "support/file_size_limit.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn {
namespace {

using test::error_message;
using test::TempFolder;

std::string text_of(const std::filesystem::path& path) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

// Catches text mode, a lost last byte and a temporary file that stays.
TEST(File, WhatIsWrittenIsRead) {
    const TempFolder folder;
    std::vector<std::uint8_t> bytes(300'000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
    write_file(folder / "bytes", bytes);
    EXPECT_EQ(read_file(folder / "bytes"), bytes);
    write_file(folder / "bytes", "shorter\r\n");
    EXPECT_EQ(text_of(folder / "bytes"), "shorter\r\n");
    write_file(folder / "bytes", "");
    EXPECT_EQ(text_of(folder / "bytes"), "");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"bytes"});
}

// Catches a file written in place: the good old weights would be gone when the disk is full.
TEST(File, AFailedWriteLeavesTheOldFileAndNothingElse) {
    const TempFolder folder;
    write_file(folder / "weights", "old");
    const std::vector<std::uint8_t> large(100'000);
    std::string message;
    {
        const test::FileSizeLimit limit(65'536);
        message = error_message([&] { write_file(folder / "weights", large); });
    }
    EXPECT_EQ(message, fmt::format("cannot write {}: File too large; allow larger files (ulimit -f)",
                                   (folder / "weights").string()));
    EXPECT_EQ(text_of(folder / "weights"), "old");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"weights"});
}

// Catches a program that waits for ever for somebody to write into a pipe.
TEST(File, APipeOrADeviceIsNotRead) {
    const TempFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    for (const std::filesystem::path& path : {folder / "pipe", std::filesystem::path("/dev/zero")}) {
        const std::string said = fmt::format("cannot read {}: it is not a file", path.string());
        EXPECT_EQ(error_message([&] { read_file(path); }), said);
        EXPECT_EQ(error_message([&] { size_of_file(path); }), said);
    }
    EXPECT_EQ(error_message([&] { size_of_file(folder / "none"); }),
              fmt::format("cannot read {}: No such file or directory", (folder / "none").string()));
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Catches a link that is replaced by a file, while what it names stays old.
TEST(File, AnOutputThatIsALinkIsWrittenThrough) {
    const TempFolder folder;
    make_folder(folder / "below");
    write_file(folder / "target", "old");
    std::filesystem::create_symlink("../target", folder / "below/relative");
    std::filesystem::create_symlink(folder / "below/relative", folder / "link");
    write_output(folder / "link", bytes_of("new"));
    EXPECT_EQ(text_of(folder / "target"), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link") && std::filesystem::is_symlink(folder / "below/relative"));
    std::filesystem::create_symlink("not-yet", folder / "dangling");
    write_output(folder / "dangling", bytes_of("first"));
    EXPECT_EQ(text_of(folder / "not-yet"), "first");
    std::filesystem::create_symlink("loop", folder / "loop");
    EXPECT_NE(error_message([&] { write_output(folder / "loop", bytes_of("x")); }).find("Too many levels"),
              std::string::npos);
    EXPECT_EQ(names_in(folder.path()).size(), 6u) << "a temporary file stayed";
}

// Catches a device or a pipe that is replaced by a file, as /dev/null once was, and a failure that nobody hears of.
TEST(File, AnOutputThatIsNoFileIsWrittenToDirectly) {
    const TempFolder folder;
    write_output("/dev/null", bytes_of("x"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
    EXPECT_EQ(error_message([&] { write_output("/dev/full", bytes_of("x")); }),
              "cannot write /dev/full: No space left on device; free some space, or choose another folder");
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    const int reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
    write_output(folder / "pipe", bytes_of("piped"));
    char text[8] = {};
    EXPECT_EQ(::read(reader, text, sizeof text), 5);
    ::close(reader);
    EXPECT_STREQ(text, "piped");
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"pipe"});
}

// Catches two callers that are given the same folder.
TEST(File, ANewFolderIsNobodyElses) {
    const TempFolder folder;
    EXPECT_EQ(make_new_folder(folder / "runs/a"), folder / "runs/a");
    EXPECT_EQ(make_new_folder(folder / "runs/a"), folder / "runs/a-2");
    EXPECT_EQ(make_new_folder(folder / "runs/a"), folder / "runs/a-3");
    write_file(folder / "file", "x");
    EXPECT_NE(error_message([&] { make_new_folder(folder / "file/a"); }).find("cannot create the folder"),
              std::string::npos);
}

// Catches messages without the file, the reason or the remedy.
TEST(File, MessagesNameTheFileTheReasonAndTheRemedy) {
    const TempFolder folder;
    const std::string base = folder.path().string();
    write_file(folder / "file", "text");
    EXPECT_EQ(error_message([&] { write_file(folder / "none/file", "x"); }),
              fmt::format("cannot write {}/none/file: No such file or directory; create its folder first", base));
    EXPECT_EQ(error_message([&] { write_file(folder / "file/below", "x"); }),
              fmt::format("cannot write {}/file/below: Not a directory; create its folder first", base));
    EXPECT_EQ(error_message([&] { read_file(folder / "none"); }),
              fmt::format("cannot read {}/none: No such file or directory", base));
    EXPECT_EQ(error_message([&] { read_file(folder.path()); }), fmt::format("cannot read {}: it is not a file", base));
    EXPECT_EQ(error_message([&] { make_folder(folder / "file/below"); }),
              fmt::format("cannot create the folder {}/file/below: Not a directory; choose another folder", base));
}

// The new file cannot take the place of a folder. Catches a temporary file that stays behind.
TEST(File, AFolderIsNotReplaced) {
    const TempFolder folder;
    make_folder(folder / "taken");
    EXPECT_NE(error_message([&] { write_file(folder / "taken", "x"); }).find("Is a directory"), std::string::npos);
    EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"taken"});
}

TEST(File, AFolderThatMayNotBeWrittenIsNamedWithTheRemedy) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    const TempFolder folder;
    ::chmod(folder.path().c_str(), 0500);
    const std::string message = error_message([&] { write_file(folder / "file", "x"); });
    ::chmod(folder.path().c_str(), 0700);
    EXPECT_EQ(message, fmt::format("cannot write {}: Permission denied; choose a folder that you may write to",
                                   (folder / "file").string()));
}

bool is_a(const std::string& name) { return name == "a"; }

std::vector<std::string> sorted_names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names = names_in(folder);
    std::ranges::sort(names);
    return names;
}

// Only what write_file itself would have left of the chosen files: NAME.part and the number of a process that is no more.
TEST(File, LeftoversOfDeadWritersAreRemoved) {
    const TempFolder folder;
    const std::string dead = std::to_string(test::dead_process()), alive = std::to_string(::getpid());
    std::vector<std::string> kept = {"a",       "a.part",  "a.part" + dead + "x", "a.part" + alive, "a.part-1",
                                     "a.part0", "a.parts", "b.part" + dead,       "part",           ".part" + dead};
    for (const std::string& name : kept) write_file(folder / name, "x");
    write_file(folder / ("a.part" + dead), "x");
    remove_leftovers(folder.path(), is_a);
    remove_leftovers(folder / "no-such-folder", is_a);
    std::ranges::sort(kept);
    EXPECT_EQ(sorted_names_in(folder.path()), kept);
}

// Catches files that go although nobody chose them, and a failure that nobody hears of.
TEST(File, OnlyChosenFilesAreRemoved) {
    const TempFolder folder;
    for (const char* name : {"a", "aa", "b"}) write_file(folder / name, "x");
    remove_files(folder.path(), is_a);
    EXPECT_EQ(sorted_names_in(folder.path()), (std::vector<std::string>{"aa", "b"}));
    remove_files(folder / "no-such-folder", is_a);
    EXPECT_EQ(error_message([&] { remove_files(folder / "b", is_a); }),
              fmt::format("cannot read the folder {}: Not a directory", (folder / "b").string()));
    make_folder(folder / "a/below");
    EXPECT_EQ(error_message([&] { remove_files(folder.path(), is_a); }),
              fmt::format("cannot remove {}: Directory not empty; choose another folder", (folder / "a").string()));
}

// Catches somebody's folder that is taken, and one of a killed writer that is not.
TEST(File, AFolderIsClaimedThatIsNewOrEmptyOrOurs) {
    const TempFolder folder;
    static_cast<void>(claim_folder(folder / "new/below", "a", false));
    static_cast<void>(claim_folder(folder / "new/below", "a", false));
    write_file(folder / ("new/below/a.part" + std::to_string(test::dead_process())), "x");
    static_cast<void>(claim_folder(folder / "new/below", "a", false));
    EXPECT_EQ(
        error_message([&] { static_cast<void>(claim_folder(folder / "new", "a", false)); }),
        fmt::format("{} holds below and no sign that cairn wrote it, so it is left as it is; choose another folder: a "
                    "new or an empty one",
                    (folder / "new").string()));
    static_cast<void>(claim_folder(folder / "new", "a", true));
    write_file(folder / "file", "x");
    EXPECT_NE(error_message([&] {
                  static_cast<void>(claim_folder(folder / "file", "a", true));
              }).find("cannot create the folder"),
              std::string::npos);
}

// Catches a watcher that is told too late: the tests that kill a program between two steps rely on it.
TEST(File, TheObserverHearsOfEveryStep) {
    const TempFolder folder;
    static std::vector<WriteStep> steps;
    set_write_observer([](WriteStep step) { steps.push_back(step); });
    write_file(folder / "file", "x");
    set_write_observer(nullptr);
    write_file(folder / "file", "y");
    EXPECT_EQ(steps, (std::vector<WriteStep>{WriteStep::open, WriteStep::write, WriteStep::sync, WriteStep::rename,
                                             WriteStep::sync_folder}));
}

TEST(File, MakeFolderCreatesParentsAndAcceptsAnExistingOne) {
    const TempFolder folder;
    make_folder(folder / "a/b/c");
    make_folder(folder / "a/b/c");
    EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
}

}  // namespace
}  // namespace cairn
