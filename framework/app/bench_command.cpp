// cairn bench: how long a training step takes, where the time goes, and what the machine would allow.
#include "app/bench_measure.h"
#include "app/bench_process.h"
#include "app/commands.h"
#include "app/text.h"
#include "core/parallel.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "Each model trains in a process of its own, with real images, as 'cairn train' would. A step is a\n"
    "batch loaded, forward, backward, Adam, loss and accuracy; its time is the median. The split comes\n"
    "from further steps with a stopwatch at every layer. Compared with what this machine could do:\n"
    "  of sgemm    the step's multiplications and additions / the rate of a large float32 matrix\n"
    "              product, measured in the same process, / the step's time\n"
    "  of copy     for models without convolutions: the bytes that Adam (7 numbers per parameter) and\n"
    "              the products (2 or 3 per element of a kernel) must move / the rate of a large copy,\n"
    "              read and written bytes counted, / the step's time\n"
    "  memory      growth of resident memory from the model's creation through training\n"
    "  system      allocations that reached the system, per step; 0 once a training has settled\n"
    "Writes no files. Close other programs first, and compare medians of one run only with each other.";

struct Options {
    std::vector<std::string> models;
    std::vector<std::string> devices;
    DataOptions data;
    std::int64_t batch_size = 0;
    int steps = 30;
    bool layers = false;
    bool json = false;
};

constexpr const char* phases[] = {"forward", "input_gradient", "weight_gradient", "update", "data", "other"};

std::string milliseconds(const Json& value) { return fmt::format("{:.2f}", value.get<double>()); }
std::string percent(const Json& value) {
    return value.is_null() ? "-" : fmt::format("{:.0f} %", 100 * value.get<double>());
}
std::string bytes(const Json& value) { return value.is_null() ? "-" : memory_size(value.get<std::int64_t>()); }

std::string summary(const Json& results) {
    TextTable table({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                     Align::right, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right,
                     Align::right, Align::right});
    table.add({"model", "device", "batch", "step ms", "images/s", "forward", "dx", "dw", "update", "data", "other",
               "GFLOP", "of sgemm", "of copy", "memory", "system"});
    for (const Json& r : results) {
        std::vector<std::string> row{r["model"], r["device"], fmt::format("{}", r["batch"].get<std::int64_t>()),
                                     milliseconds(r["step_ms"]),
                                     fmt::format("{:.0f}", r["images_per_second"].get<double>())};
        for (const char* phase : phases) row.push_back(milliseconds(r["phases_ms"][phase]));
        row.push_back(fmt::format("{:.2f}", 1e-9 * r["flops_per_step"].get<double>()));
        row.push_back(percent(r["sgemm_share"]));
        row.push_back(percent(r["copy_share"]));
        row.push_back(bytes(r["memory_growth_bytes"]));
        row.push_back(fmt::format("{:.3g}", r["system_allocations_per_step"].get<double>()));
        table.add(std::move(row));
    }
    return table.str();
}

double total(const Json& times) {
    double sum = 0;
    for (const char* phase : phases) sum += times[phase].get<double>();
    return sum;
}

std::string layer_table(const Json& result) {
    TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right,
                     Align::right, Align::right, Align::right});
    table.add({"layer", "forward", "dx", "dw", "update", "data", "other", "ms", "share", "of sgemm"});
    const double all = result["profiled_step_ms"], gemm = result["sgemm_flops_per_second"];
    const auto add = [&](const std::string& name, const Json& times, double flops) {
        std::vector<std::string> row{name};
        for (const char* phase : phases) row.push_back(times[phase] == 0.0 ? "" : milliseconds(times[phase]));
        const double ms = total(times);
        row.push_back(milliseconds(ms));
        row.push_back(fmt::format("{:.0f} %", 100 * ms / all));
        row.push_back(flops > 0 ? percent(flops / gemm / (1e-3 * ms)) : "");
        table.add(std::move(row));
    };
    for (const Json& layer : result["layers"]) {
        if (layer["type"] == "InputLayer") continue;
        const std::string name = layer["name"];
        add(name.empty() ? "(between)" : name, layer["ms"], layer["flops"]);
    }
    add("all", result["phases_ms"], result["flops_per_step"]);
    return fmt::format("\n{} on {}, by layer; the step takes {:.2f} ms without the stopwatch\n\n{}",
                       result["model"].get<std::string>(), result["device"].get<std::string>(),
                       result["step_ms"].get<double>(), table.str());
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

void print_results(const Options& options, const Json& results) {
    std::string rates;
    std::vector<std::string> seen;
    for (const Json& r : results) {
        const std::string device = r["device"];
        if (std::ranges::find(seen, device) != seen.end()) continue;
        seen.push_back(device);
        rates += fmt::format("{}: {}; sgemm {}, copy {}\n", device, r["description"].get<std::string>(),
                             range_of(results, device, "sgemm_flops_per_second", "GFLOP/s"),
                             range_of(results, device, "copy_bytes_per_second", "GB/s"));
    }
    fmt::print(
        "{}\nTraining steps: the median of {}, and where the time goes, in ms (dx, dw: the gradients of a\n"
        "layer's inputs and of its weights)\n\n{}",
        rates, options.steps, summary(results));
    if (options.layers || options.models.size() == 1)
        for (const Json& r : results) fmt::print("{}", layer_table(r));
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
        devices.push_back(name != "auto" ? Device::parse(name)
                                         : Device::parse(in_own_process([] {
                                                             return Json(automatic_device(DType::float32).str());
                                                         }).get<std::string>()));
    const data::Located located = load_data(options.data);
    if (!options.json) fmt::print("{}\n", located.line);
    Json results = Json::array();
    for (const ModelEntry* model : models)
        for (const Device& device : devices) {
            const BenchTask task{
                *model, device, located.split.train, options.batch_size, options.steps, session.common.seed};
            results.push_back(in_own_process([&] {
                set_threads(count);
                return measure(task);
            }));
        }
    if (options.json) fmt::print("{}\n", results.dump(2));
    else print_results(options, results);
    return 0;
}

}  // namespace

void add_bench_command(CLI::App& parent, Session& session) {
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        add_command(parent, session, "bench", "measure training steps: time, its split, memory", details);
    command.add_option("--models", options->models, "these only: a,b,… (default: all)")
        ->delimiter(',')
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("NAMES");
    command.add_option("--devices", options->devices, "one after the other: cpu,vulkan (default: --device)")
        ->delimiter(',')
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("DEVICES");
    add_data_options(command, options->data);
    command.add_option("--batch-size", options->batch_size, "images per step (default: the model's)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_option("--steps", options->steps, "how many steps are timed (default 30)")
        ->transform(whole_number(1, 1'000'000))
        ->type_name("N");
    command.add_flag("--layers", options->layers, "split the step by layer (always done for one model)");
    add_json_option(command, options->json);
    on_command(command, session, [&session, options] { return bench(session, *options); });
}

}  // namespace cairn::app
