// report.html: a run, or a set of runs, on one page that needs no network. Figures are written to figures/ beside it.
#pragma once

#include "cairn/report/figures.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::report {

struct ReportOptions {
    std::vector<Mistake> mistakes;  // most_confident_mistakes(…); none: no such figure
    bool png = false;               // every figure as PNG too
};

// Reads config.json, history.csv and metrics.json of a run and writes report.html and figures/ into the same folder; without
// metrics.json, of a training that has not come to its end, the page holds its learning curves alone. Returns a line for the user if there are figures without a picture, because gnuplot is not installed; else
// nothing. Throws Error if a file is missing, damaged or cannot be written.
std::string write_run_report(const std::filesystem::path& run_folder, const ReportOptions& options = {});

// One of the notebooks' runs, repeated.
struct ReproducedRun {
    std::string run;                           // "p2-batchnorm"
    std::vector<std::filesystem::path> seeds;  // the run folder of each seed
};

// Writes comparison.csv, report.html and figures/ into `folder`: all runs beside the notebooks' numbers. Returns and throws
// as write_run_report; throws Error for a run without a folder.
std::string write_comparison(const std::filesystem::path& folder, const std::vector<ReproducedRun>& runs,
                             const ReportOptions& options = {});

}  // namespace cairn::report
