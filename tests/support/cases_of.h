// The families of kernel_cases.h for any shapes: the tables of awkward ones go through these functions, and so do the shapes
// that tests/properties draws. Convolutions: support/convolutions.h.
#pragma once

#include "support/kernel_cases.h"

namespace cairn::test {

using Sizes = std::vector<std::int64_t>;

struct Broadcast {
    Shape a, b, y;
};
struct Reduced {
    Shape x, y;
};
struct Product {
    std::int64_t M, N, K;
};
struct Moved {
    std::string name;
    Shape x, y;  // the whole tensors
    StridedCopy copy;
    bool all = true;  // does the copy write all of y?
};
struct Gathered {
    std::int64_t rows, width, count;
};
struct PoolGeometry {
    std::int64_t N, H, W, C, kh, kw, sh, sw;
    bool same;
};

KernelCases elementwise_cases_of(Draw& draw, const Sizes& sizes, const std::vector<Broadcast>& shapes);
KernelCases activation_cases_of(Draw& draw, const Sizes& sizes);
KernelCases strided_cases_of(Draw& draw, const std::vector<Moved>& moved, const std::vector<Gathered>& gathered);
KernelCases reduce_cases_of(Draw& draw, const std::vector<Reduced>& reduced, const std::vector<Shape>& looked_up);
KernelCases matmul_cases_of(Draw& draw, const std::vector<Product>& all, const std::vector<Product>& layers);
KernelCases max_pool2d_cases_of(Draw& draw, const std::vector<PoolGeometry>& all);
KernelCases batch_norm_cases_of(Draw& draw, const std::vector<Shape>& all);
KernelCases softmax_cases_of(Draw& draw, const std::vector<Shape>& all);
KernelCases training_cases_of(Draw& draw, const Sizes& sizes);
KernelCases update_cases_of(Draw& draw, const Sizes& sizes);

}  // namespace cairn::test
