// Pipelines: shader modules, compute pipelines and descriptor sets, each made at first use and kept. All shaders have the
// same interface, n storage buffers in set 0 and up to 128 bytes of push constants, so layouts depend on n alone.
#pragma once

#include "cairn/backend/vulkan/gpu.h"
#include "cairn/backend/vulkan/pipeline_cache.h"
#include "cairn/backend/vulkan/shaders.h"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cairn::vulkan {

constexpr std::uint32_t push_constant_bytes = 128;  // every device has as many

class Pipelines {
public:
    explicit Pipelines(const Gpu& gpu);
    ~Pipelines();
    Pipelines(const Pipelines&) = delete;
    Pipelines& operator=(const Pipelines&) = delete;

    struct Layout {
        VkDescriptorSetLayout set = VK_NULL_HANDLE;
        VkPipelineLayout pipeline = VK_NULL_HANDLE;
    };
    const Layout& layout(std::uint32_t bindings);
    VkPipeline pipeline(std::string_view shader, const std::vector<std::uint32_t>& constants, std::uint32_t bindings);
    // A set with these buffers. It stays valid until forget_sets(), which the caller may call when no commands are in flight.
    VkDescriptorSet descriptor_set(const std::vector<VkDescriptorBufferInfo>& buffers);
    // A shader besides the embedded ones, under a name of its own; a second time it changes nothing. Its name and words
    // outlive this object.
    void add(const Shader& shader);
    // Another SPIR-V in place of a shader's own, or with no words its own again: a test plants a wrong one and sees that it
    // is found. No commands may be in flight.
    void replace(std::string_view shader, const std::vector<std::uint32_t>& words);
    // Keeps what was compiled for the next run of the program.
    void save_cache() noexcept { cache_.save(); }
    bool many_sets() const { return sets_.size() >= max_sets; }
    void forget_sets();

private:
    static constexpr std::size_t max_sets = 1 << 15;
    static constexpr std::uint32_t sets_per_pool = 256;
    static constexpr std::uint32_t buffers_per_set = 8;  // on average; a pool without room is followed by another

    const Shader& find(std::string_view shader) const;
    VkShaderModule module(std::string_view shader);
    VkShaderModule make_module(const std::uint32_t* words, std::size_t bytes) const;
    VkDescriptorSet allocate_set(VkDescriptorSetLayout layout);
    void add_pool();

    // The words of the buffers' handles, offsets and ranges.
    using SetKey = std::vector<std::uint64_t>;
    struct HashKey {
        std::size_t operator()(const SetKey& key) const;
    };

    const Gpu& gpu_;
    PipelineCache cache_;
    std::vector<Shader> added_;
    std::map<std::uint32_t, Layout> layouts_;
    std::map<std::string_view, VkShaderModule> modules_;
    std::map<std::pair<std::string_view, std::vector<std::uint32_t>>, VkPipeline> pipelines_;  // by the name of find()
    std::unordered_map<SetKey, VkDescriptorSet, HashKey> sets_;
    std::vector<VkDescriptorPool> pools_;
    std::size_t pool_ = 0;  // the one in use
};

}  // namespace cairn::vulkan
