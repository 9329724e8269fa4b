#include "cairn/report/page.h"

#include "cairn/core/file.h"
#include "cairn/report/embedded.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::report {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// Removes from the first `begin` to the next `end`, both included.
void cut(std::string& text, std::string_view begin, std::string_view end) {
    const std::size_t from = text.find(begin);
    const std::size_t to = from == std::string::npos ? from : text.find(end, from);
    if (to != std::string::npos) text.erase(from, to + end.size() - from);
}

// Numbers, percentages, and the dash that stands for a missing one.
bool is_number(std::string_view cell) {
    if (cell.starts_with("−") || cell == "–") return true;
    return !cell.empty() && ((cell[0] >= '0' && cell[0] <= '9') || cell[0] == '+');
}

// How a cell is set: numbers line up, short words do not break.
std::string_view cell_class(std::string_view cell, bool number) {
    if (number) return " class=\"number\"";
    return cell.size() < 24 && cell.find(' ') == std::string_view::npos ? " class=\"word\"" : "";
}

}  // namespace

std::string escape(std::string_view text) {
    std::string result;
    for (const char c : text) switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\'': result += "&#39;"; break;
            default: result += c;
        }
    return result;
}

std::string inline_svg(std::string_view svg, const std::string& prefix, const std::string& label) {
    std::string text(svg.substr(std::min(svg.find("<svg"), svg.size())));
    cut(text, "<title>", "</title>");
    cut(text, "<desc>", "</desc>");
    for (const char* use : {"id='", "id=\"", "href='#", "href=\"#", "url(#"}) replace_all(text, use, use + prefix);
    if (text.starts_with("<svg")) text.insert(4, fmt::format(" role=\"img\" aria-label=\"{}\"", escape(label)));
    return text;
}

Page::Page(std::string title) : title_(std::move(title)) {}

void Page::end_figures() {
    if (in_figures_) body_ += "</div>\n";
    in_figures_ = false;
}

void Page::section(std::string_view heading) {
    end_figures();
    if (in_section_) body_ += "</section>\n";
    in_section_ = true;
    body_ += fmt::format("<section>\n<h2>{}</h2>\n", escape(heading));
}

void Page::paragraph(std::string_view text) {
    end_figures();
    body_ += fmt::format("<p>{}</p>\n", escape(text));
}

void Page::warning(std::string_view text) {
    end_figures();
    body_ += fmt::format("<p class=\"warning\" role=\"note\">{}</p>\n", escape(text));
}

void Page::code(std::string_view text) {
    end_figures();
    body_ += fmt::format("<pre><code>{}</code></pre>\n", escape(text));
}

void Page::table(std::string_view caption, const Row& header, const std::vector<Row>& rows) {
    end_figures();
    std::vector<bool> number(header.size(), false);
    for (std::size_t c = 1; c < header.size(); ++c)
        number[c] = std::ranges::all_of(rows, [&](const auto& row) { return is_number(row[c]); });
    body_ += fmt::format(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\"><table>\n<caption>{0}</caption>\n"
        "<thead><tr>",
        escape(caption));
    for (std::size_t c = 0; c < header.size(); ++c)
        body_ += fmt::format("<th scope=\"col\"{}>{}</th>", number[c] ? " class=\"number\"" : "", escape(header[c]));
    body_ += "</tr></thead>\n<tbody>\n";
    for (const auto& row : rows) {
        body_ += fmt::format("<tr><th scope=\"row\"{}>{}</th>", cell_class(row[0], false), escape(row[0]));
        for (std::size_t c = 1; c < row.size(); ++c)
            body_ += fmt::format("<td{}>{}</td>", cell_class(row[c], number[c]), escape(row[c]));
        body_ += "</tr>\n";
    }
    body_ += "</tbody></table></div>\n";
}

void Page::figure(Gnuplot& gnuplot, const Figure& figure, std::string_view caption) {
    gnuplot.draw(figure);
    const std::filesystem::path drawing = gnuplot.folder() / (figure.name + ".svg");
    if (!std::filesystem::exists(drawing)) return;
    const std::vector<std::uint8_t> svg = read_file(drawing);
    if (!in_figures_) body_ += "<div class=\"figures\">\n";
    in_figures_ = true;
    body_ += fmt::format(
        "<figure{}><div class=\"card\" role=\"group\" tabindex=\"0\" "
        "aria-label=\"{}\">{}</div>\n<figcaption>{} Data: figures/{}.csv</figcaption>"
        "</figure>\n",
        figure.width > 1000 ? " class=\"wide\"" : "", escape(figure.title),
        inline_svg({reinterpret_cast<const char*>(svg.data()), svg.size()}, figure.name + "-", figure.title),
        escape(caption), figure.name);
}

std::string Page::html() const {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
        "<style>\n{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}{3}{4}</main>\n</body>\n</html>\n",
        escape(title_), embedded::page_style, body_, in_figures_ ? "</div>\n" : "", in_section_ ? "</section>\n" : "");
}

}  // namespace cairn::report
