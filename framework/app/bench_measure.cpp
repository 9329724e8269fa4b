#include "app/bench_measure.h"

#include "app/bench_process.h"
#include "app/bench_rates.h"
#include "app/bench_steps.h"
#include "app/bench_warnings.h"
#include "backend/cpu/processor.h"
#include "backend/devices.h"
#include "core/parallel.h"
#include "data/batches.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

using autograd::Phase;
using Parts = autograd::Profile::Parts;

Json in_ms(const autograd::Profile::Part& time) {
    return {{"forward", 1e3 * time.of(Phase::forward)},
            {"gradients", 1e3 * time.of(Phase::gradients)},
            {"update", 1e3 * time.of(Phase::update)},
            {"data", 1e3 * time.of(Phase::data)},
            {"other", 1e3 * time.of(Phase::other)}};
}

autograd::Profile::Part sum(const Parts& times) {
    autograd::Profile::Part all;
    for (const autograd::Profile::Part& time : times)
        for (std::size_t phase = 0; phase < autograd::phase_count; ++phase) all.seconds[phase] += time.seconds[phase];
    return all;
}

// The layers that take time, then what is not a layer: "loss", "optimizer", "batch", "metrics" and, called "", the rest.
Json layers_json(const nn::Model& model, const Parts& times, std::int64_t batch) {
    Json layers = Json::array();
    const auto add = [&](const std::string& name, const std::string& type, std::int64_t flops) {
        const auto time = std::ranges::find(times, name, &autograd::Profile::Part::layer);
        if (time == times.end()) return;
        layers.push_back({{"name", name}, {"type", type}, {"flops", flops}, {"ms", in_ms(*time)}});
    };
    for (std::size_t i = 0; i < model.layers().size(); ++i)
        add(model.layers()[i].name, model.layers()[i].layer->type(), batch * step_flops_of_layer(model, i));
    for (const autograd::Profile::Part& time : times)
        if (std::ranges::find(model.layers(), time.layer, &nn::NamedLayer::name) == model.layers().end())
            add(time.layer, "", 0);
    return layers;
}

// What a GPU's own profile says, per step. launch_share is the part of a step in which no kernel ran: the time to start
// them, and to wait for the host.
Json device_json(const StepWatch& watch, double step) {
    const DeviceProfile& counts = watch.counts();
    const auto per_step = [](auto total, const DeviceProfile& profile) {
        return static_cast<double>(total) / static_cast<double>(profile.steps);
    };
    Json kernels = Json::array();
    double seconds = 0;
    for (const DeviceProfile::Kernel& kernel : watch.kernels().kernels) {
        kernels.push_back({{"name", kernel.name},
                           {"dispatches_per_step", per_step(kernel.dispatches, watch.kernels())},
                           {"ms", 1e3 * per_step(kernel.seconds, watch.kernels())}});
        seconds += per_step(kernel.seconds, watch.kernels());
    }
    const bool timed = seconds > 0;  // not every queue has timestamps
    return {{"dispatches_per_step", per_step(counts.dispatches, counts)},
            {"commands_per_step", per_step(counts.commands, counts)},
            {"barriers_per_step", per_step(counts.barriers, counts)},
            {"submissions_per_step", per_step(counts.submissions, counts)},
            {"host_ms", 1e3 * (step - per_step(counts.waiting_seconds, counts))},
            {"recording_ms", 1e3 * per_step(counts.recording_seconds, counts)},
            {"waits_per_step", per_step(counts.waits, counts)},
            {"kernels_ms", timed ? Json(1e3 * seconds) : Json()},
            {"launch_share", timed ? Json(std::max(0.0, 1 - seconds / step)) : Json()},
            {"kernels", kernels}};
}

bool has_convolutions(const nn::Model& model) {
    return std::ranges::any_of(model.layers(), [](const auto& named) { return named.layer->type() == "Conv2D"; });
}

}  // namespace

Json measure(const BenchTask& task) {
    const std::int64_t batch = task.batch_size > 0 ? task.batch_size : task.model.batch_size;
    Backend& device = backend(task.device);
    StepWatch watch(device, data::Batches(task.images, batch).count(), task.steps);

    forget_peak();
    const std::int64_t memory_before = resident_memory().now;
    const auto model = task.model.make();
    model->initialize({.device = task.device, .seed = task.seed});
    optim::Adam adam;
    train::fit(*model, adam, task.images, task.images.first(1),
               {.epochs = 1'000'000'000, .batch_size = batch, .seed = task.seed, .callbacks = {&watch}, .stop = [&] {
                    return watch.done();
                }});

    const double step = watch.step_seconds();
    const std::int64_t flops = step_flops(*model, batch), moved = moved_bytes(*model);
    const double gemm = sgemm_rate(task.device), copy = copy_rate(task.device);
    Json result{{"model", task.model.name},
                {"device", task.device.str()},
                {"description", device.description()},
                {"threads", threads()},
                {"data", task.images.name},
                {"batch", batch},
                {"steps", watch.seconds().size()},
                {"step_ms", 1e3 * step},
                {"fastest_step_ms", 1e3 * *std::ranges::min_element(watch.seconds())},
                {"images_per_second", static_cast<double>(batch) / step},
                {"flops_per_step", flops},
                {"blas_settings", Json::array()},
                {"multiply_add_flops_per_second", nullptr},
                {"multiply_add_share", nullptr},
                {"sgemm_flops_per_second", gemm},
                {"sgemm_share", static_cast<double>(flops) / gemm / step},
                {"copy_bytes_per_second", copy},
                {"moved_bytes_per_step", nullptr},
                {"copy_share", nullptr},
                {"memory_growth_bytes", nullptr},
                {"system_allocations_per_step", watch.system_allocations_per_step()}};
    if (!has_convolutions(*model)) {  // whose activations are larger than their parameters
        result["moved_bytes_per_step"] = moved;
        result["copy_share"] = static_cast<double>(moved) / copy / step;
    }
    if (task.device.kind == Device::Kind::vulkan) {
        result["fastest_step_ms"] = nullptr;
        result["device_memory_bytes"] = device.allocator().stats().peak_in_use;
        result.update(device_json(watch, step));
    } else {
        const double peak = multiply_add_rate();
        result["blas_settings"] = blas_settings();
        result["multiply_add_flops_per_second"] = peak;
        result["multiply_add_share"] = static_cast<double>(flops) / peak / step;
        const Parts times = watch.layer_times();
        const autograd::Profile::Part all = sum(times);
        result["profiled_step_ms"] = 1e3 * std::accumulate(all.seconds.begin(), all.seconds.end(), 0.0);
        result["phases_ms"] = in_ms(all);
        result["layers"] = layers_json(*model, times, batch);
    }
    if (memory_before > 0) result["memory_growth_bytes"] = watch.peak_resident_memory() - memory_before;
    result["warnings"] = bench_warnings(result);
    return result;
}

}  // namespace cairn::app
