#include "cairn/core/device.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

using test::error_message;

// Catches a text that str() writes and parse() does not read back.
TEST(Device, ParseReadsWhatStrWrites) {
    struct Case {
        const char* text;
        Device device;
        const char* written;
    };
    const Case cases[] = {
        {"reference", Device::reference(), "reference"}, {"cpu", Device::cpu(), "cpu"},
        {"vulkan", Device::vulkan(), "vulkan"},          {"vulkan:0", Device::vulkan(0), "vulkan"},
        {"vulkan:1", Device::vulkan(1), "vulkan:1"},     {"vulkan:12", Device::vulkan(12), "vulkan:12"},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(Device::parse(c.text), c.device) << c.text;
        EXPECT_EQ(c.device.str(), c.written);
        EXPECT_EQ(fmt::format("{}", c.device), c.written);
        EXPECT_EQ(Device::parse(c.device.str()), c.device) << c.text;
    }
    EXPECT_NE(Device::vulkan(0), Device::vulkan(1));
    EXPECT_NE(Device::cpu(), Device::reference());
}

// Catches leftovers that are ignored ("vulkan:1x"), signs, numbers that overflow, and other spellings.
TEST(Device, ParseRefusesAnythingElse) {
    for (const char* text : {"", "gpu", "CPU", "cpu ", "vulkan:", "vulkan:x", "vulkan:1x", "vulkan:-1", "vulkan: 1",
                             "vulkan:99999999999", "vulkan1", "cpu:0"}) {
        EXPECT_EQ(error_message([&] { Device::parse(text); }),
                  fmt::format("unknown device '{}': use reference, cpu, vulkan or vulkan:N", text));
    }
}

}  // namespace
}  // namespace cairn
