// Numbers and sentences that both reports use.
#pragma once

#include "cairn/core/duration.h"
#include "cairn/core/program.h"
#include "cairn/report/notebook_runs.h"

#include <fmt/format.h>

#include <cmath>

namespace cairn::report {

// "0.6905"; a dash where there is no number.
inline std::string text(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "–"; }

// "+0.0012" or "−0.0004": the first minus the second.
inline std::string difference(double value, double from) {
    const double delta = value - from;
    return std::isnan(delta) ? "–" : fmt::format("{}{:.4f}", delta < 0 ? "−" : "+", std::abs(delta));
}

// How long it took; a dash where nobody noted it.
inline std::string time_text(double seconds) { return std::isnan(seconds) ? "–" : duration(seconds); }

// For a CSV file: six digits, or an empty field where there is no number.
inline std::string field(double value) { return std::isfinite(value) ? fmt::format("{:.6g}", value) : ""; }

// "CIFAR-10", or the name of another data set as it is.
inline std::string data_name(const std::string& dataset) { return dataset == "cifar-10" ? "CIFAR-10" : dataset; }
inline bool on_cifar10(const train::RunRecord& run) { return run.config.dataset == "cifar-10"; }

// What a page must say when its numbers are not about CIFAR-10.
inline std::string not_cifar10(const std::string& dataset) {
    return fmt::format(
        "These images are {}, not CIFAR-10. Nothing here can be compared with the notebooks or with published CIFAR-10 "
        "results. To fetch CIFAR-10: {} data fetch cifar10",
        dataset, program().command);
}

// The notebook's curves, as far as they may be compared, under another name.
inline Curves shown(const NotebookRun& notebook, const std::string& name) {
    Curves curves{name, notebook.curves.epochs};
    if (!notebook.training_curve)
        for (train::EpochRecord& epoch : curves.epochs) epoch.accuracy = epoch.loss = metrics::unknown;
    return curves;
}

inline constexpr const char* how_to_compare =
    "The notebooks' numbers are single runs without a fixed seed. The same code moves by about one point of accuracy "
    "(0.01) "
    "from run to run, and with batch normalization validation swings by several points from epoch to epoch.";

}  // namespace cairn::report
