// Chapter 12: another right answer: characters one by one, precision and recall for F1, and a recursion over the ways to choose.
#include "chapters/12-model-comparison/exercise.h"

#include <cmath>
#include <cstdlib>

namespace exercise {

std::vector<double> column(const std::string& csv, const std::string& name) {
    std::vector<double> numbers;
    std::size_t wanted = 1000, field = 0;
    bool head = true;
    std::string text;
    for (const char c : csv + (csv.ends_with('\n') ? "" : "\n")) {
        if (c != ',' && c != '\n') {
            text += c;
            continue;
        }
        if (head && text == name) wanted = field;
        if (!head && field == wanted) numbers.push_back(std::strtod(text.c_str(), nullptr));
        text.clear();
        ++field;
        if (c == '\n') field = 0, head = false;
    }
    return numbers;
}

double last_five(const std::vector<double>& values) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = values.size(); i-- > 0 && count < 5; ++count) sum += values[i];
    return sum / count;
}

double test_of_best_epoch(const std::vector<double>& validation, const std::vector<double>& test) {
    std::size_t best = 0;
    for (std::size_t e = 1; e < validation.size(); ++e)
        if (validation[e] > validation[best]) best = e;
    return test[best];
}

double macro_f1(const Array& counts) {
    const std::size_t n = counts.shape[1];
    std::vector<double> of_class(n), taken_for(n);
    for (std::size_t i = 0; i < counts.size(); ++i) of_class[i / n] += counts[i], taken_for[i % n] += counts[i];
    double sum = 0;
    for (std::size_t c = 0; c < n; ++c) {
        const double right = counts[c * (n + 1)];
        if (right == 0) continue;
        const double precision = right / taken_for[c], recall = right / of_class[c];
        sum += 2 * precision * recall / (precision + recall);
    }
    return sum / static_cast<double>(n);
}

Spread spread(const std::vector<double>& results) {
    double mean = 0, squares = 0, count = 0;
    for (const double result : results) {
        const double delta = result - mean;
        mean += delta / ++count;
        squares += delta * (result - mean);
    }
    return {mean, count > 1 ? std::sqrt(squares / (count - 1)) : std::nan("")};
}

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) {
    double squares = 0;
    for (const Array& kernel : kernels)
        for (std::size_t i = 0; i < kernel.size(); ++i) squares += std::pow(kernel[i], 2);
    return loss - lambda * squares;
}

namespace {

struct Count {
    long ways = 0, as_large = 0;
};

// Chooses `left` more of the results from `next` on.
void choose(const std::vector<double>& all, std::size_t next, std::size_t left, double sum, double bound, Count& count) {
    if (left == 0) {
        ++count.ways;
        if (sum >= bound) ++count.as_large;
        return;
    }
    for (std::size_t i = next; i + left <= all.size(); ++i) choose(all, i + 1, left - 1, sum + all[i], bound, count);
}

}  // namespace

double chance(const std::vector<double>& a, const std::vector<double>& b) {
    // With all results given, the difference of the means grows with the sum of those that are chosen for a.
    std::vector<double> all = b;
    double sum = 0;
    for (const double result : a) sum += result, all.push_back(result);
    Count count;
    choose(all, 0, a.size(), 0, sum - 1e-12, count);
    return static_cast<double>(count.as_large) / static_cast<double>(count.ways);
}

}  // namespace exercise
