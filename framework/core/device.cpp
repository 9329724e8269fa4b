#include "cairn/core/device.h"

#include "cairn/core/error.h"

#include <charconv>

namespace cairn {

Device Device::parse(std::string_view text) {
    if (text == "reference") return reference();
    if (text == "cpu") return cpu();
    if (text == "vulkan") return vulkan();
    constexpr std::string_view prefix = "vulkan:";
    if (text.substr(0, prefix.size()) == prefix) {
        const std::string_view digits = text.substr(prefix.size());
        int index = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (error == std::errc() && end == digits.data() + digits.size() && index >= 0) return vulkan(index);
    }
    fail("unknown device '{}': use reference, cpu, vulkan or vulkan:N", text);
}

std::string Device::str() const {
    switch (kind) {
        case Kind::reference: return "reference";
        case Kind::cpu: return "cpu";
        case Kind::vulkan: return index == 0 ? "vulkan" : fmt::format("vulkan:{}", index);
    }
    return "?";
}

}  // namespace cairn
