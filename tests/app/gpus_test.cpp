#include "cairn/app/gpus.h"

#include <gtest/gtest.h>

namespace cairn::app {
namespace {

VulkanDeviceInfo gpu(const char* type) {
    VulkanDeviceInfo info;
    info.type = type;
    info.software = info.type == "software";
    return info;
}

// Catches a training that goes to a driver of software, or to an integrated GPU that is slower than the processor.
TEST(AutomaticGpu, HasMemoryOfItsOwn) {
    EXPECT_EQ(automatic_gpu({}), -1);
    EXPECT_EQ(automatic_gpu({gpu("software")}), -1);
    EXPECT_EQ(automatic_gpu({gpu("integrated GPU"), gpu("software")}), -1);
    EXPECT_EQ(automatic_gpu({gpu("discrete GPU"), gpu("integrated GPU")}), 0);
    EXPECT_EQ(automatic_gpu({gpu("integrated GPU"), gpu("virtual GPU")}), 1);
}

}  // namespace
}  // namespace cairn::app
