// Runs a program as a person would, and keeps what it printed.
#pragma once

#include "cairn/core/process.h"

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>

namespace cairn::test {

struct CommandOptions {
    std::filesystem::path folder = ".";                // to run in
    std::map<std::string, std::string> environment{};  // variables to set; "" removes one
    std::uint64_t largest_file = 0;  // writing beyond so many bytes fails, as on a full disk; 0: no limit
    std::string signal_at{};         // when this has been printed to stdout, `signal` is sent, once
    int signal = SIGINT;
};

using CommandResult = ProcessResult;

// words[0] is the program's path. Its standard input is empty. Throws Error if it cannot be started.
CommandResult run_command(const std::vector<std::string>& words, const CommandOptions& options = {});

}  // namespace cairn::test
