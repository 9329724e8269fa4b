// Runs other programs, without a shell in between: arguments arrive as they are, whatever characters they hold.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

inline constexpr std::chrono::milliseconds forever = std::chrono::milliseconds::max();

struct ProcessResult {
    int status = 0;        // the exit status; 128 + n if signal n ended it, as a shell counts
    int signal = 0;        // that ended it; 0 if it ended by itself
    std::string out, err;  // what it wrote to its standard output and to its error output

    std::string message() const;  // err without line breaks at its end
};

struct RunningProcess {
    pid_t id;
    std::string_view out;  // so far
};

struct ProcessOptions {
    std::filesystem::path folder = ".";  // to run in
    std::string input{};                 // its standard input
    std::filesystem::path input_file{};  // its standard input, where this is not empty
    // Takes what it writes to its standard output as it arrives, instead of ProcessResult::out. It must not throw.
    std::function<void(std::string_view)> output{};
    // Is called when the program has written something, and every tenth of a second. It must not throw.
    std::function<void(const RunningProcess&)> watch{};
};

// Runs arguments[0], looked up in $PATH, and waits until it has ended and its outputs are closed. Returns nullopt if there
// is no such program; throws Error if it cannot be started. The program meets signals as usual, also those that this one
// ignores. What a stranger named should not be among the arguments: a program may take it for an option, a command or an
// address. Folders and files are given as `folder` and `input_file`.
std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

// Runs `body`, which must not throw, in a copy of this process that ends after it; what it prints is the result. The copy
// has only the calling thread, so no other should hold a lock. A copy that has not ended after `patience` is killed: its
// signal is SIGKILL. Throws Error if there can be no copy.
ProcessResult run_copy(const std::function<void()>& body, std::chrono::milliseconds patience = forever);

}  // namespace cairn
