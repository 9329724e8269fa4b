#include "train/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace cairn::train {

namespace {

// The columns, in order, with the digits that matter; one list serves both formats.
std::vector<std::pair<std::string, std::string>> fields(const EpochRecord& r) {
    return {{"epoch", fmt::format("{}", r.epoch)},
            {"loss", fmt::format("{:.6f}", r.loss)},
            {"accuracy", fmt::format("{:.6f}", r.accuracy)},
            {"val_loss", fmt::format("{:.6f}", r.val_loss)},
            {"val_accuracy", fmt::format("{:.6f}", r.val_accuracy)},
            {"seconds", fmt::format("{:.3f}", r.seconds)},
            {"ms_per_step", fmt::format("{:.3f}", r.ms_per_step)},
            {"learning_rate", fmt::format("{:.6g}", r.learning_rate)}};
}

}  // namespace

double History::seconds() const {
    double total = 0;
    for (const EpochRecord& epoch : epochs) total += epoch.seconds;
    return total;
}

std::string History::csv() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : fields({})) names.push_back(name);
    std::string text = fmt::format("{}\n", fmt::join(names, ","));
    for (const EpochRecord& record : epochs) {
        std::vector<std::string> values;
        for (const auto& [name, value] : fields(record)) values.push_back(value);
        text += fmt::format("{}\n", fmt::join(values, ","));
    }
    return text;
}

std::string History::jsonl() const {
    std::string text;
    for (const EpochRecord& record : epochs) {
        std::vector<std::string> members;
        for (const auto& [name, value] : fields(record)) members.push_back(fmt::format("\"{}\": {}", name, value));
        text += fmt::format("{{{}}}\n", fmt::join(members, ", "));
    }
    return text;
}

}  // namespace cairn::train
