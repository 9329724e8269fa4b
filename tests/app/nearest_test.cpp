#include "cairn/app/nearest.h"

#include <gtest/gtest.h>

namespace {

using cairn::app::nearest;
using cairn::app::suggestion;

const std::vector<std::string> known{"models", "summary", "train", "evaluate", "simple-cnn", "mlp-l2", "mlp-bn"};

// Catches a distance that counts only one kind of mistake, and far-fetched suggestions.
TEST(Nearest, FindsMistypedWords) {
    const std::pair<const char*, const char*> cases[] = {
        {"train", "train"},            // as it is
        {"trian", "train"},            // two letters swapped: two replacements
        {"trai", "train"},             // one missing
        {"summmary", "summary"},       // one too many
        {"sinple-cnn", "simple-cnn"},  // one wrong
        {"simple_cnn", "simple-cnn"},
        {"mlp-xy", "mlp-l2"},  // two wrong of six; as deletions and insertions they would be four
        {"mlp", "mlp-l2"},     // three of six: just near enough; the first of two as near
        {"mlp-b", "mlp-bn"},
        {"reproduce", ""},  // nothing like it
        {"", ""},
        {"x", ""},
    };
    for (const auto& [word, expected] : cases) EXPECT_EQ(nearest(word, known), expected) << word;
    EXPECT_EQ(nearest("train", {}), "");
    const std::vector<std::string> options{"--help", "--learning-rate"};
    EXPECT_EQ(nearest("--hlep", options), "--help");
    EXPECT_EQ(nearest("--lr", options), "");  // half of it is as in --help, but that half is the dashes
}

TEST(Nearest, SuggestionEndsAMessage) {
    EXPECT_EQ(suggestion("trian", known), "; did you mean train?");
    EXPECT_EQ(suggestion("reproduce", known), "");
}

}  // namespace
