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
    std::string message;  // what it wrote to its error output
};

// Runs arguments[0], looked up in $PATH, and waits for its end; `meanwhile` (if any) is called every tenth of a second
// and must not throw. Its error output goes through the file `log`. Returns nullopt if there is no such program; throws
// Error if it cannot be started.
std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                                         const std::function<void()>& meanwhile = {});

}  // namespace cairn::data
