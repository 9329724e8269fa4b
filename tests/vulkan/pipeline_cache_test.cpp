#include "cairn/backend/vulkan/pipeline_cache.h"
#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"
#include "cairn/core/file.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <cstring>

namespace cairn::vulkan {
namespace {

using Bytes = std::vector<std::uint8_t>;

VkPhysicalDeviceProperties device() {
    VkPhysicalDeviceProperties properties{};
    properties.vendorID = 0x1002;
    properties.deviceID = 0x744c;
    for (std::uint8_t k = 0; k < VK_UUID_SIZE; ++k) properties.pipelineCacheUUID[k] = k;
    return properties;
}

// What that device's driver would hand out, with 40 bytes of its own.
Bytes data_of_the_driver() {
    Bytes data(72, 7);
    const std::uint32_t words[] = {32, 1, 0x1002, 0x744c};
    std::memcpy(data.data(), words, sizeof words);
    std::memcpy(data.data() + 16, device().pipelineCacheUUID, VK_UUID_SIZE);
    return data;
}

// Drivers trust what they are handed. Catches a file that reaches one though a byte of it was changed, or its end is missing, or
// it was made by another driver or for another device.
TEST(VulkanPipelineCache, OnlyAWholeFileOfTheSameDriverIsTaken) {
    const Bytes data = data_of_the_driver(), whole = packed(data);
    const auto taken = [](const Bytes& bytes, const VkPhysicalDeviceProperties& by) {
        return unpacked(bytes, by).size();
    };
    EXPECT_EQ(taken(whole, device()), data.size());
    for (std::size_t k = 0; k < whole.size(); ++k) {
        Bytes changed = whole;
        changed[k] ^= 1;
        EXPECT_EQ(taken(changed, device()), 0u) << "byte " << k;
        EXPECT_EQ(taken(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(k)), device()), 0u) << k;
    }
    VkPhysicalDeviceProperties other = device();
    other.deviceID += 1;
    EXPECT_EQ(taken(whole, other), 0u);
    other = device();
    other.pipelineCacheUUID[15] += 1;  // a newer driver
    EXPECT_EQ(taken(whole, other), 0u);
    EXPECT_EQ(taken(packed(Bytes(8, 0)), device()), 0u) << "too short for a header";
}

// With this machine's driver: what is written is read again, and damage costs nothing but the cache.
TEST(VulkanPipelineCache, IsReadAgainAndDamageIsNoHarm) {
    const test::TempFolder folder;
    const Gpu& gpu = static_cast<VulkanBackend&>(backend(Device::vulkan())).context().gpu;
    const std::filesystem::path file = folder / "pipelines/cache";
    PipelineCache first(gpu, file);
    EXPECT_FALSE(first.was_read());
    first.save();
    ASSERT_TRUE(std::filesystem::exists(file));
    EXPECT_TRUE(PipelineCache(gpu, file).was_read());
    Bytes bytes = read_file(file);
    bytes.back() ^= 1;
    write_file(file, bytes);
    EXPECT_FALSE(PipelineCache(gpu, file).was_read());
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    PipelineCache nowhere(gpu, file);
    nowhere.save();
    EXPECT_TRUE(std::filesystem::is_directory(file));
}

}  // namespace
}  // namespace cairn::vulkan
