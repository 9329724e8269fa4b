// What a program says, and where that may be lost: a terminal that was closed, a full disk, `| head`. Work that took hours must
// not end for it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace cairn::app {

// For the first line of a program. Standard streams that are closed are opened, so that no file takes their numbers and is
// written over by a message; writing to them fails all the same. SIGPIPE and SIGXFSZ, which would end the program without a
// word, are ignored: what is written into a closed pipe, or beyond the largest file allowed, fails with a reason.
void prepare_streams();

// Writes to the error output as far as that is possible. Never throws.
void complain(const std::string& text) noexcept;

// For work that goes on whoever listens: writes to the standard output, and does not throw where that fails.
void say_text(const std::string& text);
template <typename... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
    say_text(fmt::format(format, std::forward<Args>(args)...));
}

// Whether all that was printed to the standard output has arrived there, for the end of a program.
struct Delivery {
    int error = 0;              // why something is lost, as errno tells it; 0 if nothing is
    bool work_went_on = false;  // say() was used
};
Delivery deliver_output();

}  // namespace cairn::app
