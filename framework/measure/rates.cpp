#include "cairn/measure/rates.h"

#include "cairn/backend/devices.h"

#include <algorithm>
#include <chrono>

namespace cairn::measure {

namespace {

double seconds_for(Backend& device, const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    work();
    device.synchronize();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

// The best of three runs at least, and of half a second: a neighbour on the same machine takes its share now and then.
double best_seconds_for(Backend& device, const std::function<void()>& work) {
    double best = seconds_for(device, work), spent = best;
    for (int runs = 1; runs < 3 || spent < 0.5; ++runs) {
        const double seconds = seconds_for(device, work);
        best = std::min(best, seconds);
        spent += seconds;
    }
    return best;
}

bool is_trained(const nn::Layer& layer) {
    return std::ranges::any_of(layer.parameters(), [](const auto& p) { return p->trainable; });
}

// Whether a layer's input depends on parameters, so that its gradient is needed.
bool needs_input_gradient(const nn::Model& model, std::size_t i) {
    return std::ranges::any_of(model.layers()[i].from, [&](std::size_t from) {
        return is_trained(*model.layers()[from].layer) || needs_input_gradient(model, from);
    });
}

}  // namespace

double sgemm_rate(Backend& device) {
    const Device where = device.device();
    for (std::int64_t n = 256;; n *= 2) {
        const Tensor a = full({n, n}, 0.5, DType::float32, where), b = full({n, n}, 0.25, DType::float32, where);
        const Tensor c = empty_like(a);
        const auto multiply = [&] { device.matmul(a, false, b, false, c); };
        const double first = seconds_for(device, multiply);
        if (n < 2048 && first < 0.02) continue;
        const double best = first > 1 ? first : best_seconds_for(device, multiply);
        return 2.0 * static_cast<double>(n * n * n) / best;
    }
}

double copy_rate(Backend& device) {
    const Device where = device.device();
    const Tensor from = zeros({32 << 20}, DType::float32, where), to = zeros({32 << 20}, DType::float32, where);
    const double best = best_seconds_for(device, [&] { device.copy(from, to); });
    return static_cast<double>(from.bytes() + to.bytes()) / best;
}

std::int64_t step_flops_of_layer(const nn::Model& model, std::size_t i) {
    const nn::Layer& layer = *model.layers()[i].layer;
    return layer.flops() * (1 + (is_trained(layer) ? 1 : 0) + (needs_input_gradient(model, i) ? 1 : 0));
}

std::int64_t step_flops(const nn::Model& model, std::int64_t batch) {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < model.layers().size(); ++i) total += step_flops_of_layer(model, i);
    return batch * total;
}

std::int64_t moved_bytes(const nn::Model& model) {
    std::int64_t numbers = 7 * model.count_parameters(true);
    for (std::size_t i = 0; i < model.layers().size(); ++i)
        for (const auto& parameter : model.layers()[i].layer->parameters())
            if (parameter->name == "kernel")
                numbers += parameter->shape.size() * (needs_input_gradient(model, i) ? 3 : 2);
    return numbers * static_cast<std::int64_t>(sizeof(float));
}

}  // namespace cairn::measure
