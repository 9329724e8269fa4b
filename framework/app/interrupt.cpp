#include "cairn/app/interrupt.h"

#include "cairn/core/heartbeat.h"

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace cairn::app {

namespace {

volatile std::sig_atomic_t noted = 0;
std::uint64_t beats_before = 0;  // when the alarm was set; only the handlers use it

void set_handler(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;  // reads and writes go on
    if (signal != SIGHUP && signal != SIGALRM) action.sa_flags |= static_cast<int>(SA_RESETHAND);  // only once
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

// All that a handler calls may be called by one.
extern "C" void end_unless_alive(int) {
    const int error = errno;
    if (noted != 0 && heartbeat() == beats_before) {
        constexpr std::string_view message = "\ncairn: the running step does not end, so the program does\n";
        if (::write(STDERR_FILENO, message.data(), message.size()) < 0) errno = error;  // then it ends silently
        std::signal(noted, SIG_DFL);
        std::raise(noted);
    }
    beats_before = heartbeat();
    ::alarm(noted != 0 ? Interrupt::patience : 0);
    errno = error;
}

extern "C" void note(int signal) {
    noted = signal;
    beats_before = heartbeat();
    set_handler(SIGALRM, end_unless_alive);
    ::alarm(Interrupt::patience);
}

}  // namespace

Interrupt::Interrupt() {
    noted = 0;
    for (std::size_t i = 0; i < std::size(signals); ++i) {
        sigaction(signals[i], nullptr, &old_[i]);
        if (old_[i].sa_handler != SIG_IGN) set_handler(signals[i], note);
    }
}

Interrupt::~Interrupt() {
    if (noted != 0) {
        ::alarm(0);
        std::signal(SIGALRM, SIG_DFL);
    }
    for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &old_[i], nullptr);
}

int Interrupt::signal() const {
    beat();
    return noted;
}

}  // namespace cairn::app
