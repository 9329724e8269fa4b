// One of the notebooks' runs, repeated with several seeds: means, spread, and whether it agrees with the notebook.
#pragma once

#include "cairn/report/notebook_runs.h"
#include "cairn/report/report.h"

#include <cmath>
#include <string>
#include <vector>

namespace cairn::report {

struct RepeatedRun {
    std::string name;                       // "p2-batchnorm"
    std::vector<train::RunRecord> seeds;    // at least one
    const NotebookRun* notebook = nullptr;  // null where nothing can be compared

    const train::RunRecord& first() const { return seeds[0]; }

    // The mean over the seeds of which the value is known.
    template <typename F>
    double mean(const F& value) const {
        double sum = 0;
        int count = 0;
        for (const train::RunRecord& seed : seeds)
            if (const double v = value(seed); !std::isnan(v)) sum += v, ++count;
        return sum / count;  // 0 / 0 is NaN
    }
    // The means of the scores on the test images; without a confusion matrix.
    metrics::Scores test() const;
    // Of the test accuracies.
    double lowest_accuracy() const;
    double highest_accuracy() const;
    // The validation accuracy, a mean over the last five epochs and the seeds.
    double last_five() const;
    // The same in the notebook.
    double notebook_last_five() const;
    // Each epoch's mean over the seeds, as far as all of them got.
    Curves curves() const;

    // "agrees" if last_five() is no more than the notebook's tolerance() below the notebook's, else "below"; "other
    // settings" where the settings differ from the notebook's, and "–" where nothing can be compared.
    std::string verdict() const;
};

// Reads the folders of the runs. Throws Error for a run without one.
std::vector<RepeatedRun> read_repeated_runs(const std::vector<ReproducedRun>& reproduced);

}  // namespace cairn::report
