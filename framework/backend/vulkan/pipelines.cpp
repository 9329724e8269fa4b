#include "cairn/backend/vulkan/pipelines.h"

#include <algorithm>

namespace cairn::vulkan {

Pipelines::Pipelines(const Gpu& gpu) : gpu_(gpu), cache_(gpu, pipeline_cache_file(gpu)) {}

Pipelines::~Pipelines() {
    for (const VkDescriptorPool pool : pools_) gpu_.vk.DestroyDescriptorPool(gpu_.handle, pool, nullptr);
    for (const auto& [key, pipeline] : pipelines_) gpu_.vk.DestroyPipeline(gpu_.handle, pipeline, nullptr);
    for (const auto& [name, module] : modules_) gpu_.vk.DestroyShaderModule(gpu_.handle, module, nullptr);
    for (const auto& [bindings, layout] : layouts_) {
        gpu_.vk.DestroyPipelineLayout(gpu_.handle, layout.pipeline, nullptr);
        gpu_.vk.DestroyDescriptorSetLayout(gpu_.handle, layout.set, nullptr);
    }
}

const Pipelines::Layout& Pipelines::layout(std::uint32_t bindings) {
    Layout& layout = layouts_[bindings];
    if (layout.pipeline != VK_NULL_HANDLE) return layout;

    std::vector<VkDescriptorSetLayoutBinding> buffers(bindings);
    for (std::uint32_t k = 0; k < bindings; ++k)
        buffers[k] = {k, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr};
    auto set_info = structure<VkDescriptorSetLayoutCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO);
    set_info.bindingCount = bindings;
    set_info.pBindings = buffers.data();
    succeeded(gpu_.vk.CreateDescriptorSetLayout(gpu_.handle, &set_info, nullptr, &layout.set),
              "vkCreateDescriptorSetLayout");

    const VkPushConstantRange push{VK_SHADER_STAGE_COMPUTE_BIT, 0, push_constant_bytes};
    auto info = structure<VkPipelineLayoutCreateInfo>(VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO);
    info.setLayoutCount = 1;
    info.pSetLayouts = &layout.set;
    info.pushConstantRangeCount = 1;
    info.pPushConstantRanges = &push;
    succeeded(gpu_.vk.CreatePipelineLayout(gpu_.handle, &info, nullptr, &layout.pipeline), "vkCreatePipelineLayout");
    return layout;
}

const Shader& Pipelines::find(std::string_view name) const {
    for (const std::span<const Shader> shaders : {embedded_shaders(), std::span<const Shader>(added_)})
        for (const Shader& shader : shaders)
            if (shader.name == name) return shader;
    throw BugError(fmt::format("there is no shaders/{}.comp", name));
}

void Pipelines::add(const Shader& shader) {
    if (std::ranges::find(added_, shader.name, &Shader::name) == added_.end()) added_.push_back(shader);
}

VkShaderModule Pipelines::module(std::string_view name) {
    const Shader& shader = find(name);
    VkShaderModule& module = modules_[shader.name];
    if (module == VK_NULL_HANDLE) module = make_module(shader.words, shader.bytes);
    return module;
}

VkShaderModule Pipelines::make_module(const std::uint32_t* words, std::size_t bytes) const {
    auto info = structure<VkShaderModuleCreateInfo>(VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO);
    info.codeSize = bytes;
    info.pCode = words;
    VkShaderModule module = VK_NULL_HANDLE;
    succeeded(gpu_.vk.CreateShaderModule(gpu_.handle, &info, nullptr, &module), "vkCreateShaderModule");
    return module;
}

void Pipelines::replace(std::string_view name, const std::vector<std::uint32_t>& words) {
    const Shader& shader = find(name);
    std::erase_if(pipelines_, [&](const auto& made) {
        if (made.first.first != shader.name) return false;
        gpu_.vk.DestroyPipeline(gpu_.handle, made.second, nullptr);
        return true;
    });
    VkShaderModule& module = modules_[shader.name];
    if (module != VK_NULL_HANDLE) gpu_.vk.DestroyShaderModule(gpu_.handle, module, nullptr);
    module = words.empty() ? VK_NULL_HANDLE : make_module(words.data(), 4 * words.size());
}

VkPipeline Pipelines::pipeline(std::string_view shader, const std::vector<std::uint32_t>& constants,
                               std::uint32_t bindings) {
    const auto found = pipelines_.find({shader, constants});
    if (found != pipelines_.end()) return found->second;

    std::vector<VkSpecializationMapEntry> entries(constants.size());
    for (std::uint32_t k = 0; k < entries.size(); ++k) entries[k] = {k, 4 * k, 4};
    const VkSpecializationInfo special{static_cast<std::uint32_t>(entries.size()), entries.data(), 4 * constants.size(),
                                       constants.data()};
    auto info = structure<VkComputePipelineCreateInfo>(VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO);
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = module(shader);
    info.stage.pName = "main";
    info.stage.pSpecializationInfo = &special;
    info.layout = layout(bindings).pipeline;
    VkPipeline pipeline = VK_NULL_HANDLE;
    succeeded(gpu_.vk.CreateComputePipelines(gpu_.handle, cache_.handle(), 1, &info, nullptr, &pipeline),
              "vkCreateComputePipelines");
    pipelines_[{find(shader).name, constants}] = pipeline;
    return pipeline;
}

std::size_t Pipelines::HashKey::operator()(const SetKey& key) const {
    std::uint64_t hash = key.size();
    for (const std::uint64_t word : key) hash = (hash ^ word ^ hash >> 29) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

VkDescriptorSet Pipelines::descriptor_set(const std::vector<VkDescriptorBufferInfo>& buffers) {
    SetKey key;
    key.reserve(3 * buffers.size());
    for (const VkDescriptorBufferInfo& buffer : buffers) {
        key.push_back(reinterpret_cast<std::uint64_t>(buffer.buffer));
        key.push_back(buffer.offset);
        key.push_back(buffer.range);
    }
    const auto found = sets_.find(key);
    if (found != sets_.end()) return found->second;

    const VkDescriptorSet set = allocate_set(layout(static_cast<std::uint32_t>(buffers.size())).set);
    auto write = structure<VkWriteDescriptorSet>(VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET);
    write.dstSet = set;
    write.descriptorCount = static_cast<std::uint32_t>(buffers.size());  // binding 0 and those that follow
    write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    write.pBufferInfo = buffers.data();
    gpu_.vk.UpdateDescriptorSets(gpu_.handle, 1, &write, 0, nullptr);
    sets_.emplace(std::move(key), set);
    return set;
}

VkDescriptorSet Pipelines::allocate_set(VkDescriptorSetLayout layout) {
    for (;; ++pool_) {
        const bool fresh = pool_ == pools_.size();
        if (fresh) add_pool();
        auto info = structure<VkDescriptorSetAllocateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO);
        info.descriptorPool = pools_[pool_];
        info.descriptorSetCount = 1;
        info.pSetLayouts = &layout;
        VkDescriptorSet set = VK_NULL_HANDLE;
        const VkResult result = gpu_.vk.AllocateDescriptorSets(gpu_.handle, &info, &set);
        const bool full = result == VK_ERROR_OUT_OF_POOL_MEMORY || result == VK_ERROR_FRAGMENTED_POOL;
        if (full && !fresh) continue;
        succeeded(result, "vkAllocateDescriptorSets");
        return set;
    }
}

void Pipelines::add_pool() {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, buffers_per_set * sets_per_pool};
    auto info = structure<VkDescriptorPoolCreateInfo>(VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO);
    info.maxSets = sets_per_pool;
    info.poolSizeCount = 1;
    info.pPoolSizes = &size;
    VkDescriptorPool pool = VK_NULL_HANDLE;
    succeeded(gpu_.vk.CreateDescriptorPool(gpu_.handle, &info, nullptr, &pool), "vkCreateDescriptorPool");
    pools_.push_back(pool);
}

void Pipelines::forget_sets() {
    sets_.clear();
    for (const VkDescriptorPool pool : pools_)
        succeeded(gpu_.vk.ResetDescriptorPool(gpu_.handle, pool, 0), "vkResetDescriptorPool");
    pool_ = 0;
}

}  // namespace cairn::vulkan
