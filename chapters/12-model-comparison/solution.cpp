// Chapter 12: one right answer.
#include "chapters/12-model-comparison/exercise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

namespace exercise {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
    std::istringstream text(line);
    std::vector<std::string> fields;
    for (std::string field; std::getline(text, field, ',');) fields.push_back(field);
    return fields;
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<double> column(const std::string& csv, const std::string& name) {
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> names = fields_of(line);
    const auto at = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    std::vector<double> numbers;
    while (std::getline(lines, line)) numbers.push_back(std::stod(fields_of(line).at(at)));
    return numbers;
}

double last_five(const std::vector<double>& values) {
    const std::size_t count = std::min<std::size_t>(5, values.size());
    return mean_of({values.end() - static_cast<std::ptrdiff_t>(count), values.end()});
}

double test_of_best_epoch(const std::vector<double>& validation, const std::vector<double>& test) {
    return test[static_cast<std::size_t>(std::ranges::max_element(validation) - validation.begin())];
}

double macro_f1(const Array& counts) {
    const std::size_t classes = counts.shape[0];
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        double images = 0;  // of the class, and taken for it
        for (std::size_t k = 0; k < classes; ++k) images += counts[c * classes + k] + counts[k * classes + c];
        if (images > 0) sum += 2 * counts[c * classes + c] / images;
    }
    return sum / static_cast<double>(classes);
}

Spread spread(const std::vector<double>& results) {
    if (results.size() == 1) return {results[0], std::numeric_limits<double>::quiet_NaN()};
    const double mean = mean_of(results);
    double squares = 0;
    for (const double result : results) squares += (result - mean) * (result - mean);
    return {mean, std::sqrt(squares / static_cast<double>(results.size() - 1))};
}

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    for (const Array& kernel : kernels)
        for (const double weight : kernel.values) loss -= lambda * weight * weight;
    return loss;
}

double chance(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all = a;
    all.insert(all.end(), b.begin(), b.end());
    const double seen = mean_of(a) - mean_of(b);
    int ways = 0, as_large = 0;
    for (unsigned chosen = 0; chosen < 1u << all.size(); ++chosen) {
        std::vector<double> first, second;
        for (std::size_t i = 0; i < all.size(); ++i) (chosen >> i & 1 ? first : second).push_back(all[i]);
        if (first.size() != a.size()) continue;
        ++ways;
        if (mean_of(first) - mean_of(second) >= seen - 1e-12) ++as_large;
    }
    return static_cast<double>(as_large) / ways;
}

}  // namespace exercise
