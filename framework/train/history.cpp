#include "cairn/train/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace cairn::train {

namespace {

using Words = std::vector<std::string>;

// A record's columns, each as the text that `text` makes of its name and its value with the digits that matter.
template <typename F>
Words columns_of(const EpochRecord& record, const std::vector<std::string>& metrics, const F& text) {
    Words columns;
    for_each_column(record, [&](const char* name, const auto& value, const char* format) {
        columns.push_back(text(name, fmt::format(fmt::runtime(format), value)));
    });
    const auto add = [&](const std::string& name, const std::vector<double>& values, std::size_t i) {
        columns.push_back(text(name, i < values.size() ? fmt::format("{:.6f}", values[i]) : ""));
    };
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        add(metrics[i], record.metrics, i);
        add("val_" + metrics[i], record.val_metrics, i);
    }
    return columns;
}

Words split(const std::string& line) {
    Words cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
}

double number(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end == text.c_str() ? std::nan("") : value;
}

}  // namespace

double History::seconds() const {
    double total = 0;
    for (const EpochRecord& epoch : epochs) total += epoch.seconds;
    return total;
}

std::string History::csv() const {
    const auto name_of = [](const std::string& name, const std::string&) { return name; };
    const auto value_of = [](const std::string&, const std::string& value) { return value; };
    std::string text = fmt::format("{}\n", fmt::join(columns_of({}, metrics, name_of), ","));
    for (const EpochRecord& record : epochs)
        text += fmt::format("{}\n", fmt::join(columns_of(record, metrics, value_of), ","));
    return text;
}

std::string History::jsonl() const {
    const auto member = [](const std::string& name, const std::string& value) {
        return fmt::format("\"{}\": {}", name, value);
    };
    std::string text;
    for (const EpochRecord& record : epochs)
        text += fmt::format("{{{}}}\n", fmt::join(columns_of(record, metrics, member), ", "));
    return text;
}

bool is_best(const History& history) {
    const std::vector<EpochRecord>& epochs = history.epochs;
    return !epochs.empty() && std::all_of(epochs.begin(), epochs.end() - 1, [&](const EpochRecord& earlier) {
        return earlier.val_accuracy < epochs.back().val_accuracy;
    });
}

bool EarlyStopping::operator()(const History& history) const {
    const auto best = std::ranges::min_element(history.epochs, {}, &EpochRecord::val_loss);  // the first of equal ones
    return patience > 0 && history.epochs.end() - best > patience;
}

std::vector<EpochRecord> parse_csv(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::string line;
    std::getline(lines, line);
    const Words names = split(line);
    std::vector<EpochRecord> epochs;
    while (std::getline(lines, line)) {
        const Words cells = split(line);
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < std::min(names.size(), cells.size()); ++i) row[names[i]] = cells[i];
        EpochRecord& record = epochs.emplace_back();
        for_each_column(record, [&](const char* name, auto& value, const char*) {
            if constexpr (std::is_same_v<decltype(value), int&>) value = static_cast<int>(epochs.size());
            else value = number(row[name]);
        });
    }
    return epochs;
}

}  // namespace cairn::train
