#include "cairn/core/text.h"

#include <fmt/format.h>

#include <cstdint>

namespace cairn {

namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  // 0: no UTF-8 begins here
};

// RFC 3629: the shortest form only, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
    std::uint32_t code = first & (0x7fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3f);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
    return {code, bytes};
}

bool is_control(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ||                            // C0, delete, C1
           code == 0x2028 || code == 0x2029 ||                                        // line and paragraph
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);  // directions
}

}  // namespace

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        if (bytes == 0 || is_control(code)) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::string printable(std::string_view text, bool lines, std::size_t most) {
    const std::size_t whole = text.size();
    std::string shown;
    while (!text.empty() && whole - text.size() < most) {
        const auto [code, bytes] = first_character(text);
        const bool plain = bytes > 0 && (!is_control(code) || (lines && code == '\n'));
        const std::size_t taken = bytes > 0 ? bytes : 1;
        for (const char c : text.substr(0, taken))
            shown += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        text.remove_prefix(taken);
    }
    if (!text.empty()) shown += "…";
    return shown;
}

}  // namespace cairn
