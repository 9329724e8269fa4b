// Chapter 11: one right answer.
#include "chapters/11-resnet/exercise.h"

#include <algorithm>

namespace exercise {

namespace {

// F(x) + S(x), before the ReLU. Each layer gets a copy, since it works in place.
Array branches_summed(const Block& b, const Array& x) {
    Array through_f = x, through_s = x;
    b.f.forward(through_f);
    b.s.forward(through_s);
    for (std::size_t i = 0; i < through_f.size(); ++i) through_f[i] += through_s[i];
    return through_f;
}

}  // namespace

Array block(const Block& b, Array& x) {
    Array y = branches_summed(b, x);
    for (double& value : y.values) value = std::max(value, 0.0);
    return y;
}

Array block_backward(const Block& b, const Array& x, const Array& dy) {
    const Array z = branches_summed(b, x);
    Array along_f = dy;
    for (std::size_t i = 0; i < z.size(); ++i)
        if (z[i] <= 0) along_f[i] = 0;
    Array along_s = along_f;
    b.f.backward(x, along_f);
    b.s.backward(x, along_s);
    for (std::size_t i = 0; i < along_f.size(); ++i) along_f[i] += along_s[i];
    return along_f;
}

std::vector<Array> gradients(const std::vector<Block>& blocks, const Array& x, const Array& dy) {
    std::vector<Array> inputs{x}, results(blocks.size());
    for (std::size_t i = 0; i + 1 < blocks.size(); ++i) inputs.push_back(block(blocks[i], inputs[i]));
    for (std::size_t i = blocks.size(); i-- > 0;)
        results[i] = block_backward(blocks[i], inputs[i], i + 1 < blocks.size() ? results[i + 1] : dy);
    return results;
}

Array shortcut(const Array& x, const Array& kernel, std::size_t stride) {
    const std::size_t N = x.shape[0], H = x.shape[1], W = x.shape[2], C = x.shape[3], O = kernel.shape[1];
    const std::size_t OH = (H + stride - 1) / stride, OW = (W + stride - 1) / stride;
    Array z({N, OH, OW, O});
    for (std::size_t n = 0; n < N; ++n)
        for (std::size_t i = 0; i < OH; ++i)
            for (std::size_t j = 0; j < OW; ++j)
                for (std::size_t o = 0; o < O; ++o)
                    for (std::size_t c = 0; c < C; ++c)
                        z[((n * OH + i) * OW + j) * O + o] +=
                            x[((n * H + i * stride) * W + j * stride) * C + c] * kernel[c * O + o];
    return batch_norm(z);
}

long parameters(long n, bool skips) {
    const auto convolution = [](long side, long from, long to) { return side * side * from * to + 2 * to; };
    long count = convolution(3, 3, 16);
    for (const long filters : {16, 32, 64}) {
        const long before = filters == 16 ? 16 : filters / 2;
        count += convolution(3, before, filters) + (2 * n - 1) * convolution(3, filters, filters);
        if (skips && before != filters) count += convolution(1, before, filters);
    }
    return count + 64 * 10 + 10;
}

}  // namespace exercise
