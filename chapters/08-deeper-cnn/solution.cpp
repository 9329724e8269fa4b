// Chapter 8: one right answer.
#include "chapters/08-deeper-cnn/exercise.h"

#include <algorithm>

namespace exercise {

namespace {

std::size_t windows_along(std::size_t n, std::size_t k, std::size_t s, bool same) {
    return same ? same_padding(n, k, s).output : (n - k) / s + 1;
}

// How many terms each output number is a sum of.
std::size_t terms(const Sizes& input, const Layer& layer) {
    return layer.kind == Kind::conv2d ? layer.h * layer.w * input[2] : input[0];
}

bool has_weights(const Layer& layer) { return layer.kind == Kind::conv2d || layer.kind == Kind::dense; }

double quotient(double part, double whole) { return whole == 0 ? 0 : part / whole; }

}  // namespace

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) {
    const std::size_t output = (n + s - 1) / s;
    const std::size_t reach = (output - 1) * s + k;
    const std::size_t lacking = reach > n ? reach - n : 0;
    return {output, lacking / 2, lacking - lacking / 2};
}

Sizes output_shape(const Sizes& input, const Layer& layer) {
    switch (layer.kind) {
        case Kind::flatten: return {cairn::course::count_of(input)};
        case Kind::dense: return {layer.units};
        default:
            return {windows_along(input[0], layer.h, layer.stride_h, layer.same),
                    windows_along(input[1], layer.w, layer.stride_w, layer.same),
                    layer.kind == Kind::conv2d ? layer.units : input[2]};
    }
}

std::size_t parameters(const Sizes& input, const Layer& layer) {
    if (!has_weights(layer)) return 0;
    return terms(input, layer) * layer.units + (layer.bias ? layer.units : 0);
}

std::size_t flops(const Sizes& input, const Layer& layer) {
    if (!has_weights(layer)) return 0;
    return 2 * terms(input, layer) * cairn::course::count_of(output_shape(input, layer));
}

Array confusion_matrix(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes) {
    Array counts({classes, classes});
    for (std::size_t i = 0; i < actual.size(); ++i) counts[actual[i] * classes + predicted[i]] += 1;
    return counts;
}

Scores scores(const Array& confusion) {
    const std::size_t n = confusion.shape[0];
    const double classes = static_cast<double>(n);
    Scores result;
    double correct = 0, all = 0;
    for (std::size_t c = 0; c < n; ++c) {
        const double hits = confusion[c * n + c];
        double actual = 0, predicted = 0;
        for (std::size_t other = 0; other < n; ++other) {
            actual += confusion[c * n + other];
            predicted += confusion[other * n + c];
        }
        const double precision = quotient(hits, predicted), recall = quotient(hits, actual);
        result.precision += precision / classes;
        result.recall += recall / classes;
        result.f1 += quotient(2 * precision * recall, precision + recall) / classes;
        correct += hits;
        all += actual;
    }
    result.accuracy = quotient(correct, all);
    return result;
}

}  // namespace exercise
