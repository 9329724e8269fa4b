#include "cairn/ops/cases.h"

#include "cairn/backend/devices.h"
#include "cairn/ops/case_tables.h"

#include <cmath>
#include <map>

namespace cairn::ops {

namespace {

double draw_value(detail::Values values, RandomStream& random) {
    if (values == detail::Values::normal || values == detail::Values::saturated) return random.normal();
    const double magnitude = random.uniform(0.5, 2);
    return values == detail::Values::away_from_zero && random.below(2) == 1 ? -magnitude : magnitude;
}

}  // namespace

Tensor detail::draw(const Input& input, const RandomKey& key, const Device& device, DType dtype) {
    RandomStream random(key);
    const auto size = static_cast<std::size_t>(input.shape.size());
    if (input.values == Values::classes) {
        std::vector<std::int32_t> labels(size);
        for (std::int32_t& label : labels) label = static_cast<std::int32_t>(random.below(input.classes));
        return from_values(input.shape, labels, device);
    }

    std::vector<double> values(size);
    if (input.values == Values::distinct) {
        const std::vector<std::uint32_t> order = random.permutation(static_cast<std::uint32_t>(size));
        for (std::size_t i = 0; i < size; ++i) values[i] = (order[i] + 0.5) * 4 / static_cast<double>(size) - 2;
    } else {
        for (double& value : values) value = draw_value(input.values, random);
        if (input.values == Values::saturated)
            for (std::size_t i = 0; i < size; i += 2) values[i] = std::copysign(random.uniform(1e3, 1e4), values[i]);
    }
    if (dtype == DType::float64) return from_values(input.shape, values, device);
    return from_values(input.shape, std::vector<float>(values.begin(), values.end()), device);
}

OpCase detail::make_case(std::string op, std::string name, std::vector<Input> inputs, autograd::Function apply) {
    const auto draw_all = [inputs = std::move(inputs)](const Device& device, DType dtype, std::uint64_t seed) {
        Tensors drawn;
        for (const Input& input : inputs) {
            const auto ordinal = static_cast<std::uint32_t>(drawn.size());
            drawn.push_back(draw(input, {seed, stream_of(Purpose::test, ordinal)}, device, dtype));
        }
        return drawn;
    };
    return {std::move(op), std::move(name), draw_all, std::move(apply)};
}

std::vector<detail::Input> detail::layer_inputs(const Shape& x, const Shape& kernel, bool bias) {
    std::vector<Input> inputs{{x}, {kernel}};
    if (bias) inputs.push_back({{kernel[-1]}});
    return inputs;
}

const char* detail::suffix(bool bias, bool relu) {
    if (relu) return bias ? ", bias, relu" : ", relu";
    return bias ? ", bias" : "";
}

const std::vector<OpCase>& op_cases() {
    static const std::vector<OpCase> cases = [] {
        std::vector<OpCase> all;
        detail::add_elementwise_cases(all);
        detail::add_activation_cases(all);
        detail::add_move_cases(all);
        detail::add_shape_cases(all);
        detail::add_layer_cases(all);
        detail::add_convolution_cases(all);
        detail::add_pooling_cases(all);
        detail::add_loss_cases(all);
        return all;
    }();
    return cases;
}

std::vector<std::string> op_names() {
    std::vector<std::string> names;
    for (const OpCase& c : op_cases())
        if (names.empty() || names.back() != c.op) names.push_back(c.op);
    return names;
}

std::vector<std::string> input_names(const std::string& op) {
    static const std::map<std::string, std::vector<std::string>> names{
        {"add", {"a", "b"}},
        {"sub", {"a", "b"}},
        {"mul", {"a", "b"}},
        {"div", {"a", "b"}},
        {"maximum", {"a", "b"}},
        {"minimum", {"a", "b"}},
        {"matmul", {"a", "b"}},
        {"concatenate", {"first", "second", "third"}},
        {"stack", {"first", "second", "third"}},
        {"gather_rows", {"x", "index"}},
        {"dense", {"x", "kernel", "bias"}},
        {"conv2d", {"x", "kernel", "bias"}},
        {"depthwise_conv2d", {"x", "kernel", "bias"}},
        {"conv2d_transpose", {"x", "kernel", "bias"}},
        {"conv2d_max_pool2d", {"x", "kernel", "bias"}},
        {"conv2d_batch_norm_training", {"gamma", "beta", "x", "kernel", "bias"}},
        {"batch_norm_training", {"x", "gamma", "beta"}},
        {"batch_norm_inference", {"x", "gamma", "beta"}},
        {"layer_norm", {"x", "gamma", "beta"}},
        {"group_norm", {"x", "gamma", "beta"}},
        {"softmax_cross_entropy", {"logits", "labels"}},
        {"l2_penalty", {"w"}},
    };
    const auto found = names.find(op);
    return found == names.end() ? std::vector<std::string>{"x"} : found->second;
}

}  // namespace cairn::ops
