// The pieces that op_cases() is put together from.
#pragma once

#include "cairn/ops/cases.h"

namespace cairn::ops::detail {

// How an input's values are drawn.
enum class Values {
    normal,          // mean 0, standard deviation 1
    positive,        // between 0.5 and 2
    away_from_zero,  // the same with either sign
    distinct,        // a shuffle of evenly spaced numbers: no two are close
    classes,         // int32 labels below `classes`
    saturated,       // every other one normal, the rest between 1e3 and 1e4 with either sign
};

struct Input {
    Shape shape;
    Values values = Values::normal;
    std::uint32_t classes = 0;
};

Tensor draw(const Input& input, const RandomKey& key, const Device& device, DType dtype);

OpCase make_case(std::string op, std::string name, std::vector<Input> inputs, autograd::Function apply);

// Of layers: x, kernel and, if there is one, the bias; what to call them.
std::vector<Input> layer_inputs(const Shape& x, const Shape& kernel, bool bias);
inline Tensor bias_of(const Tensors& x) { return x.size() > 2 ? x[2] : Tensor(); }
const char* suffix(bool bias, bool relu);

// The tables, each in its own file.
void add_elementwise_cases(std::vector<OpCase>& cases);
void add_activation_cases(std::vector<OpCase>& cases);   // activations, and other functions of one tensor and a number
void add_move_cases(std::vector<OpCase>& cases);         // transpose, slice, concatenate, stack, pad, gather_rows
void add_shape_cases(std::vector<OpCase>& cases);        // sums, means, maxima, reshapes
void add_layer_cases(std::vector<OpCase>& cases);        // products, normalizations, dropout
void add_convolution_cases(std::vector<OpCase>& cases);  // plain, depthwise, transposed
void add_pooling_cases(std::vector<OpCase>& cases);      // poolings, and convolutions fused with what follows
void add_loss_cases(std::vector<OpCase>& cases);         // softmax, cross-entropy, penalty

}  // namespace cairn::ops::detail
