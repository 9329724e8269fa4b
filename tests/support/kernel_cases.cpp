#include "support/kernel_cases.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cairn::test {

namespace {

template <typename Next>
Input draw(const Shape& shape, const Next& next) {
    Input input{shape, {}};
    for (std::int64_t i = 0; i < shape.size(); ++i) input.values.push_back(static_cast<float>(next()));
    return input;
}

}  // namespace

Bound sum_of(std::int64_t K) { return {Bound::Kind::products, 8 * std::sqrt(static_cast<double>(K))}; }

Input Draw::normal(const Shape& shape, double mean, double deviation) {
    return draw(shape, [&] { return mean + deviation * stream_.normal(); });
}

Input Draw::uniform(const Shape& shape, double low, double high) {
    return draw(shape, [&] { return stream_.uniform(low, high); });
}

Input Draw::integers(const Shape& shape, std::uint32_t limit) {
    return draw(shape, [&] { return stream_.below(limit); });
}

Input Draw::classes(const Shape& shape, std::uint32_t limit) {
    Input input = integers(shape, limit);
    input.dtype = DType::int32;
    return input;
}

Input Draw::relu(const Shape& shape) {
    return draw(shape, [&] { return std::max(0.0, stream_.normal()); });
}

Input Draw::some_nan(const Shape& shape) {
    Input x = uniform(shape, -3, 3);
    for (std::size_t i = 1; i < x.values.size(); i += 3) x.values[i] = std::numeric_limits<double>::quiet_NaN();
    return x;
}

const std::vector<KernelFamily>& kernel_families() {
    static const std::vector<KernelFamily> families{
        {"elementwise", elementwise_cases},
        {"activation", activation_cases},
        {"strided", strided_cases},
        {"reduce", reduce_cases},
        {"matmul", matmul_cases},
        {"conv2d", [] { return conv2d_cases(ConvolutionAlgorithm::automatic); }},
        {"conv2d_max_pool2d", [] { return conv2d_max_pool2d_cases(ConvolutionAlgorithm::automatic); }},
        {"max_pool2d", max_pool2d_cases},
        {"batch_norm", batch_norm_cases},
        {"softmax", softmax_cases},
        {"training", training_cases},
        {"updates", update_cases},
    };
    return families;
}

}  // namespace cairn::test
