// cairn bench: how long a training step takes, where the time goes, and what the machine would allow.
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"
#include "cairn/measure/process.h"
#include "cairn/measure/training_step.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "Each model trains in a process of its own, with real images, as 'train' would. A step is a\n"
    "batch loaded, forward, backward, Adam, loss and accuracy; its time is the median. The split comes\n"
    "from further steps with a stopwatch at every layer; on a GPU its own clock times every kernel.\n"
    "Compared with what this machine could do:\n"
    "  of peak     the step's multiplications and additions / the rate of multiply-adds in registers,\n"
    "              with the widest vectors and all threads, measured in the same process, / the step's\n"
    "              time; on the processor only\n"
    "  of sgemm    the step's multiplications and additions / the rate of a large float32 matrix\n"
    "              product, measured in the same process, / the step's time\n"
    "  of copy     for models without convolutions: the bytes that Adam (7 numbers per parameter) and\n"
    "              the products (2 or 3 per element of a kernel) must move / the rate of a large copy,\n"
    "              read and written bytes counted, / the step's time\n"
    "  memory      growth of resident memory from the model's creation through training\n"
    "  system      allocations that reached the system, per step; 0 once a training has settled\n"
    "Writes no files. Close other programs first, and compare medians of one run only with each other.\n"
    "A line 'warning:' says where the numbers do not mean what they seem to.";

struct Options {
    std::vector<std::string> models;
    std::vector<std::string> devices;
    std::vector<std::string> convolutions{"auto"};
    DataOptions data;
    std::int64_t batch_size = 0;
    int steps = 30;
    bool layers = false;
    bool json = false;
};

constexpr const char* phases[] = {"forward", "gradients", "update", "data", "other"};

std::string milliseconds(const Json& value) { return fmt::format("{:.2f}", value.get<double>()); }
std::string percent(const Json& value) {
    return value.is_null() ? "-" : fmt::format("{:.0f} %", 100 * value.get<double>());
}
std::string number(const Json& value) { return fmt::format("{:.3g}", value.get<double>()); }
std::string bytes(const Json& value) { return value.is_null() ? "-" : memory_size(value.get<std::int64_t>()); }

std::vector<Align> columns(std::size_t left, std::size_t right) {
    std::vector<Align> all(left, Align::left);
    all.resize(left + right, Align::right);
    return all;
}

bool is_gpu(const Json& result) { return result.contains("dispatches_per_step"); }

std::string summary(const Json& results) {
    const bool chosen = std::ranges::any_of(results, [](const Json& r) { return r["convolution"] != "auto"; });
    std::vector<Align> all = columns(3, 14);
    if (!chosen) all[2] = Align::hidden;
    TextTable table(all);
    table.add({"model", "device", "convolution", "batch", "step ms", "images/s", "forward", "gradients", "update",
               "data", "other", "GFLOP", "of peak", "of sgemm", "of copy", "memory", "system"});
    for (const Json& r : results) {
        std::vector<std::string> row{r["model"],
                                     r["device"],
                                     r["convolution"],
                                     fmt::format("{}", r["batch"].get<std::int64_t>()),
                                     milliseconds(r["step_ms"]),
                                     fmt::format("{:.0f}", r["images_per_second"].get<double>())};
        for (const char* phase : phases) row.push_back(is_gpu(r) ? "-" : milliseconds(r["phases_ms"][phase]));
        row.push_back(fmt::format("{:.2f}", 1e-9 * r["flops_per_step"].get<double>()));
        row.push_back(percent(r["multiply_add_share"]));
        row.push_back(percent(r["sgemm_share"]));
        row.push_back(percent(r["copy_share"]));
        row.push_back(bytes(r["memory_growth_bytes"]));
        row.push_back(number(r["system_allocations_per_step"]));
        table.add(std::move(row));
    }
    return table.str();
}

// What a GPU and its host do in a step; empty if there is none among the devices.
std::string gpu_summary(const Json& results) {
    TextTable table(columns(2, 11));
    table.add({"model", "device", "batch", "step ms", "kernels", "launch", "dispatches", "commands", "barriers",
               "host ms", "recording", "waits", "memory"});
    for (const Json& r : results) {
        if (!is_gpu(r)) continue;
        table.add({r["model"], r["device"], fmt::format("{}", r["batch"].get<std::int64_t>()),
                   milliseconds(r["step_ms"]), r["kernels_ms"].is_null() ? "-" : milliseconds(r["kernels_ms"]),
                   percent(r["launch_share"]), number(r["dispatches_per_step"]), number(r["commands_per_step"]),
                   number(r["barriers_per_step"]), fmt::format("{:.3f}", r["host_ms"].get<double>()),
                   fmt::format("{:.3f}", r["recording_ms"].get<double>()), number(r["waits_per_step"]),
                   bytes(r["device_memory_bytes"])});
    }
    if (std::ranges::none_of(results, is_gpu)) return "";
    return "\nOn a GPU, per step (kernels: their time, each alone; launch: the share of the step without a kernel; "
           "host: its\nwork, of which recording commands; waits for the GPU)\n\n" +
           table.str();
}

// "simple-cnn on cpu", with the algorithm of its convolutions if one was chosen.
std::string name_of(const Json& result) {
    const std::string convolution = result["convolution"];
    return fmt::format("{} on {}{}", result["model"].get<std::string>(), result["device"].get<std::string>(),
                       convolution == "auto" ? "" : ", convolutions by " + convolution);
}

std::string kernel_table(const Json& result) {
    TextTable table(columns(1, 3));
    table.add({"kernel", "dispatches", "ms", "share"});
    for (const Json& kernel : result["kernels"])
        table.add({kernel["name"], number(kernel["dispatches_per_step"]),
                   fmt::format("{:.3f}", kernel["ms"].get<double>()),
                   percent(kernel["ms"].get<double>() / result["kernels_ms"].get<double>())});
    return fmt::format("\n{}, by kernel\n\n{}", name_of(result), table.str());
}

std::string layer_table(const Json& result) {
    TextTable table(columns(1, 9));
    table.add({"layer", "forward", "gradients", "update", "data", "other", "ms", "share", "of peak", "of sgemm"});
    const double all = result["profiled_step_ms"], gemm = result["sgemm_flops_per_second"];
    const double peak = result["multiply_add_flops_per_second"];
    const auto add = [&](const std::string& name, const Json& times, double flops) {
        std::vector<std::string> row{name};
        double ms = 0;
        for (const char* phase : phases) {
            row.push_back(times[phase] == 0.0 ? "" : milliseconds(times[phase]));
            ms += times[phase].get<double>();
        }
        row.push_back(milliseconds(ms));
        row.push_back(fmt::format("{:.0f} %", 100 * ms / all));
        for (const double rate : {peak, gemm}) row.push_back(flops > 0 ? percent(flops / rate / (1e-3 * ms)) : "");
        table.add(std::move(row));
    };
    for (const Json& layer : result["layers"]) {
        if (layer["type"] == "InputLayer") continue;
        const std::string name = layer["name"];
        add(name.empty() ? "(between)" : name, layer["ms"], layer["flops"]);
    }
    add("all", result["phases_ms"], result["flops_per_step"]);
    return fmt::format("\n{}, by layer; the step takes {} ms without the stopwatch\n\n{}", name_of(result),
                       milliseconds(result["step_ms"]), table.str());
}

// "274 GFLOP/s", or "202 to 308 GFLOP/s" if it was not the same beside every model.
std::string range_of(const Json& results, const std::string& device, const char* rate, const char* unit) {
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const Json& r : results) {
        if (r["device"] != device) continue;
        least = std::min(least, 1e-9 * r[rate].get<double>());
        most = std::max(most, 1e-9 * r[rate].get<double>());
    }
    const std::string low = fmt::format("{:.3g}", least), high = fmt::format("{:.3g}", most);
    return (low == high ? low : low + " to " + high) + " " + unit;
}

// A line each; what is true of every model is said once.
std::string warnings(const Json& results) {
    std::vector<std::string> lines;
    for (const Json& r : results)
        for (const std::string line : r["warnings"])
            if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
    std::string text;
    for (const std::string& line : lines) text += "warning: " + line + "\n";
    return text;
}

// `split` adds for each result where its time goes: by layer, or on a GPU by kernel.
std::string tables(const Json& results, bool split) {
    std::string text;
    std::vector<std::string> seen;
    for (const Json& r : results) {
        const std::string device = r["device"];
        if (std::ranges::find(seen, device) != seen.end()) continue;
        seen.push_back(device);
        text += fmt::format(
            "{}: {};\n{}sgemm {}, copy {}\n", device, r["description"].get<std::string>(),
            is_gpu(r) ? "" : "peak " + range_of(results, device, "multiply_add_flops_per_second", "GFLOP/s") + ", ",
            range_of(results, device, "sgemm_flops_per_second", "GFLOP/s"),
            range_of(results, device, "copy_bytes_per_second", "GB/s"));
    }
    text += warnings(results);
    text += fmt::format("\nTraining steps: the median of {}, on a GPU the mean, and where the time goes, in ms\n\n{}{}",
                        results.at(0)["steps"].get<std::int64_t>(), summary(results), gpu_summary(results));
    for (const Json& r : results)
        if (split) text += is_gpu(r) ? kernel_table(r) : layer_table(r);
    return text;
}

int bench(const Session& session, const Options& options) {
    std::vector<const ModelEntry*> models;
    for (const std::string& name : options.models.empty() ? session.registry.names() : options.models)
        models.push_back(&session.registry.model(name));
    // In one thread until the processes have forked, and without a GPU's driver.
    const int count = threads();
    set_threads(1);
    std::vector<Device> devices;
    for (const std::string& name : options.devices.empty() ? std::vector{session.common.device} : options.devices)
        devices.push_back(name != "auto" ? device_named(name)
                                         : Device::parse(measure::in_own_process([] {
                                                             return Json(automatic_device(DType::float32).str());
                                                         }).get<std::string>()));
    for (const Device& device : devices)
        for (const std::string& algorithm : options.convolutions) convolution_named(algorithm, device);
    const data::Located located = load_data(options.data, !options.json);
    Json results = Json::array();
    const auto add = [&](const measure::Task& task) {
        results.push_back(measure::in_own_process([&] {
            set_threads(count);
            return measure::training_step(task);
        }));
    };
    for (const ModelEntry* model : models)
        for (const Device& device : devices)
            for (const std::string& algorithm : options.convolutions)
                add({.model = model->name,
                     .make = [=, &located] { return make_model(*model, located.split.train.description()); },
                     .options = {.device = device,
                                 .seed = session.common.seed,
                                 .convolution = convolution_named(algorithm, device)},
                     .convolution = algorithm,
                     .images = located.split.train,
                     .batch_size = options.batch_size > 0 ? options.batch_size : model->batch_size,
                     .steps = options.steps});
    if (options.json) fmt::print("{}\n", results.dump(2));
    else fmt::print("{}", tables(results, options.layers || models.size() == 1));
    return 0;
}

}  // namespace

void add_bench_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"bench", "measure training steps: time, its split, memory", details},
        [](const Command& command, Options& options) {
            command.list("--models", options.models, "NAMES", "these only: a,b,… (default: all)");
            command.list("--devices", options.devices, "DEVICES",
                         "one after the other: cpu,vulkan (default: --device)");
            command
                .list("--convolution", options.convolutions, "NAMES",
                      "how the cpu computes convolutions, one after the other:\n"
                      "im2col,direct,winograd (default: auto, the fastest for each pass)")
                .among(convolution_names());
            add_data_options(command, options.data);
            command.whole("--batch-size", options.batch_size, "images per step (default: the model's)");
            command.whole("--steps", options.steps, "how many steps are timed (default 30)");
            command.flag("--layers", options.layers, "split the step by layer (always done for one model)");
            add_json_option(command, options.json);
        },
        bench);
}

}  // namespace cairn::app
