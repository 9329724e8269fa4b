#include "app/common_options.h"

#include "backend/backends.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
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

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
    return CLI::Validator(
        [=](std::string& text) -> std::string {
            std::uint64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
                return most == std::numeric_limits<std::uint64_t>::max()
                           ? fmt::format("must be a whole number of at least {}, not '{}'", least, text)
                           : fmt::format("must be a whole number from {} to {}, not '{}'", least, most, text);
            text = std::to_string(number);  // CLI11 would read 010 as eight
            return "";
        },
        "");
}

Device automatic_device(DType dtype) {
    if (dtype != DType::float32) return Device::cpu();
    const std::vector<VulkanDeviceInfo> gpus = vulkan_devices();
    const auto real = std::ranges::find_if(gpus, [](const VulkanDeviceInfo& gpu) { return !gpu.software; });
    return real == gpus.end() ? Device::cpu() : Device::vulkan(static_cast<int>(real - gpus.begin()));
}

Device CommonOptions::chosen_device(DType dtype) const {
    const Device chosen = device == "auto" ? automatic_device(dtype) : Device::parse(device);
    check(backend(chosen).supports(dtype), "{} has no {}; use reference or cpu", chosen, name_of(dtype));
    return chosen;
}

void add_common_options(CLI::App& command, CommonOptions& options) {
    command.add_option("--threads", options.threads, "threads to use (default: one for each processor)")
        ->transform(whole_number(1, most_threads))
        ->type_name("N")
        ->group("Common options");
    command
        .add_option("--device", options.device,
                    "auto (default: a GPU if there is one, else cpu), reference, cpu or vulkan[:i]")
        ->check(CLI::Validator(device_error, ""))
        ->type_name("DEVICE")
        ->group("Common options");
    command.add_option("--seed", options.seed, "seed of all random numbers (default 0)")
        ->transform(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
        ->type_name("N")
        ->group("Common options");
}

void add_data_options(CLI::App& command, DataOptions& options) {
    const std::string what =
        "folder of a data set in CIFAR-10's binary layout; by default\n"
        "$CIFAR10_DIR, else CIFAR-10 in the cache folder, else shapes10,\n"
        "which cairn draws";
    command.add_option("--data", options.folder, what)->type_name("DIR");
    command.add_option("--limit", options.limit, "use the first N training and the first N test images only")
        ->transform(whole_number(1, std::numeric_limits<std::int64_t>::max()))
        ->type_name("N");
}

data::Located load_data(const DataOptions& options) {
    data::Located located = data::locate(options.folder);
    if (options.limit > 0) {
        located.split.train = located.split.train.first(options.limit);
        located.split.test = located.split.test.first(options.limit);
    }
    return located;
}

void add_json_option(CLI::App& command, bool& json) {
    command.add_flag("--json", json, "print JSON, for programs to read");
}

CLI::App& add_command(CLI::App& parent, Session& session, const std::string& name, const std::string& does,
                      const std::string& details) {
    CLI::App& command = *parent.add_subcommand(name, does);
    command.footer(details);
    command.allow_extras();  // app.cpp names what was not expected, with a suggestion
    add_common_options(command, session.common);
    return command;
}

void on_command(CLI::App& command, Session& session, std::function<int()> run) {
    command.callback([&session, run = std::move(run)] { session.chosen = run; });
}

}  // namespace cairn::app
