#include "cairn/report/repeated_run.h"

#include "cairn/core/error.h"
#include "cairn/report/wording.h"

#include <algorithm>

namespace cairn::report {

metrics::Scores RepeatedRun::test() const {
    metrics::Scores result;
    for (const auto& [key, score] : metrics::named_scores)
        result.*score = mean([score = score](const train::RunRecord& seed) { return seed.test.*score; });
    return result;
}

// fmin and fmax take the other number where one is NaN.
double RepeatedRun::lowest_accuracy() const {
    double lowest = metrics::unknown;
    for (const train::RunRecord& seed : seeds) lowest = std::fmin(lowest, seed.test.accuracy);
    return lowest;
}

double RepeatedRun::highest_accuracy() const {
    double highest = metrics::unknown;
    for (const train::RunRecord& seed : seeds) highest = std::fmax(highest, seed.test.accuracy);
    return highest;
}

double RepeatedRun::last_five() const {
    return mean([](const train::RunRecord& seed) { return mean_of_last_five(seed.history.epochs); });
}

double RepeatedRun::notebook_last_five() const {
    return notebook ? mean_of_last_five(notebook->curves.epochs) : metrics::unknown;
}

Curves RepeatedRun::curves() const {
    Curves result{name, first().history.epochs};
    for (const train::RunRecord& seed : seeds)
        result.epochs.resize(std::min(result.epochs.size(), seed.history.epochs.size()));
    for (std::size_t e = 0; e < result.epochs.size(); ++e)
        for (const auto member : {&train::EpochRecord::accuracy, &train::EpochRecord::loss,
                                  &train::EpochRecord::val_accuracy, &train::EpochRecord::val_loss})
            result.epochs[e].*member =
                mean([&](const train::RunRecord& seed) { return seed.history.epochs[e].*member; });
    return result;
}

std::string RepeatedRun::verdict() const {
    if (!notebook) return "–";
    for (const train::RunRecord& seed : seeds)
        if (!differences(seed, *notebook).empty() || seed.history.interrupted) return "other settings";
    const double is = last_five(), was = notebook_last_five();
    if (std::isnan(is) || std::isnan(was)) return "–";
    return is >= was - notebook->tolerance() ? "agrees" : "below";
}

std::vector<RepeatedRun> read_repeated_runs(const std::vector<ReproducedRun>& reproduced) {
    std::vector<RepeatedRun> runs;
    for (const ReproducedRun& of : reproduced) {
        check(!of.seeds.empty(), "the run '{}' has no folder to compare; train it first", of.run);
        RepeatedRun& run = runs.emplace_back();
        run.name = of.run;
        for (const std::filesystem::path& folder : of.seeds) {
            run.seeds.push_back(train::read_run(folder));
            check(run.seeds.back().tested,
                  "{} has no metrics.json: its training has not come to its end; go on: {} train --resume {}",
                  folder.string(), program().command, folder.string());
        }
        if (std::ranges::all_of(run.seeds, on_cifar10)) run.notebook = notebook_run(of.run);
    }
    return runs;
}

}  // namespace cairn::report
