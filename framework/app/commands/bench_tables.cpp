#include "app/commands/bench_tables.h"

#include "app/text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

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
    TextTable table(columns(2, 14));
    table.add({"model", "device", "batch", "step ms", "images/s", "forward", "gradients", "update", "data", "other",
               "GFLOP", "of peak", "of sgemm", "of copy", "memory", "system"});
    for (const Json& r : results) {
        std::vector<std::string> row{r["model"], r["device"], fmt::format("{}", r["batch"].get<std::int64_t>()),
                                     milliseconds(r["step_ms"]),
                                     fmt::format("{:.0f}", r["images_per_second"].get<double>())};
        for (const char* phase : phases) row.push_back(is_gpu(r) ? "-" : milliseconds(r["phases_ms"][phase]));
        row.push_back(fmt::format("{:.2f}", 1e-9 * r["flops_per_step"].get<double>()));
        row.push_back(percent(r["multiply_add_share"]));
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

// What a GPU and its host do in a step; empty if there is none among the devices.
std::string gpu_summary(const Json& results) {
    TextTable table(columns(2, 11));
    table.add({"model", "device", "batch", "step ms", "kernels", "launch", "dispatches", "commands", "barriers",
               "host ms", "recording", "waits", "memory"});
    bool any = false;
    for (const Json& r : results) {
        if (!is_gpu(r)) continue;
        any = true;
        table.add({r["model"], r["device"], fmt::format("{}", r["batch"].get<std::int64_t>()),
                   milliseconds(r["step_ms"]), r["kernels_ms"].is_null() ? "-" : milliseconds(r["kernels_ms"]),
                   percent(r["launch_share"]), number(r["dispatches_per_step"]), number(r["commands_per_step"]),
                   number(r["barriers_per_step"]), fmt::format("{:.3f}", r["host_ms"].get<double>()),
                   fmt::format("{:.3f}", r["recording_ms"].get<double>()), number(r["waits_per_step"]),
                   bytes(r["device_memory_bytes"])});
    }
    if (!any) return "";
    return "\nOn a GPU, per step (kernels: their time, each alone; launch: the share of the step without a kernel; "
           "host: "
           "its\nwork, of which recording commands; waits for the GPU)\n\n" +
           table.str();
}

std::string kernel_table(const Json& result) {
    TextTable table(columns(1, 3));
    table.add({"kernel", "dispatches", "ms", "share"});
    for (const Json& kernel : result["kernels"])
        table.add({kernel["name"], number(kernel["dispatches_per_step"]),
                   fmt::format("{:.3f}", kernel["ms"].get<double>()),
                   percent(kernel["ms"].get<double>() / result["kernels_ms"].get<double>())});
    return fmt::format("\n{} on {}, by kernel\n\n{}", result["model"].get<std::string>(),
                       result["device"].get<std::string>(), table.str());
}

std::string layer_table(const Json& result) {
    TextTable table(columns(1, 9));
    table.add({"layer", "forward", "gradients", "update", "data", "other", "ms", "share", "of peak", "of sgemm"});
    const double all = result["profiled_step_ms"], gemm = result["sgemm_flops_per_second"];
    const double peak = result["multiply_add_flops_per_second"];
    const auto add = [&](const std::string& name, const Json& times, double flops) {
        std::vector<std::string> row{name};
        for (const char* phase : phases) row.push_back(times[phase] == 0.0 ? "" : milliseconds(times[phase]));
        const double ms = total(times);
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

}  // namespace

std::string bench_tables(const Json& results, bool split) {
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

}  // namespace cairn::app
