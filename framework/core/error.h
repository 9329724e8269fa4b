// Errors: the library throws and never prints, exits or aborts.
//
//   Error     the caller can mend it: a wrong shape, a bad file, an impossible option. The message says what came,
//             what was expected and what to do.
//   BugError  an invariant of cairn itself is broken; no input should be able to cause one.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace cairn {

class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class BugError : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

template <typename... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
    throw Error(fmt::format(format, std::forward<Args>(args)...));
}

// Throws Error with the formatted message unless `ok`.
template <typename... Args>
void check(bool ok, fmt::format_string<Args...> format, Args&&... args) {
    if (!ok) throw Error(fmt::format(format, std::forward<Args>(args)...));
}

// Throws BugError with the formatted message unless `ok`.
template <typename... Args>
void invariant(bool ok, fmt::format_string<Args...> format, Args&&... args) {
    if (!ok) throw BugError(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cairn
