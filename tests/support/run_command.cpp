#include "support/run_command.h"

#include "core/error.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace cairn::test {

namespace {

struct Pipe {
    int read = -1, write = -1;
};

Pipe open_pipe() {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0, "cannot open a pipe");
    return {ends[0], ends[1]};
}

// "NAME=value" of this process, changed as asked.
std::vector<std::string> environment(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string text = *variable;
        if (!changes.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : changes)
        if (!value.empty()) all.push_back(name + "=" + value);
    return all;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> all;
    for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
    all.push_back(nullptr);
    return all;
}

// In the child process: only calls that are safe between fork and exec.
[[noreturn]] void become(char** words, char** variables, const CommandOptions& options, const Pipe& out,
                         const Pipe& err) {
    ::signal(SIGINT, SIG_DFL);  // a test that runs in the background may have been started with SIGINT ignored
    ::signal(SIGTERM, SIG_DFL);
    if (options.largest_file > 0) {
        ::signal(SIGXFSZ, SIG_IGN);  // so that write() fails instead of ending the program
        const rlimit limit{options.largest_file, options.largest_file};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    const int null = ::open("/dev/null", O_RDONLY);
    const bool ready = ::dup2(null, STDIN_FILENO) >= 0 && ::dup2(out.write, STDOUT_FILENO) >= 0 &&
                       ::dup2(err.write, STDERR_FILENO) >= 0 && ::chdir(options.folder.c_str()) == 0;
    if (ready) ::execve(words[0], words, variables);
    ::_exit(127);
}

// Reads both pipes to their ends.
void collect(pid_t child, const CommandOptions& options, int out, int err, CommandResult& result) {
    std::array<pollfd, 2> open{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
    bool to_signal = !options.signal_at.empty();
    while (open[0].fd >= 0 || open[1].fd >= 0) {
        ::poll(open.data(), open.size(), -1);
        for (pollfd& end : open) {
            if (end.fd < 0 || end.revents == 0) continue;
            std::array<char, 4096> buffer{};
            const ssize_t got = ::read(end.fd, buffer.data(), buffer.size());
            if (got > 0) (end.fd == out ? result.out : result.err).append(buffer.data(), static_cast<std::size_t>(got));
            else end.fd = -1;
        }
        if (to_signal && result.out.find(options.signal_at) != std::string::npos) {
            ::kill(child, options.signal);
            to_signal = false;
        }
    }
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& words, const CommandOptions& options) {
    const std::vector<std::string> variables = environment(options.environment);
    std::vector<char*> argv = pointers(words), envp = pointers(variables);
    const Pipe out = open_pipe(), err = open_pipe();
    const pid_t child = ::fork();
    check(child >= 0, "cannot start {}", words.front());
    if (child == 0) become(argv.data(), envp.data(), options, out, err);
    ::close(out.write);
    ::close(err.write);
    CommandResult result;
    collect(child, options, out.read, err.read, result);
    ::close(out.read);
    ::close(err.read);
    int status = 0;
    ::waitpid(child, &status, 0);
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    check(result.status != 127, "cannot start {}", words.front());
    return result;
}

}  // namespace cairn::test
