// Device: where a tensor lives and its kernels run. A plain value; the backend behind it is found in
// backend/devices.h.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace cairn {

struct Device {
    enum class Kind { reference, cpu, vulkan };

    Kind kind = Kind::cpu;
    int index = 0;  // which GPU, for vulkan; 0 otherwise

    static Device reference() { return {Kind::reference, 0}; }
    static Device cpu() { return {Kind::cpu, 0}; }
    static Device vulkan(int index = 0) { return {Kind::vulkan, index}; }

    // Reads "reference", "cpu", "vulkan" or "vulkan:1". Throws Error that lists these for anything else.
    static Device parse(std::string_view text);

    bool operator==(const Device&) const = default;

    // What parse reads: "cpu", "vulkan:1" ("vulkan" for the first).
    std::string str() const;
};

}  // namespace cairn

template <>
struct fmt::formatter<cairn::Device> : fmt::formatter<std::string> {
    template <typename Context>
    auto format(const cairn::Device& device, Context& context) const {
        return fmt::formatter<std::string>::format(device.str(), context);
    }
};
