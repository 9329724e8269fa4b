// Runs a program as a shell would, and keeps what it printed.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::test {

struct CommandOptions {
    std::filesystem::path folder = ".";                // to run in
    std::map<std::string, std::string> environment{};  // variables to set; "" removes one
    std::uint64_t largest_file = 0;  // writing beyond so many bytes fails, as on a full disk; 0: no limit
    std::string signal_at{};         // when this has been printed to stdout, `signal` is sent, once
    int signal = SIGINT;
};

struct CommandResult {
    int status = 0;  // the exit status; 128 + n if signal n ended the program
    std::string out, err;
};

// words[0] is the program's path. Its standard input is empty. Throws Error if it cannot be started.
CommandResult run_command(const std::vector<std::string>& words, const CommandOptions& options = {});

}  // namespace cairn::test
