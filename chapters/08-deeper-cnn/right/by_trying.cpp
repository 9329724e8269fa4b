// Another right answer: windows are laid down one after the other and counted, F1 comes from the counts.
#include "chapters/08-deeper-cnn/exercise.h"

#include <numeric>

namespace exercise {

Padding same_padding(std::size_t n, std::size_t k, std::size_t s) {
    // A window for each stride that begins inside of the image; padding until the last window has pixels enough.
    Padding p;
    std::size_t last = 0;
    for (std::size_t begin = 0; begin < n; begin += s) ++p.output, last = begin;
    for (std::size_t padded = n; padded < last + k; ++padded) ++(p.after > p.before ? p.before : p.after);
    return p;
}

Sizes output_shape(const Sizes& input, const Layer& layer) {
    if (layer.kind == Kind::dense) return {layer.units};
    if (layer.kind == Kind::flatten)
        return {std::accumulate(input.begin(), input.end(), std::size_t{1}, std::multiplies<>())};
    Sizes shape = input;
    const std::size_t window[] = {layer.h, layer.w}, stride[] = {layer.stride_h, layer.stride_w};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const Padding p = layer.same ? same_padding(input[axis], window[axis], stride[axis]) : Padding{};
        shape[axis] = 0;
        for (std::size_t begin = 0; begin + window[axis] <= p.before + input[axis] + p.after; begin += stride[axis]) ++shape[axis];
    }
    if (layer.kind == Kind::conv2d) shape[2] = layer.units;
    return shape;
}

std::size_t parameters(const Sizes& input, const Layer& layer) {
    if (layer.kind == Kind::dense) return layer.units * (input[0] + std::size_t{layer.bias});
    if (layer.kind == Kind::conv2d) return layer.units * (input[2] * layer.w * layer.h + std::size_t{layer.bias});
    return 0;
}

std::size_t flops(const Sizes& input, const Layer& layer) {
    Layer bare = layer;
    bare.bias = false;
    const Sizes shape = output_shape(input, layer);
    const std::size_t places = layer.kind == Kind::conv2d ? shape[0] * shape[1] : 1;
    return 2 * places * parameters(input, bare);
}

Array confusion_matrix(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes) {
    Array counts({classes, classes});
    for (std::size_t element = 0; element < counts.size(); ++element)
        for (std::size_t i = 0; i < predicted.size(); ++i)
            if (actual[i] == element / classes && predicted[i] == element % classes) ++counts[element];
    return counts;
}

Scores scores(const Array& confusion) {
    const std::size_t n = confusion.shape[0];
    std::vector<double> actual(n), predicted(n);
    for (std::size_t i = 0; i < confusion.size(); ++i) actual[i / n] += confusion[i], predicted[i % n] += confusion[i];
    Scores sums;
    for (std::size_t c = 0; c < n; ++c) {
        const double hits = confusion[c * n + c];
        sums.accuracy += hits;
        if (hits == 0) continue;
        sums.precision += hits / predicted[c];
        sums.recall += hits / actual[c];
        sums.f1 += 2 * hits / (actual[c] + predicted[c]);
    }
    const double images = std::accumulate(actual.begin(), actual.end(), 0.0), classes = static_cast<double>(n);
    return {images > 0 ? sums.accuracy / images : 0, sums.precision / classes, sums.recall / classes, sums.f1 / classes};
}

}  // namespace exercise
