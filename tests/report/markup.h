// A check that XML or HTML is well formed, as far as cairn writes it.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::test {

// The first tag that is not closed, closes nothing, or repeats an id; empty if there is none.
inline std::string markup_fault(std::string_view text) {
    static const std::set<std::string> never_closed = {"meta", "br", "img", "!DOCTYPE", "?xml"};
    std::vector<std::string> open;
    std::set<std::string> ids;
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
        std::size_t end = at + 1;
        for (char quote = 0; end < text.size() && (quote != 0 || text[end] != '>'); ++end)
            if (quote == 0 && (text[end] == '"' || text[end] == '\'')) quote = text[end];
            else if (text[end] == quote) quote = 0;
            else if (text[end] == '<') return "< inside a tag: " + std::string(text.substr(at, 60));
        if (end == text.size()) return "a tag has no end: " + std::string(text.substr(at, 60));
        const std::string tag(text.substr(at, end - at));
        const bool closes = tag[1] == '/';
        std::size_t name_end = 1 + (closes ? 1 : 0);
        while (name_end < tag.size() && std::isspace(static_cast<unsigned char>(tag[name_end])) == 0 &&
               tag[name_end] != '/')
            ++name_end;
        const std::string name = tag.substr(closes ? 2 : 1, name_end - (closes ? 2 : 1));
        if (closes) {
            if (open.empty() || open.back() != name) return "closes nothing: " + tag;
            open.pop_back();
        } else {
            for (const char* quote : {" id='", " id=\""})
                if (const std::size_t id = tag.find(quote); id != std::string::npos)
                    if (!ids.insert(tag.substr(id + 5, tag.find(quote[4], id + 5) - id - 5)).second)
                        return "an id twice: " + tag;
            if (tag.back() != '/' && !never_closed.contains(name)) open.push_back(name);
        }
        at = end;
    }
    return open.empty() ? "" : "never closed: " + open.back();
}

}  // namespace cairn::test
