// cairn devices: where kernels can run.
#include "cairn/app/commands/commands.h"
#include "cairn/app/gpus.h"
#include "cairn/app/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

struct Listed {
    Device device;
    std::vector<std::string> lines;  // what it is; or why it is not there
    Json json;
};

Listed look_at(const Device& device) {
    try {
        const std::string description = backend(device).description();
        return {device, {description}, {{"description", description}}};
    } catch (const Error& error) {
        return {device, {"none: " + std::string(error.what())}, {{"error", error.what()}}};
    }
}

std::string size(std::uint64_t bytes) { return memory_size(static_cast<std::int64_t>(bytes)); }

Listed listed(int index, const VulkanDeviceInfo& info) {
    return {Device::vulkan(index),
            {fmt::format("{}, {}", info.name, info.type),
             fmt::format("driver {}, Vulkan {}, memory {}", info.driver, info.vulkan, size(info.memory)),
             fmt::format("a tensor up to {}, a workgroup up to {} invocations with {} of shared memory, buffers "
                         "aligned to {} bytes",
                         size(info.max_tensor_bytes), info.max_group_size, size(info.shared_memory),
                         info.buffer_alignment)},
            {{"name", info.name},
             {"type", info.type},
             {"software", info.software},
             {"driver", info.driver},
             {"vulkan", info.vulkan},
             {"memory_bytes", info.memory},
             {"max_tensor_bytes", info.max_tensor_bytes},
             {"max_workgroup_invocations", info.max_group_size},
             {"shared_memory_bytes", info.shared_memory},
             {"buffer_alignment_bytes", info.buffer_alignment}}};
}

// The reference, the processor, and the GPUs; without any, why there is none.
std::vector<Listed> find_devices() {
    std::vector<Listed> devices{look_at(Device::reference()), look_at(Device::cpu())};
    int index = 0;
    const FoundGpus& gpus = find_gpus();
    for (const VulkanDeviceInfo& info : gpus.devices) {
        devices.push_back(listed(index, info));
        const auto same = std::ranges::find(gpus.devices, info.uuid, &VulkanDeviceInfo::uuid) - gpus.devices.begin();
        if (same != index) devices.back().lines.push_back(fmt::format("the GPU of vulkan:{}, by another driver", same));
        ++index;
    }
    if (index == 0) devices.push_back({Device::vulkan(), {"none: " + gpus.problem}, {{"error", gpus.problem}}});
    return devices;
}

int list_devices(const Session&, const bool& json) {
    TextTable table({Align::left, Align::left});
    Json all = Json::array();
    const std::vector<Listed> devices = find_devices();
    const Device chosen = automatic_device(DType::float32);
    for (Listed found : devices) {
        const bool automatic = found.device == chosen;
        if (automatic) found.lines.front() += "  <- auto";
        for (std::size_t k = 0; k < found.lines.size(); ++k)
            table.add({k == 0 ? found.device.str() : "", found.lines[k]});
        Json entry{{"device", found.device.str()}, {"available", !found.json.contains("error")}, {"auto", automatic}};
        entry.update(found.json);
        all.push_back(std::move(entry));
    }
    fmt::print("{}", json ? all.dump(2) + "\n" : table.str());
    return 0;
}

}  // namespace

void add_devices_command(const Command& program, Session& session) {
    add_command<bool>(
        program, session,
        {"devices", "list the devices, and which one 'auto' takes",
         "'auto' is the first GPU with memory of its own, else the processor. An integrated GPU is taken\n"
         "only where --device names it: many processors are as fast, which\n"
         "'bench --devices cpu,vulkan' tells of this one. A software GPU is for tests. Writes no files."},
        add_json_option, list_devices);
}

}  // namespace cairn::app
