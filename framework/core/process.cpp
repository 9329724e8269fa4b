#include "cairn/core/process.h"

#include "cairn/core/error.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
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

// What the program reads: a file, or a temporary one without a name. A pipe would need someone to fill it meanwhile.
File input_of(const ProcessOptions& options) {
    if (!options.input_file.empty()) {
        File file(std::fopen(options.input_file.c_str(), "re"), std::fclose);
        check(file != nullptr, "cannot read {}: {}", options.input_file.string(), std::strerror(errno));
        return file;
    }
    const std::string& text = options.input;
    File file(text.empty() ? std::fopen("/dev/null", "r+") : std::tmpfile(), std::fclose);
    check(file != nullptr && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
              std::fflush(file.get()) == 0,
          "cannot write a temporary file: {}", std::strerror(errno));
    std::rewind(file.get());
    ::fcntl(::fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
}

// Hands on what the pipe holds. Returns false at its end. An output that cannot be read is an error, not an end: the
// child would wait for ever to write the rest of it.
bool read_some(const Pipe& pipe, const std::function<void(std::string_view)>& take) {
    char part[16384];
    const ssize_t got = ::read(pipe.reader(), part, sizeof part);
    check(got >= 0 || errno == EINTR, "cannot read what a program prints: {}", std::strerror(errno));
    if (got > 0) take({part, static_cast<std::size_t>(got)});
    return got != 0;
}

// A process that was started. It is ended if nobody waited for it, as when its output cannot be read.
class Child {
public:
    explicit Child(pid_t id) : id_(id) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {}
    }

    // Returns its state, as waitpid gives it.
    int wait() {
        int state = 0;
        while (::waitpid(id_, &state, 0) < 0)
            check(errno == EINTR, "cannot wait for a process: {}", std::strerror(errno));
        id_ = 0;
        return state;
    }

private:
    pid_t id_;
};

// Reads the child's outputs to their ends and waits for its own.
ProcessResult result_of(pid_t id, Outputs& outputs, const std::function<void(const RunningProcess&)>& watch,
                        const std::function<void(std::string_view)>& output) {
    Child child(id);
    outputs.out.close_writer();
    outputs.err.close_writer();
    ProcessResult result;
    const auto keep = [](std::string& text) { return [&](std::string_view part) { text += part; }; };
    const std::function<void(std::string_view)> take = output ? output : keep(result.out);
    pollfd open[] = {{outputs.out.reader(), POLLIN, 0}, {outputs.err.reader(), POLLIN, 0}};
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        if (::poll(open, 2, watch ? 100 : -1) > 0) {
            if (open[0].revents != 0 && !read_some(outputs.out, take)) open[0].fd = -1;
            if (open[1].revents != 0 && !read_some(outputs.err, keep(result.err))) open[1].fd = -1;
        }
        if (watch) watch({id, result.out});
    }
    const int state = child.wait();
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
    const File input = input_of(options);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    sigset_t usual;
    sigemptyset(&usual);
    for (const int ignored : {SIGPIPE, SIGXFSZ}) sigaddset(&usual, ignored);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, options.folder.c_str());
    posix_spawn_file_actions_adddup2(&files, ::fileno(input.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, outputs.out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, outputs.err.writer(), STDERR_FILENO);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &files, &how, argv.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOENT && std::filesystem::is_directory(options.folder)) return std::nullopt;
    check(error == 0, "cannot start {} in {}: {}", arguments[0], options.folder.string(), std::strerror(error));
    return result_of(child, outputs, options.watch, options.output);
}

ProcessResult run_copy(const std::function<void()>& body, std::chrono::milliseconds patience) {
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
    if (patience == forever) return result_of(child, outputs, {}, {});
    const auto end = std::chrono::steady_clock::now() + patience;
    const auto watch = [end](const RunningProcess& copy) {
        if (std::chrono::steady_clock::now() > end) ::kill(copy.id, SIGKILL);
    };
    return result_of(child, outputs, watch, {});
}

}  // namespace cairn
