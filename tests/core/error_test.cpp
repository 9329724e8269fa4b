#include "cairn/core/error.h"

#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using test::error_message;

// Catches a check that throws although it holds, throws the wrong type, or loses its values.
TEST(Error, CheckAndInvariantThrowOnlyWhenBroken) {
    EXPECT_NO_THROW(check(true, "never {}", "shown"));
    EXPECT_NO_THROW(invariant(true, "never {}", "shown"));
    EXPECT_EQ(error_message<Error>([] { check(false, "expected {} but got {}", 3, "x"); }), "expected 3 but got x");
    EXPECT_EQ(error_message<BugError>([] { invariant(false, "expected {} but got {}", 3, "x"); }),
              "expected 3 but got x");
    EXPECT_EQ(error_message<Error>([] { fail("no {}", "luck"); }), "no luck");
}

// Catches one type derived from the other: whoever handles user errors must not swallow bugs.
TEST(Error, TheTwoTypesAreUnrelated) {
    static_assert(!std::is_base_of_v<Error, BugError> && !std::is_base_of_v<BugError, Error>);
    EXPECT_THROW(check(false, "mine"), std::runtime_error);
    EXPECT_THROW(invariant(false, "ours"), std::logic_error);
}

// Catches a message that is itself taken for a format: a file may be called "{}".
TEST(Error, ArgumentsAreNotFormats) {
    EXPECT_EQ(error_message([] { fail("cannot read {}", "{}.png"); }), "cannot read {}.png");
}

}  // namespace
}  // namespace cairn
