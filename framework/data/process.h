// Runs other programs, without a shell in between: arguments arrive as they are, whatever characters they hold.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::data {

struct ProcessResult {
    int status = 0;       // the exit status; 128 + n if signal n ended it
    std::string output;   // what it wrote to its standard output
    std::string message;  // what it wrote to its error output, without line breaks at its end
};

// Runs arguments[0], looked up in $PATH, in `folder`, and waits for its end; `meanwhile` (if any) is called every tenth of
// a second and must not throw. What it writes is collected in temporary files without a name, of which nothing is left even if
// this process is killed. Returns nullopt if there is no such program; throws Error if it cannot be started.
std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments,
                                         const std::function<void()>& meanwhile = {},
                                         const std::filesystem::path& folder = ".");

}  // namespace cairn::data
