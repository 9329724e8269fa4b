// Chapter 8: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/course/exercise.h"

namespace exercise {

using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// 'same' padding along one axis: n pixels, a window of k, stride s. `output` windows, `before` pixels of padding in front of the
// image and `after` behind it.
struct Padding {
    std::size_t output = 0, before = 0, after = 0;
};
Padding same_padding(std::size_t n, std::size_t k, std::size_t s);

enum class Kind { conv2d,
                  max_pool,
                  flatten,
                  dense };
struct Layer {
    Kind kind = Kind::conv2d;
    std::size_t units = 0;     // the filters of a conv2d, the outputs of a dense layer
    std::size_t h = 1, w = 1;  // the window of a conv2d or max_pool
    std::size_t stride_h = 1, stride_w = 1;
    bool same = false;  // 'same' padding; false: none
    bool bias = true;   // of a conv2d or dense layer
};

// Of one image: (H, W, C) -> (OH, OW, O) for a conv2d, (OH, OW, C) for a max_pool, (H W C) for flatten; (I) -> (O) for dense.
Sizes output_shape(const Sizes& input, const Layer& layer);
// The numbers that the layer learns.
std::size_t parameters(const Sizes& input, const Layer& layer);
// Floating-point operations for one image: a multiplication and an addition are two. Only products count, no bias, no maximum.
std::size_t flops(const Sizes& input, const Layer& layer);

// (classes, classes): element (a, p) is how many images of class a were taken for class p.
Array confusion_matrix(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes);

struct Scores {
    double accuracy = 0, precision = 0, recall = 0, f1 = 0;  // the last three: means over the classes
};
// 0 / 0 counts as 0.
Scores scores(const Array& confusion);

}  // namespace exercise
