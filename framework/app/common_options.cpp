#include "cairn/app/common_options.h"

#include "cairn/app/gpus.h"
#include "cairn/app/output.h"
#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/core/text.h"

#include <algorithm>
#include <limits>

namespace cairn::app {

namespace {

constexpr std::uint64_t most_threads = 1024;

std::string device_error(const std::string& text) {
    try {
        if (text != "auto") Device::parse(text);
    } catch (const Error& error) {
        return std::string(error.what()) + ", or auto";
    }
    return "";
}

}  // namespace

Device automatic_device(DType dtype) {
    if (dtype != DType::float32) return Device::cpu();
    const FoundGpus& found = find_gpus();
    if (found.driver_failed) warn(found.problem + "; the processor is taken, as with --device cpu");
    const int gpu = automatic_gpu(found.devices);
    return gpu < 0 ? Device::cpu() : Device::vulkan(gpu);
}

Device device_named(const std::string& text, DType dtype) {
    if (text == "auto") return automatic_device(dtype);
    const Device device = Device::parse(text);
    if (device.kind != Device::Kind::vulkan) return device;
    const FoundGpus& found = find_gpus();
    check(!found.driver_failed,
          "{}; remove that driver, name another one in VK_DRIVER_FILES, or compute on the processor: --device cpu",
          found.problem);
    return device;
}

Device CommonOptions::chosen_device(DType dtype) const {
    const Device chosen = device_named(device, dtype);
    check(backend(chosen).supports(dtype), "{} has no {}; use reference or cpu", chosen, name_of(dtype));
    return chosen;
}

void add_common_options(const Command& command, CommonOptions& options) {
    const std::string title = "Common options";
    command
        .whole("--threads", options.threads, "threads to use (default: one for each processor that it may use)",
               {1, most_threads})
        .group(title);
    command
        .text("--device", options.device, "DEVICE",
              "auto (default: a GPU if there is one, else cpu), reference, cpu or vulkan[:i]")
        .check(device_error)
        .group(title);
    command
        .whole("--seed", options.seed, "seed of all random numbers (default 0)",
               {0, std::numeric_limits<std::uint64_t>::max()})
        .group(title);
}

void warn(const std::string& line) { complain(fmt::format("{}: {}\n", program().name, printable(line, true))); }

namespace {

constexpr std::pair<const char*, ConvolutionAlgorithm> convolution_algorithms[] = {
    {"auto", ConvolutionAlgorithm::automatic},
    {"im2col", ConvolutionAlgorithm::im2col},
    {"direct", ConvolutionAlgorithm::direct},
    {"winograd", ConvolutionAlgorithm::winograd}};

}  // namespace

std::vector<std::string> convolution_names() {
    std::vector<std::string> names;
    for (const auto& [name, algorithm] : convolution_algorithms) names.push_back(name);
    return names;
}

ConvolutionAlgorithm convolution_named(const std::string& name, const Device& device) {
    if (name != "auto" && device.kind != Device::Kind::cpu)
        throw UsageError(
            fmt::format("--convolution {} is for the cpu, but the device is {}, which has one way to compute "
                        "convolutions; leave it out, or give --device cpu",
                        name, device));
    return std::ranges::find(convolution_algorithms, name, [](const auto& entry) { return std::string(entry.first); })
        ->second;
}

std::filesystem::path new_folder(const std::string& name) {
    std::string plain = name;  // a data set may call itself ../../elsewhere
    for (char& c : plain)
        if (c == '/' || static_cast<unsigned char>(c) < ' ') c = '_';
    return make_new_folder(std::filesystem::path("runs") / plain);
}

Option add_model_option(const Command& command, std::string& model) {
    return command.text("MODEL", model, "", fmt::format("a name that '{} models' lists", program().command));
}

void add_json_option(const Command& command, bool& json) {
    command.flag("--json", json, "print JSON, for programs to read");
}

Command add_group(const Command& parent, Session& session, const CommandText& text) {
    const Command command = parent.add(text.name, text.does, text.details);
    add_common_options(command, session.common);
    return command;
}

}  // namespace cairn::app
