#include "support/run_command.h"

#include "cairn/core/error.h"

namespace cairn::test {

// The programs env and prlimit set up what was asked for, and then become the one to run.
CommandResult run_command(const std::vector<std::string>& words, const CommandOptions& options) {
    // A test that runs in the background may have been started with SIGINT ignored.
    std::vector<std::string> all{"env", "--default-signal=INT,TERM,HUP"};
    for (const auto& [name, value] : options.environment)
        if (value.empty()) all.insert(all.end(), {"-u", name});
    for (const auto& [name, value] : options.environment)
        if (!value.empty()) all.push_back(name + "=" + value);
    if (options.largest_file > 0) all.insert(all.end(), {"prlimit", fmt::format("--fsize={}", options.largest_file)});
    all.insert(all.end(), words.begin(), words.end());

    bool signalled = options.signal_at.empty();
    const auto result = run_program(all, {.folder = options.folder, .watch = [&](const RunningProcess& running) {
                                              if (signalled || running.out.find(options.signal_at) == running.out.npos)
                                                  return;
                                              ::kill(running.id, options.signal);
                                              signalled = true;
                                          }});
    check(result && result->status != 127, "cannot start {}", words.front());
    return *result;
}

}  // namespace cairn::test
