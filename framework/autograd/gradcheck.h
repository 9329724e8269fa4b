// gradcheck: are the gradients that backward() computes the derivatives of the function? Compared, in float64, with
// central differences (f(x + h) - f(x - h)) / 2h of L = sum of c * f(x), for a random cotangent c. A cotangent of ones
// would not do: it cannot see a wrong gradient of batch norm or softmax, whose outputs sum to a constant.
//
// ReLU and max have kinks. Where the branches taken differ between x - h and x + h the comparison means nothing: the
// point is drawn again, and the report counts it.
#pragma once

#include "cairn/core/tensor.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::autograd {

struct GradcheckOptions {
    std::uint64_t seed = 0;
    double tolerance = 1e-6;
    double step =
        6e-6;  // h = step * max(1, |x|): about the cube root of the float64 epsilon, where the sum of truncation
               // and rounding error is smallest
    // Coordinates compared per input, chosen at random; 0: all of them.
    std::int64_t coordinates = 0;
    // Random directions d, over all inputs at once, along which the derivative of L is compared with the gradient times
    // d.
    int directions = 0;
    // An input whose gradient's norm is below this share of the whole gradient's is judged by that share: the bias
    // before a batch norm has gradient zero, and rounding has no relative error against zero.
    double floor = 1e-3;
    int max_kinks = 200;  // give up (throws Error) after so many redraws: the function is not differentiable there
    std::vector<std::string> names{};  // of the inputs, for the report; "input 0", … by default
};

struct GradcheckReport {
    struct Part {
        std::string name;  // the input, or "directions"
        double error =
            0;  // |analytic - numeric| / max(|analytic|, floor * |whole gradient|), norms over what was compared
        std::int64_t compared = 0;  // coordinates or directions
        // Where the two are furthest apart: a coordinate of the input, or the number of a direction, with what both say.
        Shape shape{};  // of the input; empty for directions
        std::int64_t index = 0;
        double analytic = 0, numeric = 0;
        std::int64_t wrong = 0;  // coordinates or directions that are off by more than the tolerance
        double factor = 0;  // analytic = factor * numeric everywhere, to 4 digits; NaN where there is no such factor
    };
    std::vector<Part> parts;
    double tolerance = 0;
    int kinks = 0;  // points drawn again because a kink lay between x - h and x + h

    double error() const;  // the largest of all parts; NaN if one is
    bool passed() const;   // false for NaN
    // The inputs whose gradients are wrong; "directions" only where no input shows what is.
    std::vector<Part> failures() const;
};

// What is wrong with a part: "gamma[2]: backward() says 0.5, but the derivative is 0.25; 7 of 7 numbers are wrong: everywhere
// twice the derivative". A sentence, without a line break.
std::string explain(const GradcheckReport::Part& part);

// A function of tensors, made of differentiable ops. It must give the same value when called again with the same
// inputs.
using Function = std::function<Tensor(const Tensors&)>;

// Checks f at `inputs`: float64 tensors on reference or cpu. An int32 input is passed along and not differentiated. An
// input that is a variable already (a model's parameter) keeps its identity, so f may also reach it by itself; its
// values are moved and restored in place. Throws Error for other dtypes and when no input can be differentiated.
GradcheckReport gradcheck(const Function& f, const Tensors& inputs, const GradcheckOptions& options = {});

}  // namespace cairn::autograd
