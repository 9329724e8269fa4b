#include "cairn/app/output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace cairn::app {

namespace {

Delivery delivery;

bool nobody_reads() {
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

}  // namespace

void prepare_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) ::open("/dev/null", O_RDONLY);  // the lowest number is free
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // a line is seen when it is printed, also through a pipe
}

void complain(const std::string& text) noexcept {
    std::fflush(stdout);
    std::fputs(text.c_str(), stderr);
}

void say_text(const std::string& text) {
    delivery.work_went_on = true;
    errno = 0;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (!written && delivery.error == 0) delivery.error = errno;
}

Delivery deliver_output() {
    errno = 0;
    const bool flushed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    // Of a write that failed before, and was not said, only the fact is known.
    if (!flushed && delivery.error == 0) delivery.error = errno != 0 ? errno : nobody_reads() ? EPIPE : EIO;
    return delivery;
}

}  // namespace cairn::app
