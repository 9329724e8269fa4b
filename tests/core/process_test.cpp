#include "cairn/core/process.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <csignal>

#include <unistd.h>

namespace cairn {
namespace {

ProcessResult shell(const std::string& line, const ProcessOptions& options = {}) {
    const auto result = run_program({"/bin/sh", "-c", line}, options);
    EXPECT_TRUE(result.has_value());
    return result.value_or(ProcessResult{});
}

// Catches arguments that pass through a shell, outputs that are swapped, and exit statuses that get lost.
TEST(Process, ArgumentsArriveAsTheyAre) {
    const std::string nasty = "a b; $(touch x) \"'*";
    const auto result = run_program({"sh", "-c", "printf '%s' \"$0\"; printf 'no\\n\\n' >&2; exit 3", nasty});
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->out, nasty);
    EXPECT_EQ(result->err, "no\n\n");
    EXPECT_EQ(result->message(), "no");
    EXPECT_EQ(result->status, 3);
    EXPECT_EQ(result->signal, 0);
    EXPECT_FALSE(run_program({"no-such-program-here"}).has_value());
    EXPECT_THROW(run_program({"/usr"}), Error) << "a folder is no program";
    EXPECT_EQ(run_program({"pwd"}, {.folder = "/usr"})->out, "/usr\n");
    EXPECT_THROW(run_program({"pwd"}, {.folder = "/no/such/folder"}), Error) << "not the program is missing";
}

TEST(Process, ASignalIsToldFromAnExitStatus) {
    const ProcessResult killed = shell("kill -9 $$");
    EXPECT_EQ(killed.signal, SIGKILL);
    EXPECT_EQ(killed.status, 128 + SIGKILL);
    EXPECT_EQ(shell("exit 137").signal, 0);
}

// A pipe holds 64 KB: a runner that reads one output after the other, or writes all of the input first, waits for ever.
TEST(Process, NothingIsTooLong) {
    const std::string input(1'000'000, 'x');
    const ProcessResult result = shell("head -c 1000000 /dev/zero >&2; cat", {.input = input});
    EXPECT_EQ(result.out, input);
    EXPECT_EQ(result.err.size(), 1'000'000u);
    EXPECT_EQ(shell("cat").out, "") << "without an input it is empty";
}

// Catches a runner that gives up on a program's output and then waits for the program, which waits to write more of it.
TEST(Process, ThatNobodyListensToAnyMoreIsEnded) {
    const test::TempFolder folder;
    const ProcessOptions deaf{.folder = folder.path(), .output = [](std::string_view) { throw Error("not now"); }};
    EXPECT_THROW(shell("echo $$ > id; yes", deaf), Error);
    const auto id = read_file(folder / "id");
    EXPECT_NE(::kill(std::stoi(std::string(id.begin(), id.end())), 0), 0) << "it runs still";
}

// Catches a runner that looks only once the program has ended: nothing else would end this one.
TEST(Process, WatchSeesWhatWasPrintedAndTheTimePass) {
    int quiet = 0;
    const ProcessResult result = shell("echo ready; exec sleep 600", {.watch = [&](const RunningProcess& running) {
                                           if (running.out == "ready\n" && ++quiet == 3) ::kill(running.id, SIGTERM);
                                       }});
    EXPECT_EQ(result.signal, SIGTERM);
}

// Catches an output that is collected as well as handed on, and a file that is not what the program reads.
TEST(Process, FilesGoInAndPartsComeOut) {
    const test::TempFolder folder;
    write_file(folder / "-file", std::string(300'000, 'x'));
    std::string parts;
    const ProcessResult result =
        shell("cat", {.input_file = folder / "-file", .output = [&](std::string_view part) { parts += part; }});
    EXPECT_EQ(parts, std::string(300'000, 'x'));
    EXPECT_EQ(result.out, "");
    EXPECT_THROW(shell("cat", {.input_file = folder / "none"}), Error);
}

// Catches a program that goes on writing into a pipe that nobody reads, because it ignores SIGPIPE as we do.
TEST(Process, ProgramsMeetSignalsAsUsual) {
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(shell("kill -PIPE $$").signal, SIGPIPE);
    std::signal(SIGPIPE, before);
}

// Catches a copy that hangs and takes the program with it.
TEST(Process, ACopyThatTakesTooLongIsKilled) {
    EXPECT_EQ(run_copy([] { ::sleep(600); }, std::chrono::milliseconds(200)).signal, SIGKILL);
    EXPECT_EQ(run_copy([] {}, std::chrono::seconds(100)).signal, 0);
}

TEST(Process, ACopyPrintsForItself) {
    int touched = 0;
    const ProcessResult result = run_copy([&] {
        touched = 1;
        std::printf("%ld", static_cast<long>(::getpid()));
        std::fprintf(stderr, "aside");
    });
    EXPECT_EQ(touched, 0);
    EXPECT_NE(result.out, std::to_string(::getpid()));
    EXPECT_EQ(result.err, "aside");
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(run_copy([] { std::raise(SIGKILL); }).signal, SIGKILL);
}

}  // namespace
}  // namespace cairn
