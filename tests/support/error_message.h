// What an expression throws, as text, so that a test can look at the message.
#pragma once

#include "cairn/core/error.h"

#include <string>

namespace cairn::test {

// The message of the E (Error or BugError) that f() throws; a remark if it throws none. Other exceptions pass through.
template <typename E = Error, typename F>
std::string error_message(const F& f) {
    try {
        f();
    } catch (const E& error) {
        return error.what();
    }
    return "(nothing was thrown)";
}

}  // namespace cairn::test
