// One of the notebooks' runs, repeated with several seeds: means, spread, and whether it agrees with the notebook.
#pragma once

#include "report/notebook_runs.h"
#include "report/report.h"
#include "report/run_record.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::report {

struct RepeatedRun {
    std::string name;                       // "p2-batchnorm"
    std::vector<RunRecord> seeds;           // at least one
    const NotebookRun* notebook = nullptr;  // null where nothing can be compared

    const RunRecord& first() const { return seeds[0]; }

    // The mean over the seeds that have the value.
    template <typename F>
    std::optional<double> mean(F&& value) const {
        double sum = 0;
        int count = 0;
        for (const RunRecord& seed : seeds)
            if (const std::optional<double> v = value(seed)) sum += *v, ++count;
        return count == 0 ? std::nullopt : std::optional(sum / count);
    }
    std::optional<double> test(std::optional<double> Scores::*score) const {
        return mean([&](const RunRecord& seed) { return seed.test.*score; });
    }
    // Of the test accuracies.
    std::optional<double> lowest_accuracy() const;
    std::optional<double> highest_accuracy() const;
    // The validation accuracy, a mean over the last five epochs and the seeds.
    std::optional<double> last_five() const;
    // The same in the notebook.
    std::optional<double> notebook_last_five() const;
    // Each epoch's mean over the seeds, as far as all of them got.
    Curves curves() const;

    // "agrees" if last_five() is no more than the notebook's tolerance() below the notebook's, else "below"; "other
    // settings" where the settings differ from the notebook's, and "–" where nothing can be compared.
    std::string verdict() const;
};

// Reads the folders of the runs. Throws Error for a run without one.
std::vector<RepeatedRun> read_repeated_runs(const std::vector<ReproducedRun>& reproduced);

}  // namespace cairn::report
