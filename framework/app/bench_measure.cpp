#include "app/bench_measure.h"

#include "app/bench_process.h"
#include "app/bench_rates.h"
#include "app/bench_steps.h"
#include "backend/backends.h"
#include "core/parallel.h"
#include "data/batches.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Json in_ms(const LayerTime& time) {
    return {{"forward", 1e3 * time.forward},
            {"input_gradient", 1e3 * time.input_gradient},
            {"weight_gradient", 1e3 * time.weight_gradient},
            {"update", 1e3 * time.update},
            {"data", 1e3 * time.data},
            {"other", 1e3 * time.other}};
}

LayerTime sum(const std::vector<LayerTime>& times) {
    LayerTime all;
    for (const LayerTime& time : times) {
        all.forward += time.forward;
        all.input_gradient += time.input_gradient;
        all.weight_gradient += time.weight_gradient;
        all.update += time.update;
        all.data += time.data;
        all.other += time.other;
    }
    return all;
}

// The layers that take time, then what is not a layer: "loss", "optimizer", "batch", "metrics" and, called "", the rest.
Json layers_json(const nn::Model& model, const std::vector<LayerTime>& times, std::int64_t batch) {
    Json layers = Json::array();
    const auto add = [&](const std::string& name, const std::string& type, std::int64_t flops) {
        const auto time = std::ranges::find(times, name, &LayerTime::layer);
        if (time == times.end()) return;
        layers.push_back({{"name", name}, {"type", type}, {"flops", flops}, {"ms", in_ms(*time)}});
    };
    for (std::size_t i = 0; i < model.layers().size(); ++i)
        add(model.layers()[i].name, model.layers()[i].layer->type(), batch * step_flops_of_layer(model, i));
    for (const LayerTime& time : times)
        if (std::ranges::find(model.layers(), time.layer, &nn::Model::Placed::name) == model.layers().end())
            add(time.layer, "", 0);
    return layers;
}

bool has_convolutions(const nn::Model& model) {
    return std::ranges::any_of(model.layers(), [](const auto& placed) { return placed.layer->type() == "Conv2D"; });
}

}  // namespace

Json measure(const BenchTask& task) {
    const std::int64_t batch = task.batch_size > 0 ? task.batch_size : task.model.batch_size;
    Backend& device = backend(task.device);
    StepWatch watch(device.allocator(), data::Batches(task.images, batch).count(), task.steps);

    forget_peak();
    const std::int64_t memory_before = resident_memory().now;
    const auto model = task.model.make();
    model->initialize({.device = task.device, .seed = task.seed});
    optim::Adam adam;
    train::fit(*model, adam, task.images, task.images.first(1),
               {.epochs = 1'000'000'000, .batch_size = batch, .seed = task.seed, .callbacks = {&watch}, .stop = [&] {
                    return watch.done();
                }});

    const double step = median(watch.seconds());
    const std::int64_t flops = step_flops(*model, batch), moved = moved_bytes(*model);
    const double gemm = sgemm_rate(task.device), copy = copy_rate(task.device);
    const std::vector<LayerTime> times = layer_times(watch);
    const LayerTime all = sum(times);
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
                {"sgemm_flops_per_second", gemm},
                {"sgemm_share", static_cast<double>(flops) / gemm / step},
                {"copy_bytes_per_second", copy},
                {"moved_bytes_per_step", nullptr},
                {"copy_share", nullptr},
                {"memory_growth_bytes", nullptr},
                {"system_allocations_per_step", watch.system_allocations_per_step()},
                {"profiled_step_ms", 1e3 * all.total()},
                {"phases_ms", in_ms(all)},
                {"layers", layers_json(*model, times, batch)}};
    if (!has_convolutions(*model)) {  // whose activations are larger than their parameters
        result["moved_bytes_per_step"] = moved;
        result["copy_share"] = static_cast<double>(moved) / copy / step;
    }
    if (memory_before > 0) result["memory_growth_bytes"] = watch.peak_resident_memory() - memory_before;
    return result;
}

}  // namespace cairn::app
