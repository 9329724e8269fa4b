// The plans for devices that this machine does not have.
#include "cairn/backend/vulkan/plan.h"
#include "cairn/backend/vulkan/gemm.h"
#include "cairn/core/error.h"

#include <gtest/gtest.h>

namespace cairn::vulkan {
namespace {

using Kind = DeviceTraits::Kind;

// Catches a plan that leaves a large GPU idle, or that cuts a sum into parts which a small one only has to add up again.
TEST(VulkanPlan, FillsTheDevice) {
    EXPECT_EQ(busy_groups({Kind::discrete, nvidia, 132}), 264u);
    EXPECT_EQ(busy_groups({Kind::discrete, amd, 96}), 288u);
    EXPECT_EQ(busy_groups({Kind::integrated, amd, 12}), 48u);
    EXPECT_EQ(busy_groups({Kind::discrete, 0x8086, 0}), 256u);
    EXPECT_EQ(busy_groups({Kind::integrated, 0x8086, 0}), 48u);
    EXPECT_EQ(busy_groups({Kind::software, 0, 0}), 4u);

    // The kernel gradient of original-cnn's second convolution: 289 x 64 sums of 16384 terms.
    const auto parts = [](const DeviceTraits& device) {
        const Gemm gemm = plan_gemm(289, 64, 16384, Split::if_it_helps, device);
        EXPECT_GE(gemm.parts * gemm.size.part, 16384u) << "terms are left out";
        EXPECT_LT((gemm.parts - 1) * gemm.size.part, 16384u) << "a part is empty";
        return gemm.parts;
    };
    const auto large = parts(traits_named("discrete")), small = parts(traits_named("integrated")),
               software = parts(traits_named("software"));
    EXPECT_GT(large, 4 * small);
    EXPECT_GT(small, software);
    EXPECT_EQ(plan_gemm(289, 64, 16384, Split::never, traits_named("discrete")).parts, 1u);
}

// Catches a pipeline that is compiled anew for each batch size, and one that takes a shape for whole which is not.
TEST(VulkanPlan, ALayerHasOnePipelineForFullAndOddBatches) {
    const DeviceTraits gpu = traits_named("discrete");
    const std::uint32_t geometry[11] = {16, 16, 32, 16, 16, 64, 3, 1, 1, 1, 1};
    const auto constants = [&](std::int64_t images) {
        return plan_gemm(images * 256, 64, 288, Split::never, gpu).constants({true, false}, 0, geometry);
    };
    EXPECT_EQ(constants(64).size(), 27u);
    EXPECT_EQ(constants(64), constants(60));
    const std::vector<std::uint32_t> odd = plan_gemm(65, 31, 1000, Split::never, gpu).constants({true, false});
    EXPECT_EQ((std::vector<std::uint32_t>(odd.begin() + 9, odd.begin() + 14)),
              (std::vector<std::uint32_t>{1, 31, 0, 0, 0}));
    EXPECT_EQ(plan_gemm(8, 8, 8, Split::never, gpu).constants({true, false}).size(), 9u)
        << "too small for one of its own";
}

TEST(VulkanPlan, AnotherWordIsRefused) { EXPECT_THROW(traits_named("huge"), Error); }

// Catches a driver that offers too little and is only found out by a lost device, and one that is refused for nothing.
TEST(VulkanPlan, SaysWhichLimitIsMissing) {
    VkPhysicalDeviceLimits limits{};
    limits.maxPerStageDescriptorStorageBuffers = 8;
    limits.maxComputeWorkGroupInvocations = limits.maxComputeWorkGroupSize[0] = 128;
    limits.maxComputeSharedMemorySize = 16384;
    limits.maxPushConstantsSize = 128;
    limits.maxComputeWorkGroupCount[0] = 65535;
    EXPECT_EQ(missing_limits(limits), "");
    limits.maxPerStageDescriptorStorageBuffers = 4;  // what Vulkan guarantees
    EXPECT_EQ(missing_limits(limits), "it allows 4 storage buffers in a shader, and 8 are needed");
}

// Catches a training that ends for want of device memory while the processor's lies idle, a second try in the same full heap,
// and memory that no program may take without having asked for it.
TEST(VulkanPlan, TriesEveryHeapOnce) {
    constexpr VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT,
                                    host = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT,
                                    cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
    VkPhysicalDeviceMemoryProperties memory{};
    for (const VkMemoryType& type :
         {VkMemoryType{host, 1}, VkMemoryType{local, 0}, VkMemoryType{local, 0}, VkMemoryType{host | cached, 1},
          VkMemoryType{local | host, 2}, VkMemoryType{local | VK_MEMORY_PROPERTY_DEVICE_COHERENT_BIT_AMD, 3}})
        memory.memoryTypes[memory.memoryTypeCount++] = type;
    using Types = std::vector<std::uint32_t>;
    EXPECT_EQ(memory_types(memory, 0b111111, local, 0), (Types{1, 4, 0}));
    EXPECT_EQ(memory_types(memory, 0b111100, local, 0), (Types{2, 4, 3}));
    EXPECT_EQ(memory_types(memory, 0b111111, host | cached, host), (Types{3, 4}));
    EXPECT_EQ(memory_types(memory, 0b100000, local, 0), Types{});
}

}  // namespace
}  // namespace cairn::vulkan
