#include "data/process.h"

#include "core/error.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>

namespace cairn::data {

namespace {

// A temporary file without a name.
class Collector {
public:
    explicit Collector(const std::string& program) : file_(std::tmpfile(), std::fclose) {
        check(file_ != nullptr, "cannot start {}: no temporary file: {}", program, std::strerror(errno));
        ::fcntl(descriptor(), F_SETFD, FD_CLOEXEC);
    }

    int descriptor() const { return ::fileno(file_.get()); }

    std::string text() const {
        std::string all;
        std::rewind(file_.get());
        char part[4096];
        for (std::size_t read = 0; (read = std::fread(part, 1, sizeof part, file_.get())) > 0;) all.append(part, read);
        return all;
    }

private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// The exit status of the child, with a call of `meanwhile` every tenth of a second.
int wait_for(pid_t child, const std::string& program, const std::function<void()>& meanwhile) {
    int state = 0;
    for (pid_t ended = 0; ended != child;) {
        ended = ::waitpid(child, &state, meanwhile ? WNOHANG : 0);
        check(ended >= 0 || errno == EINTR, "cannot wait for {}: {}", program, std::strerror(errno));
        if (ended != 0) continue;
        meanwhile();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

}  // namespace

std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments,
                                         const std::function<void()>& meanwhile, const std::filesystem::path& folder) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    const Collector output(arguments[0]), errors(arguments[0]);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, errors.descriptor(), STDERR_FILENO);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOENT) return std::nullopt;
    check(error == 0, "cannot start {}: {}", arguments[0], std::strerror(error));

    const int status = wait_for(child, arguments[0], meanwhile);
    ProcessResult result{status, output.text(), errors.text()};
    while (result.message.ends_with('\n')) result.message.pop_back();
    return result;
}

}  // namespace cairn::data
