#include "report/repeated_run.h"

#include "core/error.h"

#include <algorithm>

namespace cairn::report {

namespace {

std::optional<double> extreme(const RepeatedRun& run, bool highest) {
    std::optional<double> found;
    for (const RunRecord& seed : run.seeds)
        if (const std::optional<double> accuracy = seed.test.accuracy)
            if (!found || (highest ? *accuracy > *found : *accuracy < *found)) found = accuracy;
    return found;
}

}  // namespace

std::optional<double> RepeatedRun::lowest_accuracy() const { return extreme(*this, false); }
std::optional<double> RepeatedRun::highest_accuracy() const { return extreme(*this, true); }

std::optional<double> RepeatedRun::last_five() const {
    return mean([](const RunRecord& seed) { return mean_of_last_five(seed.curves.val_accuracy); });
}

std::optional<double> RepeatedRun::notebook_last_five() const {
    return notebook ? mean_of_last_five(notebook->curves.val_accuracy) : std::nullopt;
}

Curves RepeatedRun::curves() const {
    Curves result = first().curves;
    result.name = name;
    for (auto member : {&Curves::accuracy, &Curves::loss, &Curves::val_accuracy, &Curves::val_loss}) {
        std::vector<double>& sums = result.*member;
        for (const RunRecord& seed : seeds) sums.resize(std::min(sums.size(), (seed.curves.*member).size()));
        for (std::size_t e = 0; e < sums.size(); ++e)
            sums[e] = *mean([&](const RunRecord& seed) { return std::optional((seed.curves.*member)[e]); });
    }
    return result;
}

std::string RepeatedRun::verdict() const {
    if (!notebook) return "–";
    for (const RunRecord& seed : seeds)
        if (!differences(seed, *notebook).empty() || seed.interrupted) return "other settings";
    const std::optional<double> is = last_five(), was = notebook_last_five();
    if (!is || !was) return "–";
    return *is >= *was - notebook->tolerance() ? "agrees" : "below";
}

std::vector<RepeatedRun> read_repeated_runs(const std::vector<ReproducedRun>& reproduced) {
    std::vector<RepeatedRun> runs;
    for (const ReproducedRun& of : reproduced) {
        check(!of.seeds.empty(), "the run '{}' has no folder to compare; train it first", of.run);
        RepeatedRun& run = runs.emplace_back();
        run.name = of.run;
        for (const std::filesystem::path& folder : of.seeds) run.seeds.push_back(read_run(folder));
        if (std::ranges::all_of(run.seeds, &RunRecord::on_cifar10)) run.notebook = notebook_run(of.run);
    }
    return runs;
}

}  // namespace cairn::report
