#include "vulkan_static/recorded_step.h"

#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"
#include "cairn/data/shapes10.h"
#include "cairn/optim/optimizers.h"
#include "cairn/train/fit.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace cairn::bench {

namespace {

Device software_device() {
    const std::vector<VulkanDeviceInfo> devices = vulkan_devices();
    const auto found = std::ranges::find_if(devices, &VulkanDeviceInfo::software);
    check(found != devices.end(),
          "there is no software driver for Vulkan; on Debian: apt-get install mesa-vulkan-drivers");
    return Device::vulkan(static_cast<int>(found - devices.begin()));
}

Dispatched dispatched(const vulkan::Launch& what, const void* push, std::size_t bytes, bool waits) {
    Dispatched result{.shader = what.shader,
                      .constants = what.constants,
                      .bindings = static_cast<std::uint32_t>(what.operands.size()),
                      .groups = std::uint64_t{what.groups.x} * what.groups.y * what.groups.z,
                      .bytes = bytes,
                      .waits = waits};
    // The shaders that include gemm.glsl have its sizes in front: M, N, K, part.
    const bool product = what.constants.size() >= 8 && push != nullptr;
    std::uint32_t sizes[4] = {};
    if (product) std::memcpy(sizes, push, sizeof sizes);
    result.M = sizes[0], result.N = sizes[1], result.part = sizes[3];
    return result;
}

}  // namespace

std::string Dispatched::name() const {
    if (!is_product()) return shader;
    const std::vector<std::uint32_t> own(constants.begin() + 6, constants.begin() + 9);
    return fmt::format("{} {}x{}x{} ({})", shader, constants[0], constants[1], constants[2], fmt::join(own, " "));
}

std::vector<Dispatched> recorded_step(const std::function<nn::Model()>& make, std::int64_t batch_size) {
    const Device device = software_device();
    vulkan::Context& context = static_cast<VulkanBackend&>(backend(device)).context();
    const data::Split images = data::make_shapes10(0, 3 * batch_size, 1);
    nn::Model model = make();
    model.initialize({.device = device, .seed = 1});
    std::vector<Dispatched> all;
    context.on_launch = [&](const vulkan::Launch& what, const void* push, std::size_t bytes, bool waits) {
        all.push_back(dispatched(what, push, bytes, waits));
    };
    optim::Adam adam;
    train::fit(model, adam, images.train, images.test, {.epochs = 1, .batch_size = batch_size});
    context.on_launch = nullptr;

    // A step ends where the right answers are counted.
    const auto is_last = [](const Dispatched& d) { return d.shader == "count_correct"; };
    const auto first = std::ranges::find_if(all, is_last);
    check(first != all.end(), "a step has no count_correct any more: tell this program how a step ends");
    const auto second = std::find_if(first + 1, all.end(), is_last);
    return {first + 1, second + 1};
}

}  // namespace cairn::bench
