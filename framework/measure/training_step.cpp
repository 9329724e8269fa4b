#include "cairn/measure/training_step.h"

#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "cairn/core/program.h"
#include "cairn/data/batches.h"
#include "cairn/measure/process.h"
#include "cairn/measure/rates.h"
#include "cairn/measure/step_watch.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace cairn::measure {

namespace {

using Json = nlohmann::ordered_json;

using autograd::Phase;
using Parts = autograd::Profile::Parts;

constexpr std::pair<const char*, Phase> phases[] = {{"forward", Phase::forward},
                                                    {"gradients", Phase::gradients},
                                                    {"update", Phase::update},
                                                    {"data", Phase::data},
                                                    {"other", Phase::other}};

// The parts come from other steps than the time beside them. On a quiet machine they add up to a tenth more at most, for the
// stopwatch or, on a GPU, for kernels that no longer overlap.
constexpr double most_of_a_step = 1.2;

Json in_ms(const autograd::Profile::Part& time) {
    Json ms;
    for (const auto& [name, phase] : phases) ms[name] = 1e3 * time.of(phase);
    return ms;
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

// What the step has to do, and which share of the machine's rates it reaches with that, measured here and now.
Json shares(const nn::Model& model, const Task& task, double step) {
    const Device device = task.options.device;
    const std::int64_t flops = step_flops(model, task.batch_size), moved = moved_bytes(model);
    const double gemm = sgemm_rate(backend(device)), copy = copy_rate(backend(device));
    const bool on_gpu = device.kind == Device::Kind::vulkan;
    const double peak = on_gpu ? 0 : multiply_add_rate();
    // With convolutions, activations are larger than parameters.
    const bool moves = std::ranges::none_of(model.layers(), [](const auto& l) { return l.layer->type() == "Conv2D"; });
    return {{"flops_per_step", flops},
            {"blas_settings", on_gpu ? std::vector<std::string>() : blas_settings()},
            {"multiply_add_flops_per_second", on_gpu ? Json() : Json(peak)},
            {"multiply_add_share", on_gpu ? Json() : Json(static_cast<double>(flops) / peak / step)},
            {"sgemm_flops_per_second", gemm},
            {"sgemm_share", static_cast<double>(flops) / gemm / step},
            {"copy_bytes_per_second", copy},
            {"moved_bytes_per_step", moves ? Json(moved) : Json()},
            {"copy_share", moves ? Json(static_cast<double>(moved) / copy / step) : Json()}};
}

// Where the time of a step goes, from the stopwatch at every layer.
Json split_json(const nn::Model& model, const Parts& times, std::int64_t batch) {
    autograd::Profile::Part all;
    for (const autograd::Profile::Part& time : times)
        for (std::size_t phase = 0; phase < autograd::phase_count; ++phase) all.seconds[phase] += time.seconds[phase];
    return {{"profiled_step_ms", 1e3 * std::accumulate(all.seconds.begin(), all.seconds.end(), 0.0)},
            {"phases_ms", in_ms(all)},
            {"layers", layers_json(model, times, batch)}};
}

}  // namespace

Json training_step(const Task& task) {
    Backend& device = backend(task.options.device);
    StepWatch watch(device, data::Batches(task.images, task.batch_size).count(), task.steps);

    forget_peak();
    const std::int64_t memory_before = resident_memory().now;
    nn::Model model = task.make();
    model.initialize(task.options);
    optim::Adam adam;
    train::fit(model, adam, task.images, task.images.first(1),
               {.epochs = 1'000'000'000,
                .batch_size = task.batch_size,
                .seed = task.options.seed,
                .callbacks = {&watch},
                .stop = [&] { return watch.done(); }});

    const bool on_gpu = task.options.device.kind == Device::Kind::vulkan;
    const double step = watch.step_seconds();
    Json result{{"model", task.model},
                {"device", task.options.device.str()},
                {"convolution", task.convolution},
                {"description", device.description()},
                {"threads", threads()},
                {"data", task.images.name},
                {"batch", task.batch_size},
                {"steps", watch.seconds().size()},
                {"step_ms", 1e3 * step},
                {"fastest_step_ms", on_gpu ? Json() : Json(1e3 * *std::ranges::min_element(watch.seconds()))},
                {"images_per_second", static_cast<double>(task.batch_size) / step}};
    result.update(shares(model, task, step));
    result["memory_growth_bytes"] = memory_before > 0 ? Json(watch.peak_resident_memory() - memory_before) : Json();
    result["system_allocations_per_step"] = watch.system_allocations_per_step();
    if (on_gpu) result["device_memory_bytes"] = device.allocator().stats().peak_in_use;
    result.update(on_gpu ? device_json(watch, step) : split_json(model, watch.layer_times(), task.batch_size));
    result["warnings"] = warnings(result);
    return result;
}

std::vector<std::string> warnings(const Json& result) {
    std::vector<std::string> found;
    if (const auto settings = result["blas_settings"].get<std::vector<std::string>>(); !settings.empty()) {
        std::string without;
        for (const std::string& setting : settings) without += " -u " + setting.substr(0, setting.find('='));
        found.push_back(fmt::format(
            "{} in the environment chooses OpenBLAS's kernels, so that sgemm, and the share of it, is not this "
            "machine's; without: env{} {} bench",
            fmt::join(settings, " "), without, program().command));
    }
    const Json parts = result.contains("kernels_ms") ? result["kernels_ms"] : result["profiled_step_ms"];
    const double step = result["step_ms"];
    if (parts.is_number() && parts.get<double>() > most_of_a_step * step)
        found.push_back(fmt::format(
            "the parts of {} on {} add up to {:.2f} ms, but a step takes {:.2f} ms: something else ran while "
            "they were timed, so take neither for the machine's; close other programs and measure again",
            result["model"].get<std::string>(), result["device"].get<std::string>(), parts.get<double>(), step));
    return found;
}

}  // namespace cairn::measure
