// run_shader of exercise.h: the framework's own launch(), with a shader that is compiled at its first use.
#include "cairn/core/error.h"
#include "cairn/course/glsl.h"
#include "chapters/14-capstone/exercise.h"

#ifdef CAIRN_WITH_VULKAN
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

#include <map>
#include <memory>
#endif

namespace exercise {

#ifdef CAIRN_WITH_VULKAN

namespace {

struct Compiled {
    std::string name;
    std::vector<std::uint32_t> words;
};

const Compiled& compiled(const std::string& glsl) {
    static std::map<std::string, std::unique_ptr<Compiled>> all;
    std::unique_ptr<Compiled>& one = all[glsl];
    if (!one)
        one = std::make_unique<Compiled>(
            Compiled{fmt::format("exercise_{}", all.size()), cairn::course::compile_glsl(glsl)});
    return *one;
}

}  // namespace

void run_shader(const std::string& glsl, const std::vector<cairn::vulkan::Operand>& operands, std::size_t groups,
                const Push& push) {
    using namespace cairn::vulkan;
    cairn::check(groups <= 65535, "a shader cannot be started in {} workgroups; 65535 are the most", groups);
    Tensor there;
    for (const Operand& operand : operands) {
        cairn::check(operand.tensor.defined(), "run_shader: an operand is no tensor");
        cairn::check(operand.tensor.device() != cairn::Device::cpu() &&
                         operand.tensor.device() != cairn::Device::reference(),
                     "run_shader: an operand {} lies on {}, not on a GPU",
                     operand.tensor.shape(), operand.tensor.device());
        there = operand.tensor;
    }
    cairn::check(there.defined(), "run_shader: there are no operands");
    const Compiled& shader = compiled(glsl);
    Context& context = static_cast<cairn::VulkanBackend&>(cairn::backend(there)).context();
    context.pipelines.add({shader.name, shader.words.data(), 4 * shader.words.size()});
    launch(context, {shader.name.c_str(), operands, {static_cast<std::uint32_t>(groups), 1, 1}}, push);
}

#else

void run_shader(const std::string&, const std::vector<cairn::vulkan::Operand>&, std::size_t, const Push&) {
    cairn::fail("this build of cairn has no Vulkan backend");
}

#endif

}  // namespace exercise
