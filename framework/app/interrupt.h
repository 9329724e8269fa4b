// Ctrl-C during training: the first one asks it to stop, the second one ends the program at once.
#pragma once

#include <csignal>

namespace cairn::app {

// While it lives, the first SIGINT or SIGTERM is noted; a second one of the same kind does what it does by default. SIGHUP, of
// a terminal that is closed, is noted as often as it comes: shells send it twice. A signal that the program was started to
// ignore (nohup) stays ignored. If nothing moves any more once a signal was noted (core/heartbeat.h), the program ends by it all
// the same: after ten seconds of work, or a minute without any, as on a machine that is busy with others. At most one lives at a time.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    // The signal that came; 0 if none has. Who asks is alive: that counts as a beat.
    int signal() const;

private:
    static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction old_[3]{};
};

}  // namespace cairn::app
