// PipelineCache: what the driver compiled, kept in cairn's cache folder from one run of the program to the next. A driver takes a
// tenth of a second for each of the pipelines of a training, of which there are some thirty.
#pragma once

#include "cairn/backend/vulkan/gpu.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace cairn::vulkan {

class PipelineCache {
public:
    // Starts with what `file` holds, if that is whole and was made by this driver for this device; else with nothing. With an
    // empty path nothing is kept.
    PipelineCache(const Gpu& gpu, std::filesystem::path file);
    ~PipelineCache();
    PipelineCache(const PipelineCache&) = delete;
    PipelineCache& operator=(const PipelineCache&) = delete;

    VkPipelineCache handle() const { return handle_; }
    bool was_read() const { return read_bytes_ > 0; }
    // Writes the file if something was compiled since. A folder that cannot be written costs the cache and no more.
    void save() noexcept;

private:
    const Gpu& gpu_;
    std::filesystem::path file_;
    VkPipelineCache handle_ = VK_NULL_HANDLE;
    std::size_t read_bytes_ = 0;
};

// Where a device's is kept: named by maker, device and the driver's own mark; empty for a software driver, whose pipelines are
// machine code for this processor that it compiles anew anyway.
std::filesystem::path pipeline_cache_file(const Gpu& gpu);

// The file: eight letters, the number of bytes that follow the mark and a hash of them, then the driver's data. Drivers trust
// what they are handed, so a file that is cut off or changed must not reach one.
std::vector<std::uint8_t> packed(std::span<const std::uint8_t> data);
// The data, if the bytes are a whole file whose data begins with this device's header (VkPipelineCacheHeaderVersionOne); else
// nothing.
std::span<const std::uint8_t> unpacked(std::span<const std::uint8_t> bytes, const VkPhysicalDeviceProperties& device);

}  // namespace cairn::vulkan
