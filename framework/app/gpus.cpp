#include "cairn/app/gpus.h"

#include "cairn/core/process.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <new>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

constexpr auto patience = 30s;  // a driver takes a second or two, and many more on a busy machine

// Hands the members to f by name, to write them or to read them.
template <typename Info, typename F>
void for_each_member(Info& info, const F& f) {
    f("name", info.name);
    f("type", info.type);
    f("software", info.software);
    f("driver", info.driver);
    f("vulkan", info.vulkan);
    f("uuid", info.uuid);
    f("memory", info.memory);
    f("max_tensor_bytes", info.max_tensor_bytes);
    f("max_group_size", info.max_group_size);
    f("shared_memory", info.shared_memory);
    f("buffer_alignment", info.buffer_alignment);
}

Json json_of(const VulkanDeviceInfo& info) {
    Json json;
    for_each_member(info, [&](const char* name, const auto& value) { json[name] = value; });
    return json;
}

VulkanDeviceInfo info_of(const Json& json) {
    VulkanDeviceInfo info;
    for_each_member(info, [&](const char* name, auto& value) { json.at(name).get_to(value); });
    return info;
}

// What the copy finds.
Json look() {
    Json found{{"devices", Json::array()}, {"problem", ""}};
    try {
        for (const VulkanDeviceInfo& info : vulkan_devices()) found["devices"].push_back(json_of(info));
        if (found["devices"].empty()) backend(Device::vulkan());  // throws the reason
    } catch (const Error& error) {
        found["problem"] = error.what();
    } catch (const std::bad_alloc&) {
        found["problem"] = "out of memory";
    }
    return found;
}

std::string failure(const ProcessResult& copy) {
    if (copy.signal == SIGKILL) return "a Vulkan driver did not answer in 30 seconds";
    return copy.signal == 0 ? "a Vulkan driver ended the program that asked it"
                            : fmt::format("a Vulkan driver crashed ({})", strsignal(copy.signal));
}

FoundGpus look_in_a_copy() {
    const ProcessResult copy = run_copy(
        [] {
            std::set_new_handler(nullptr);  // too little memory is an answer, and no end
            try {
                fmt::print("\n{}", look().dump(-1, ' ', false, Json::error_handler_t::replace));
            } catch (const std::exception&) {
                std::raise(SIGABRT);  // as if the driver had
            }
        },
        patience);
    const std::string text = copy.out.substr(copy.out.rfind('\n') + 1);  // a driver may have printed before
    if (copy.signal != 0 || !Json::accept(text)) return {{}, failure(copy), true};
    const Json json = Json::parse(text);
    FoundGpus found{{}, json.at("problem").get<std::string>()};
    for (const Json& device : json.at("devices")) found.devices.push_back(info_of(device));
    return found;
}

}  // namespace

int automatic_gpu(const std::vector<VulkanDeviceInfo>& gpus) {
    const auto own = std::ranges::find_if(
        gpus, [](const VulkanDeviceInfo& gpu) { return gpu.type == "discrete GPU" || gpu.type == "virtual GPU"; });
    return own == gpus.end() ? -1 : static_cast<int>(own - gpus.begin());
}

const FoundGpus& find_gpus() {
    static const FoundGpus found = look_in_a_copy();
    return found;
}

}  // namespace cairn::app
