#include "cairn/core/text.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

// Catches what a terminal would obey: escape sequences, their one-byte forms, reversed text; and bytes that are not UTF-8.
TEST(Text, PlainTextHasNoCommandsForATerminal) {
    for (const char* plain : {"", "cat", "Katze, groß", "猫", "🐈", "a b", "100 %"})
        EXPECT_TRUE(is_plain_text(plain)) << plain;
    for (const char* other :
         {"\x1b[31m", "a\nb", "a\tb", "a\x7f",
          "\xc2\x9b"
          "31m",
          "\xe2\x80\xae"
          "gpj",
          "\xe2\x81\xa6", "\xe2\x80\xa8", "caf\xe9", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
        EXPECT_FALSE(is_plain_text(other)) << printable(other);
    EXPECT_FALSE(is_plain_text(std::string_view("a\0b", 3)));
}

TEST(Text, WhatIsNotPlainIsSpelledOut) {
    EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
    EXPECT_EQ(printable("groß\n\xe9"), "groß\\x0a\\xe9");
    EXPECT_EQ(printable("one\ntwo\r", true), "one\ntwo\\x0d");
    EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");
    EXPECT_EQ(printable("abcdef", false, 4), "abcd…");
    EXPECT_EQ(printable("abcd", false, 4), "abcd");
}

}  // namespace
}  // namespace cairn
