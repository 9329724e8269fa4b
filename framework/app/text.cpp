#include "cairn/app/text.h"

#include "cairn/core/error.h"
#include "cairn/core/text.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace cairn::app {

std::size_t width_of(const std::string& text) {
    // The bytes 10xxxxxx continue a character.
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

void TextTable::add(std::vector<std::string> row) {
    invariant(row.size() == columns_.size(), "a row of {} cells in a table of {} columns", row.size(), columns_.size());
    for (std::string& cell : row) cell = printable(cell);  // a name may come from a file
    rows_.push_back(std::move(row));
}

std::vector<std::string> TextTable::lines() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));

    std::vector<std::string> lines;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (columns_[c] == Align::hidden) continue;
            const std::string padding(widths[c] - width_of(row[c]), ' ');
            line += (c == 0 ? "" : "  ") + (columns_[c] == Align::left ? row[c] + padding : padding + row[c]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string TextTable::str() const {
    std::string text;
    for (const std::string& line : lines()) text += line + "\n";
    return text;
}

std::string quoted(const std::string& word) {
    const bool plain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
        return std::isalnum(c) || c >= 0x80 || std::strchr("-_./:=,+@%", c) != nullptr;
    });
    if (plain) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    return text + "'";
}

std::string counted(std::int64_t number, const std::string& things) {
    return fmt::format("{} {}{}", number, things, number == 1 ? "" : "s");
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::ptrdiff_t first = number < 0 ? 1 : 0;
    for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > first; i -= 3)
        digits.insert(static_cast<std::size_t>(i), 1, ',');
    return digits;
}

std::string memory_size(std::int64_t bytes) {
    auto size = static_cast<double>(bytes);
    const char* const units[] = {"B", "KB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < std::size(units); ++unit) size /= 1024;
    return fmt::format("{:.2f} {}", size, units[unit]);
}

}  // namespace cairn::app
