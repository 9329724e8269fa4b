// cairn devices: where kernels can run.
#include "app/commands.h"
#include "app/text.h"
#include "backend/backends.h"

#include <CLI/CLI.hpp>

namespace cairn::app {

namespace {

struct Listed {
    Device device;
    bool available = false;
    std::string description;  // or why it is not there
};

Listed look_at(const Device& device) {
    try {
        return {device, true, backend(device).description()};
    } catch (const Error& error) {
        return {device, false, error.what()};
    }
}

// The reference, the processor, and the GPUs one after the other until there are no more.
std::vector<Listed> find_devices() {
    std::vector<Listed> devices{look_at(Device::reference()), look_at(Device::cpu()), look_at(Device::vulkan())};
    while (devices.back().available) devices.push_back(look_at(Device::vulkan(devices.back().device.index + 1)));
    if (devices.back().device.index > 0) devices.pop_back();
    return devices;
}

int list_devices() {
    TextTable table({Align::left, Align::left});
    for (const Listed& found : find_devices())
        table.add({found.device.str(), (found.available ? "" : "none: ") + found.description +
                                           (found.device == automatic_device() ? "  <- auto" : "")});
    fmt::print("{}", table.str());
    return 0;
}

}  // namespace

void add_devices_command(CLI::App& parent, Session& session) {
    CLI::App& command =
        add_command(parent, session, "devices", "list the devices, and which one 'auto' takes", "Writes no files.");
    on_command(command, session, list_devices);
}

}  // namespace cairn::app
