// Kernel cases: one description of a kernel call that serves every device. A case holds its inputs as host numbers,
// names its outputs and says how closely two devices must agree; kernel_agreement.h runs it. To cover a new device, run
// the same cases.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/core/random.h"

#include <array>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace cairn::test {

// How far a float32 result may lie from the float64 reference. u = 2^-24 is the relative error of one float32 rounding.
// (float64 results are held to a relative error by norm of 1e-12 instead, and exact ones to equality.)
struct Bound {
    enum class Kind { exact, relative, products, norm, absolute };
    Kind kind;
    double limit;
};

// The float32 number nearest to the reference: what one correctly rounded operation yields, or none at all. (A double
// sum, product or quotient of two floats that is rounded to float is the correctly rounded one, since 53 >= 2 * 24 + 2
// bits.)
inline Bound exact() { return {Bound::Kind::exact, 0}; }
// |error| <= n u |reference|: a chain of about n/2 operations without cancellation, or a function a few ulp off.
inline Bound roundings(double n) { return {Bound::Kind::relative, n}; }
// |error| <= 8 sqrt(K) u * (sum of the absolute values of the K terms). In the worst case roundings add up to K u, but
// they behave like a random walk, which grows as sqrt(K) (Higham and Mary, "A new approach to probabilistic rounding
// error analysis", 2019); 8 standard deviations are never seen by chance, and a dropped or a doubled term is far
// outside.
Bound sum_of(std::int64_t K);
// |error| by norm <= 1e-5 |reference| by norm, a normalized mean square error of 1e-10: for compositions of exp, log,
// quotients and differences. It is about 170 u; one wrong element in a million is 1e-3.
inline Bound by_norm() { return {Bound::Kind::norm, 1e-5}; }
// |error| <= limit: where the result is 0 but for rounding, as log(1).
inline Bound absolute(double limit) { return {Bound::Kind::absolute, limit}; }

// Values are row-major. A floating-point value is a float32 number, so that float32 and float64 runs see the same
// inputs.
struct Input {
    Shape shape;
    std::vector<double> values;
    std::optional<DType> dtype = std::nullopt;  // none: the T of the run
};

// Elements that the cpu computes together, so that they share their rounding errors (Winograd's convolution): those at most
// `reach` apart along the axes first_axis and first_axis + 1. In Bound products, `factor` times the largest of their sums
// counts for each: the factors of a tile's products are rounded sums themselves. By norm, over all elements, `norm_factor`
// times the bound counts: 1 where so many errors are added that they average out.
struct Tile {
    int first_axis;
    std::int64_t reach;
    double factor;
    double norm_factor = 1;
};

struct Output {
    std::string name;
    Shape shape;
    Bound bound;
    std::vector<double> before = {};  // for kernels that update; others find NaN there and must overwrite it
    std::optional<DType> dtype = std::nullopt;
    std::optional<Tile> tile = std::nullopt;
};

struct KernelCase {
    using Run = std::function<void(Backend&, const Tensors& in, const Tensors& out)>;

    std::string name;
    std::vector<Input> inputs;
    std::vector<Output> outputs;
    Run run;
    // For Bound products: yields the sum of the absolute values of the terms when run on the absolute values of the
    // inputs. Where that needs another call than `run`, because a factor outside of the tensors is negative, it stands
    // here.
    Run magnitude = {};
};

// Bit i of `wanted` says whether output i of a kernel is wanted: those that are stand in `out`, one after the other, and the
// others are undefined.
template <std::size_t count>
std::array<Tensor, count> wanted_outputs(int wanted, const Tensors& out) {
    std::array<Tensor, count> outputs;
    auto next = out.begin();
    for (std::size_t i = 0; i < count; ++i)
        if (wanted >> i & 1) outputs[i] = *next++;
    return outputs;
}

using KernelCases = std::vector<KernelCase>;

// Draws inputs. Every family of cases has its own stream of numbers.
class Draw {
public:
    explicit Draw(std::uint32_t family, std::uint64_t seed = 1)
        : stream_({seed, stream_of(Purpose::test, family), 0}) {}

    Input normal(const Shape& shape, double mean = 0, double deviation = 1);
    Input uniform(const Shape& shape, double low, double high);
    Input integers(const Shape& shape, std::uint32_t limit);  // T, 0 … limit - 1: full of ties
    Input classes(const Shape& shape, std::uint32_t limit);   // int32, 0 … limit - 1
    Input relu(const Shape& shape);                           // max(0, normal): an activation's output, half of it 0
    Input some_nan(const Shape& shape);                       // uniform in (-3, 3), every third element NaN

private:
    RandomStream stream_;
};

// The families, each in <family>_cases.cpp. Together they call every kernel of backend/backend.h.
KernelCases elementwise_cases();  // fill, copy, convert, elementwise and its backward, add_scaled
KernelCases activation_cases();   // the elementwise kernels that take a number, and affine
KernelCases strided_cases();      // copy_strided, gather_rows and its backward
KernelCases reduce_cases();       // reduce, reduce_backward, argmax
KernelCases matmul_cases();       // matmul, dense, dense_backward
KernelCases max_pool2d_cases();   // max_pool2d, max_pool2d_backward
KernelCases batch_norm_cases();   // batch_norm_statistics, batch_norm, its training and backward, moving_average
KernelCases softmax_cases();      // softmax, log_softmax, their backwards, softmax_cross_entropy, count_correct
KernelCases training_cases();     // dropout, l2_penalty, all_finite
KernelCases update_cases();       // adam, sgd, optimizer_step, weight_decay, clip_by_norm, clip_by_value

// Convolutions to be computed by an algorithm: the same calls on the same numbers for each.
KernelCases conv2d_cases(ConvolutionAlgorithm algorithm);             // conv2d, its gradients, the fused kernels
KernelCases conv2d_max_pool2d_cases(ConvolutionAlgorithm algorithm);  // conv2d_max_pool2d, its backward

struct KernelFamily {
    std::string name;
    KernelCases (*cases)();
};
inline std::ostream& operator<<(std::ostream& out, const KernelFamily& family) { return out << family.name; }
const std::vector<KernelFamily>& kernel_families();

}  // namespace cairn::test
