#include "cairn/train/history.h"

#include "cairn/core/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>

namespace cairn::train {

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t most_epochs = 100'000, most_columns = 1000;  // that are read

// NaN has a sign, which depends on the processor and means nothing.
template <typename T>
std::string written(T value, const char* format) {
    if (std::isnan(static_cast<double>(value))) return "nan";
    return fmt::format(fmt::runtime(format), value);
}

// A record's columns, each as the text that `text` makes of its name and its value with the digits that matter.
template <typename F>
Words columns_of(const EpochRecord& record, const std::vector<std::string>& metrics, const F& text) {
    Words columns;
    for_each_column(record, [&](const char* name, const auto& value, const char* format) {
        columns.push_back(text(name, written(value, format)));
    });
    const auto add = [&](const std::string& name, const std::vector<double>& values, std::size_t i) {
        columns.push_back(text(name, i < values.size() ? written(values[i], "{:.6f}") : ""));
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
        // JSON has no word for a number that is not finite, nor for one that nobody noted.
        const bool number = !value.empty() && value.find_first_of("ni") == std::string::npos;
        return fmt::format("{}: {}", nlohmann::json(name).dump(), number ? value : "null");
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
    // The first of equal ones. NaN is no improvement on anything, and is itself improved on by every number.
    const auto best = std::ranges::min_element(history.epochs, {}, [](const EpochRecord& epoch) {
        return std::isnan(epoch.val_loss) ? std::numeric_limits<double>::infinity() : epoch.val_loss;
    });
    return patience > 0 && history.epochs.end() - best > patience;
}

std::vector<EpochRecord> parse_csv(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::string line;
    std::getline(lines, line);
    const Words names = split(line);
    check(names.size() <= most_columns, "a history has at most {} columns, not {}", most_columns, names.size());
    std::vector<EpochRecord> epochs;
    while (std::getline(lines, line)) {
        check(epochs.size() < most_epochs, "a history has at most {} epochs; it has more lines", most_epochs);
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
