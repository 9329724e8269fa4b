// Which word did you mean?
#pragma once

#include <string>
#include <vector>

namespace cairn::app {

// The known word with the smallest edit distance to `word` (insertions, deletions and replacements of a character;
// Levenshtein 1966), the first of several; "" if none is near: if more than half of the longer word would have to
// change.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

// "; did you mean simple-cnn?" for the end of a message, or "" if no known word is near.
std::string suggestion(const std::string& word, const std::vector<std::string>& known);

}  // namespace cairn::app
