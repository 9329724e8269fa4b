// Files of the source tree that are compiled in (cmake/embed.cmake).
#pragma once

#include <string_view>

namespace cairn::report::embedded {

extern const std::string_view notebook_runs;  // datasets/notebook-runs.json
extern const std::string_view page_style;     // framework/report/page.css

// framework/report/*.gnuplot
extern const std::string_view style, lines, confusion, scores, costs, pictures, layers;

}  // namespace cairn::report::embedded
