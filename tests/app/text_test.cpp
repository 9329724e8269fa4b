#include "cairn/app/text.h"

#include <gtest/gtest.h>

namespace {

using namespace cairn::app;

TEST(Text, Numbers) {
    const std::pair<std::int64_t, const char*> groups[] = {
        {0, "0"},       {999, "999"},     {1000, "1,000"}, {167562, "167,562"}, {1578506, "1,578,506"},
        {-123, "-123"}, {-1234, "-1,234"}};
    for (const auto& [number, text] : groups) EXPECT_EQ(grouped(number), text);

    const std::pair<std::int64_t, const char*> sizes[] = {
        {0, "0.00 B"}, {1023, "1023.00 B"}, {1024, "1.00 KB"}, {670248, "654.54 KB"}, {6314024, "6.02 MB"}};
    for (const auto& [bytes, text] : sizes) EXPECT_EQ(memory_size(bytes), text);
}

// Catches bytes that are counted as columns, and spaces left at the ends of lines.
TEST(Text, TablesAreAligned) {
    TextTable table({Align::left, Align::right, Align::left});
    table.add({"class", "n", "note"});
    table.add({"Übergröße", "1,000", ""});
    table.add({"a", "7", "x"});
    EXPECT_EQ(table.str(),
              "class          n  note\n"
              "Übergröße  1,000\n"
              "a              7  x\n");
}

// Catches a column that is left out but keeps its width or its spaces.
TEST(Text, AHiddenColumnIsLeftOut) {
    TextTable table({Align::left, Align::hidden, Align::right});
    table.add({"class", "note", "n"});
    table.add({"cat", "x", "7"});
    EXPECT_EQ(table.str(), "class  n\ncat    7\n");
}

// Catches a word that a shell would split, expand or run, and quotes where nobody needs them.
TEST(Text, WordsAreQuotedForTheShell) {
    const std::pair<const char*, const char*> words[] = {
        {"runs/a-1_b.c", "runs/a-1_b.c"}, {"", "''"},           {"my run", "'my run'"},
        {"it's", "'it'\\''s'"},           {"$HOME", "'$HOME'"}, {"Größe", "Größe"}};
    for (const auto& [word, text] : words) EXPECT_EQ(quoted(word), text);
}

}  // namespace
