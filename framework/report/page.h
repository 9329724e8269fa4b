// An HTML page in one file: no script, nothing from the network, and every text escaped.
#pragma once

#include "cairn/report/gnuplot.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::report {

// The text for use in HTML, in an element or in a quoted attribute.
std::string escape(std::string_view text);

// An SVG drawing as an element of a page: without the XML declaration, with ids that begin with `prefix`, so that several
// drawings do not share them, and with `label` as its text for screen readers.
std::string inline_svg(std::string_view svg, const std::string& prefix, const std::string& label);

using Row = std::vector<std::string>;  // cells

class Page {
public:
    explicit Page(std::string title);

    // A heading that begins a section.
    void section(std::string_view heading);
    void paragraph(std::string_view text);
    void warning(std::string_view text);  // a paragraph that nobody should miss
    void code(std::string_view text);
    // The first column names the rows; columns in which every cell begins like a number are aligned to the right.
    void table(std::string_view caption, const Row& header, const std::vector<Row>& rows);
    // Draws the figure and shows the drawing; nothing where it could not be drawn. The caption ends with the name of its
    // data. Figures that follow each other stand side by side where there is room.
    void figure(Gnuplot& gnuplot, const Figure& figure, std::string_view caption);

    std::string html() const;

private:
    void end_figures();

    std::string title_, body_;
    bool in_section_ = false, in_figures_ = false;
};

}  // namespace cairn::report
