#include "data/process.h"

#include "core/error.h"
#include "core/file.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace cairn::data {

std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                                         const std::function<void()>& meanwhile) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOENT) return std::nullopt;
    check(error == 0, "cannot start {}: {}", arguments[0], std::strerror(error));

    int state = 0;
    for (pid_t ended = 0; ended != child;) {
        ended = ::waitpid(child, &state, meanwhile ? WNOHANG : 0);
        check(ended >= 0 || errno == EINTR, "cannot wait for {}: {}", arguments[0], std::strerror(errno));
        if (ended != 0) continue;
        meanwhile();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const std::vector<std::uint8_t> text = read_file(log);
    ProcessResult result{WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state), {text.begin(), text.end()}};
    while (result.message.ends_with('\n')) result.message.pop_back();
    return result;
}

}  // namespace cairn::data
