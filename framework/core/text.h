// Text that somebody else may have written, as a person may see it.
#pragma once

#include <string>
#include <string_view>

namespace cairn {

// Whether it is UTF-8 without control characters: neither line breaks nor what a terminal takes for a command, nor the characters
// that reverse the direction of the text around them.
bool is_plain_text(std::string_view text);

// The text with \x1b and the like for each byte that is_plain_text would refuse, so that a terminal shows it and does nothing else.
// Line breaks stay if `lines`. Of a text of more than `most` bytes the rest is left out.
std::string printable(std::string_view text, bool lines = false, std::size_t most = 100'000);

}  // namespace cairn
