// part: shortcut
// every pixel is taken, whatever the stride, and S(x) is larger than F(x).
#include "chapters/11-resnet/exercise.h"

namespace exercise {

Array shortcut(const Array& x, const Array& kernel, std::size_t stride) {
    const std::size_t N = x.shape[0], H = x.shape[1], W = x.shape[2], C = x.shape[3], O = kernel.shape[1];
    const std::size_t OH = H, OW = W;
    Array z({N, OH, OW, O});
    for (std::size_t n = 0; n < N; ++n)
        for (std::size_t i = 0; i < OH; ++i)
            for (std::size_t j = 0; j < OW; ++j)
                for (std::size_t o = 0; o < O; ++o)
                    for (std::size_t c = 0; c < C; ++c)
                        z[((n * OH + i) * OW + j) * O + o] +=
                            x[((n * H + i) * W + j) * C + c] * kernel[c * O + o];
    return batch_norm(z);
}

}  // namespace exercise
