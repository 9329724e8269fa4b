#include "cairn/app/interrupt.h"

#include "cairn/core/heartbeat.h"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <string_view>

namespace cairn::app {

namespace {

volatile std::sig_atomic_t noted = 0;

// The last sign of life; only the handlers use it.
struct Sign {
    std::uint64_t beats = 0;
    std::int64_t time = 0, work = 0;  // seconds that had passed, and those that the program had computed for
} last;

constexpr std::int64_t patience_with_work = 10, patience = 60;

std::int64_t seconds(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return now.tv_sec;
}

Sign sign_now() { return {heartbeat(), seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)}; }

// Nothing has moved for too long.
bool stuck() {
    const Sign now = sign_now();
    if (now.beats != last.beats) last = now;
    const std::int64_t passed = now.time - last.time, worked = now.work - last.work;
    return passed >= patience || (passed >= patience_with_work && worked >= patience_with_work);
}

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
    if (noted != 0 && stuck()) {
        constexpr std::string_view message = "\ncairn: the running step does not end, so the program does\n";
        if (::write(STDERR_FILENO, message.data(), message.size()) < 0) errno = error;  // then it ends silently
        std::signal(noted, SIG_DFL);
        std::raise(noted);
    }
    if (noted != 0) ::alarm(1);
    errno = error;
}

extern "C" void note(int signal) {
    noted = signal;
    last = sign_now();
    set_handler(SIGALRM, end_unless_alive);
    ::alarm(1);
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
