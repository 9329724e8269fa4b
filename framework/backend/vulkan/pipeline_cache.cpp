#include "cairn/backend/vulkan/pipeline_cache.h"

#include "cairn/backend/vulkan/instance.h"
#include "cairn/core/cache_folder.h"
#include "cairn/core/file.h"

#include <algorithm>
#include <cstring>

namespace cairn::vulkan {

namespace {

namespace fs = std::filesystem;

constexpr char letters[8] = {'c', 'a', 'i', 'r', 'n', '-', 'p', '1'};
constexpr std::size_t head = 24;          // letters, size, hash
constexpr std::size_t driver_head = 32;   // VkPipelineCacheHeaderVersionOne
constexpr std::size_t most = 256u << 20;  // bytes; a training's pipelines take one or two million

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: sees damage, not an attack, against which the folder's owner is the guard.
std::uint64_t hash_of(std::span<const std::uint8_t> data) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::uint8_t byte : data) hash = (hash ^ byte) * 0x100000001b3u;
    return hash;
}

template <typename T>
T number_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::vector<std::uint8_t> bytes_of(const fs::path& file) {
    std::error_code none;
    if (file.empty() || !fs::is_regular_file(file, none) || fs::file_size(file, none) > most) return {};
    try {
        return read_file(file);
    } catch (const Error&) {
        return {};
    }
}

VkPhysicalDeviceProperties properties_of(const Gpu& gpu) {
    const Instance& instance = Instance::get();
    VkPhysicalDeviceProperties properties;
    instance.vk.GetPhysicalDeviceProperties(instance.devices[static_cast<std::size_t>(gpu.index)], &properties);
    return properties;
}

}  // namespace

std::vector<std::uint8_t> packed(std::span<const std::uint8_t> data) {
    std::vector<std::uint8_t> bytes(head + data.size());
    const std::uint64_t size = data.size(), hash = hash_of(data);
    std::memcpy(bytes.data(), letters, sizeof letters);
    std::memcpy(bytes.data() + 8, &size, sizeof size);
    std::memcpy(bytes.data() + 16, &hash, sizeof hash);
    std::ranges::copy(data, bytes.begin() + head);
    return bytes;
}

std::span<const std::uint8_t> unpacked(std::span<const std::uint8_t> bytes, const VkPhysicalDeviceProperties& device) {
    if (bytes.size() < head + driver_head || std::memcmp(bytes.data(), letters, sizeof letters) != 0) return {};
    const std::span<const std::uint8_t> data = bytes.subspan(head);
    if (number_at<std::uint64_t>(bytes, 8) != data.size() || number_at<std::uint64_t>(bytes, 16) != hash_of(data))
        return {};
    const bool same = number_at<std::uint32_t>(data, 0) >= driver_head &&
                      number_at<std::uint32_t>(data, 4) == VK_PIPELINE_CACHE_HEADER_VERSION_ONE &&
                      number_at<std::uint32_t>(data, 8) == device.vendorID &&
                      number_at<std::uint32_t>(data, 12) == device.deviceID &&
                      std::memcmp(data.data() + 16, device.pipelineCacheUUID, VK_UUID_SIZE) == 0;
    return same ? data : std::span<const std::uint8_t>();
}

fs::path pipeline_cache_file(const Gpu& gpu) {
    const fs::path folder = cache_folder();
    if (gpu.info.software || folder.empty()) return {};
    const VkPhysicalDeviceProperties device = properties_of(gpu);
    std::string name = fmt::format("{:04x}-{:04x}-", device.vendorID, device.deviceID);
    for (const std::uint8_t byte : device.pipelineCacheUUID) name += fmt::format("{:02x}", byte);
    return folder / "pipelines" / name;
}

PipelineCache::PipelineCache(const Gpu& gpu, fs::path file) : gpu_(gpu), file_(std::move(file)) {
    const std::vector<std::uint8_t> bytes = bytes_of(file_);
    const std::span<const std::uint8_t> data = unpacked(bytes, properties_of(gpu));
    auto info = structure<VkPipelineCacheCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO);
    info.initialDataSize = read_bytes_ = data.size();
    info.pInitialData = data.data();
    succeeded(gpu_.vk.CreatePipelineCache(gpu_.handle, &info, nullptr, &handle_), "vkCreatePipelineCache");
}

PipelineCache::~PipelineCache() { gpu_.vk.DestroyPipelineCache(gpu_.handle, handle_, nullptr); }

void PipelineCache::save() noexcept {
    if (file_.empty()) return;
    try {
        std::size_t size = 0;
        if (gpu_.vk.GetPipelineCacheData(gpu_.handle, handle_, &size, nullptr) != VK_SUCCESS || size <= read_bytes_)
            return;
        std::vector<std::uint8_t> data(size);
        if (gpu_.vk.GetPipelineCacheData(gpu_.handle, handle_, &size, data.data()) != VK_SUCCESS) return;
        data.resize(size);
        fs::create_directories(file_.parent_path());
        write_file(file_, packed(data));
        read_bytes_ = size;
    } catch (const std::exception&) {  // the next run compiles again
    }
}

}  // namespace cairn::vulkan
