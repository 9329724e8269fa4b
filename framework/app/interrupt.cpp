#include "cairn/app/interrupt.h"

namespace cairn::app {

namespace {

volatile std::sig_atomic_t noted = 0;

extern "C" void note(int signal) { noted = signal; }

void listen(int signal, struct sigaction& old) {
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);  // only once; reads and writes go on
    sigemptyset(&action.sa_mask);
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
    noted = 0;
    listen(SIGINT, old_int_);
    listen(SIGTERM, old_term_);
}

Interrupt::~Interrupt() {
    sigaction(SIGINT, &old_int_, nullptr);
    sigaction(SIGTERM, &old_term_, nullptr);
}

int Interrupt::signal() const { return noted; }

}  // namespace cairn::app
