// The tables of a page, cell by cell, so that a test can read the numbers that a person reads.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::test {

struct HtmlTable {
    std::string caption;
    std::vector<std::vector<std::string>> rows;  // the first is the header; the first cell of the others names the row

    // The row of this name without its name; empty if there is none.
    std::vector<std::string> row(const std::string& name) const {
        for (std::size_t r = 1; r < rows.size(); ++r)
            if (rows[r].at(0) == name) return {rows[r].begin() + 1, rows[r].end()};
        return {};
    }
};

namespace detail {

// The text of a piece of HTML: without its tags, its entities as characters.
inline std::string text_of(std::string_view html) {
    std::string text;
    bool in_tag = false;
    for (const char c : html) {
        if (c == '<') in_tag = true;
        if (!in_tag) text += c;
        if (c == '>') in_tag = false;
    }
    for (const auto& [entity, character] :
         {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
        for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
            text.replace(at, std::string_view(entity).size(), character);
    return text;
}

// The pieces between <name …> and the next </name>.
inline std::vector<std::string_view> elements(std::string_view html, const std::string& name) {
    std::vector<std::string_view> found;
    for (std::size_t at = html.find("<" + name); at != std::string_view::npos; at = html.find("<" + name, at)) {
        const char next = html.at(at + 1 + name.size());
        const std::size_t begin = html.find('>', at) + 1, end = html.find("</" + name + ">", at);
        if (next == '>' || next == ' ') found.push_back(html.substr(begin, end - begin));
        at = begin;
    }
    return found;
}

}  // namespace detail

inline std::vector<HtmlTable> html_tables(std::string_view page) {
    std::vector<HtmlTable> tables;
    for (const std::string_view table : detail::elements(page, "table")) {
        HtmlTable& read = tables.emplace_back();
        for (const std::string_view caption : detail::elements(table, "caption"))
            read.caption = detail::text_of(caption);
        for (const std::string_view row : detail::elements(table, "tr")) {
            std::vector<std::string>& cells = read.rows.emplace_back();
            // Cells are <th> or <td>; what opens one closes it before the next.
            for (std::size_t at = row.find("<t"); at != std::string_view::npos; at = row.find("<t", at)) {
                const std::size_t begin = row.find('>', at) + 1, end = row.find("</t", begin);
                cells.push_back(detail::text_of(row.substr(begin, end - begin)));
                at = end;
            }
        }
    }
    return tables;
}

// The table with this caption; empty if there is none.
inline HtmlTable html_table(std::string_view page, const std::string& caption) {
    for (HtmlTable& table : html_tables(page))
        if (table.caption == caption) return std::move(table);
    return {};
}

// The paragraphs, warnings included.
inline std::vector<std::string> html_paragraphs(std::string_view page) {
    std::vector<std::string> texts;
    for (const std::string_view paragraph : detail::elements(page, "p")) texts.push_back(detail::text_of(paragraph));
    return texts;
}

}  // namespace cairn::test
