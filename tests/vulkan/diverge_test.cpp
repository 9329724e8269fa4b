// diverge between the reference and Vulkan: nothing where all is right, and the op whose shader is wrong where one is.
#include "cairn/train/diverge.h"
#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/shaders.h"
#include "cairn/backend/vulkan/vulkan_backend.h"
#include "cairn/data/shapes10.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::train {
namespace {

nn::Sequential small_model() {
    return nn::Sequential{nn::Input({32, 32, 3}),
                          nn::Conv2D(4, {3, 3}, {.activation = nn::relu}),
                          nn::MaxPooling2D({2, 2}),
                          nn::BatchNormalization(),
                          nn::Flatten(),
                          nn::Dropout(0.5),
                          nn::Dense(10)};
}

DivergeResult compare(const DivergeOptions& options = {.steps = 2}) {
    static const data::Split images = data::make_shapes10(0, 32, 1);
    nn::Sequential left = small_model(), right = small_model();
    left.initialize({.device = Device::reference(), .seed = 1});
    right.initialize({.device = Device::vulkan(), .seed = 1});
    return diverge(left, right, images.train, options);
}

// While it lives, a shader whose first subtraction adds.
class WrongShader {
public:
    explicit WrongShader(const char* name) : name_(name) {
        const auto shaders = vulkan::embedded_shaders();
        const auto shader = std::ranges::find(shaders, name, &vulkan::Shader::name);
        std::vector<std::uint32_t> words(shader->words, shader->words + shader->bytes / 4);
        // SPIR-V: five words of header, then instructions, each led by its length << 16 | its code.
        constexpr std::uint32_t header = 5, subtract = 131, add = 129;
        for (std::size_t at = header; at < words.size() && !found_; at += words[at] >> 16) {
            found_ = (words[at] & 0xFFFF) == subtract;
            if (found_) words[at] = (words[at] & 0xFFFF0000) | add;
        }
        pipelines().replace(name_, words);
    }
    ~WrongShader() { pipelines().replace(name_, {}); }

    bool found() const { return found_; }

private:
    static vulkan::Pipelines& pipelines() {
        Backend& device = backend(Device::vulkan());
        device.synchronize();
        return static_cast<VulkanBackend&>(device).context().pipelines;
    }

    const char* name_;
    bool found_ = false;
};

TEST(VulkanDiverge, FindsNothingWhereNothingIsWrong) {
    const DivergeResult result = compare();
    EXPECT_FALSE(result.first) << result.first->layer << " " << result.first->tensor << " " << result.first->error;
    EXPECT_GT(result.compared, 30);
}

TEST(VulkanDiverge, NamesTheOpWhoseShaderIsWrong) {
    struct Planted {
        const char* shader;
        std::string op, pass;
    };
    for (const Planted& planted : {Planted{"batch_norm", "batch_norm", "forward"},
                                   Planted{"softmax_cross_entropy_backward", "softmax_cross_entropy", "backward"},
                                   Planted{"adam", "adam", "update"}}) {
        const WrongShader wrong(planted.shader);
        ASSERT_TRUE(wrong.found()) << planted.shader << " subtracts nothing";
        const DivergeResult result = compare();
        ASSERT_TRUE(result.first) << planted.shader;
        EXPECT_EQ(result.first->op, planted.op) << planted.shader;
        EXPECT_EQ(result.first->pass, planted.pass) << planted.shader;
        EXPECT_EQ(result.first->step, 1) << planted.shader;
        EXPECT_NE(result.first->left, result.first->right) << planted.shader;
    }
    EXPECT_FALSE(compare().first) << "the right shader is back";
}

}  // namespace
}  // namespace cairn::train
