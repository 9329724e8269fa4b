#include "cairn/core/process.h"

#include "cairn/core/error.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace cairn {

namespace {

class Pipe {
public:
    Pipe() {
        check(::pipe(ends_) == 0, "cannot make a pipe: {}", std::strerror(errno));
        for (const int end : ends_) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_writer();
        ::close(reader());
    }

    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }
    // The reader meets the end only when nobody can write any more.
    void close_writer() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }

private:
    int ends_[2];
};

// The two outputs of a child.
struct Outputs {
    Pipe out, err;
};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// A temporary file without a name, to be read from its beginning. A pipe would need someone to fill it meanwhile.
File file_with(const std::string& text) {
    File file(text.empty() ? std::fopen("/dev/null", "r+") : std::tmpfile(), std::fclose);
    check(file != nullptr && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
              std::fflush(file.get()) == 0,
          "cannot write a temporary file: {}", std::strerror(errno));
    std::rewind(file.get());
    ::fcntl(::fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
}

// Appends what the pipe holds. Returns false at its end.
bool read_some(const Pipe& pipe, std::string& text) {
    char part[4096];
    const ssize_t got = ::read(pipe.reader(), part, sizeof part);
    if (got > 0) text.append(part, static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
}

// Reads the child's outputs to their ends and waits for its own.
ProcessResult result_of(pid_t child, Outputs& outputs, const std::function<void(const RunningProcess&)>& watch) {
    outputs.out.close_writer();
    outputs.err.close_writer();
    ProcessResult result;
    pollfd open[] = {{outputs.out.reader(), POLLIN, 0}, {outputs.err.reader(), POLLIN, 0}};
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        if (::poll(open, 2, watch ? 100 : -1) > 0) {
            if (open[0].revents != 0 && !read_some(outputs.out, result.out)) open[0].fd = -1;
            if (open[1].revents != 0 && !read_some(outputs.err, result.err)) open[1].fd = -1;
        }
        if (watch) watch({child, result.out});
    }
    int state = 0;
    while (::waitpid(child, &state, 0) < 0)
        check(errno == EINTR, "cannot wait for a process: {}", std::strerror(errno));
    result.signal = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
    result.status = result.signal != 0 ? 128 + result.signal : WEXITSTATUS(state);
    return result;
}

}  // namespace

std::string ProcessResult::message() const { return err.substr(0, err.find_last_not_of('\n') + 1); }

std::optional<ProcessResult> run_program(const std::vector<std::string>& arguments, const ProcessOptions& options) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    Outputs outputs;
    const File input = file_with(options.input);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, options.folder.c_str());
    posix_spawn_file_actions_adddup2(&files, ::fileno(input.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, outputs.out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, outputs.err.writer(), STDERR_FILENO);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOENT && std::filesystem::is_directory(options.folder)) return std::nullopt;
    check(error == 0, "cannot start {} in {}: {}", arguments[0], options.folder.string(), std::strerror(error));
    return result_of(child, outputs, options.watch);
}

ProcessResult run_copy(const std::function<void()>& body) {
    Outputs outputs;
    std::fflush(stdout);  // or the copy would print it again
    const pid_t child = ::fork();
    check(child >= 0, "cannot start a process: {}", std::strerror(errno));
    if (child == 0) {
        ::dup2(outputs.out.writer(), STDOUT_FILENO);
        ::dup2(outputs.err.writer(), STDERR_FILENO);
        body();
        std::fflush(stdout);
        ::_exit(0);
    }
    return result_of(child, outputs, {});
}

}  // namespace cairn
