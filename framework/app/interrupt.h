// Ctrl-C during training: the first one asks it to stop, the second one ends the program at once.
#pragma once

#include <csignal>

namespace cairn::app {

// While it lives, the first SIGINT or SIGTERM is noted; a second one of the same kind does what it does by default. A
// signal that the program was started to ignore (nohup) stays ignored. At most one lives at a time.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    // The signal that came; 0 if none has.
    int signal() const;

private:
    struct sigaction old_int_ {};
    struct sigaction old_term_ {};
};

}  // namespace cairn::app
