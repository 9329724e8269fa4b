// vulkan_static: what a GPU's compiler makes of the shaders, and what a step asks of the GPU, without a GPU.
//
//   vulkan_static [FAMILY]           prints it; FAMILY is one of Mesa's names: gfx1100 (default), gfx1103_r1, navi21, vega10
//   vulkan_static --check            exit status 1 if a kernel spills or falls below its line, 77 where a driver is missing
//   vulkan_static --page FILE        writes the page (bench/VULKAN.md)
//
// It needs Debian's mesa-vulkan-drivers and nothing else. CAIRN_VULKAN_PLAN chooses the plan; discrete without it.
#include "vulkan_static/device_model.h"
#include "vulkan_static/null_device.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/data/cifar10.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"
#include "chapters/11-resnet/model.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace cairn::bench {
namespace {

struct Step {
    std::string name;
    std::int64_t batch_size;
    std::vector<Dispatched> dispatches;
};

template <typename Make>
Step step_of(const char* name, std::int64_t batch_size, Make make) {
    return {name, batch_size, recorded_step([=] { return nn::Model(make(data::cifar10())); }, batch_size)};
}

std::vector<Step> recorded_steps() {
    std::vector<Step> steps;
    steps.push_back(step_of("original-cnn", 64, chapters::original_cnn));
    steps.push_back(step_of("original-cnn-bn", 64, chapters::original_cnn_bn));
    steps.push_back(step_of("resnet", 32, chapters::resnet));
    return steps;
}

// The least share of multiply-adds among the vector instructions of the hot loop; a kernel that falls below lost something.
struct Line {
    const char* shader;
    double least;
};
constexpr Line lines[] = {
    {"conv2d", 0.64}, {"conv2d_input_gradient", 0.72}, {"conv2d_kernel_gradient", 0.58}, {"matmul", 0.47}};
constexpr std::uint64_t most_registers = 128;

double share(const Instructions& loop) {
    return loop.vector == 0 ? 0 : static_cast<double>(loop.multiply_adds) / loop.vector;
}

// Makes every pipeline of the steps. Adds a line for each kernel to `page`, and for each that is not as it should be to `wrong`.
Kernels compile_all(NullDevice& device, const std::vector<Step>& steps, std::string& page, std::string& wrong) {
    page +=
        "| kernel | wave | registers | spills | shared bytes | multiply-adds of vector instructions | instructions per "
        "512 | "
        "loads | scalar loads | branches | outside the loop |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    Kernels kernels;
    for (const Step& step : steps)
        for (const Dispatched& what : step.dispatches) {
            if (kernels.contains({what.shader, what.constants})) continue;
            const auto shaders = vulkan::embedded_shaders();
            const auto shader = std::ranges::find(shaders, what.shader, &vulkan::Shader::name);
            check(shader != shaders.end(), "there is no shader {}", what.shader);
            Compiled compiled = device.compile(*shader, what.constants, what.bindings);
            auto& told = compiled.statistics;
            const Counted counted = count_instructions(compiled.assembly);
            kernels[{what.shader, what.constants}] = counted;
            const std::uint64_t spills = told["Spilled SGPRs"] + told["Spilled VGPRs"];
            const Instructions& loop = counted.loop;
            const double per_512 = loop.multiply_adds == 0 ? 0 : 512.0 / loop.multiply_adds;
            if (what.is_product())
                page += fmt::format("| {} | {} | {} | {} | {} | {:.0f} % | {:.0f} | {:.0f} | {:.0f} | {:.0f} | {} |\n",
                                    what.name(), compiled.wave, told["VGPRs"], spills, told["LDS size"],
                                    100 * share(loop), loop.all * per_512, loop.loads * per_512,
                                    loop.scalar_loads * per_512, loop.branches * per_512, counted.outside);
            if (spills > 0) wrong += fmt::format("{} spills {} registers\n", what.name(), spills);
            if (told["VGPRs"] > most_registers)
                wrong +=
                    fmt::format("{} needs {} registers, more than {}\n", what.name(), told["VGPRs"], most_registers);
            for (const Line& line : lines)
                if (what.is_product() && what.shader == line.shader && share(loop) < line.least)
                    wrong +=
                        fmt::format("{}: {:.0f} % of its vector instructions are multiply-adds, its line is {:.0f} %\n",
                                    what.name(), 100 * share(loop), 100 * line.least);
        }
    return kernels;
}

std::string steps_table(const std::vector<Step>& steps) {
    std::string table = "| model | batch | dispatches | barriers | MB bound |\n| --- | ---: | ---: | ---: | ---: |\n";
    for (const Step& step : steps) {
        std::uint64_t bytes = 0;
        for (const Dispatched& what : step.dispatches) bytes += what.bytes;
        table +=
            fmt::format("| {} | {} | {} | {} | {:.1f} |\n", step.name, step.batch_size, step.dispatches.size(),
                        std::ranges::count_if(step.dispatches, &Dispatched::waits), static_cast<double>(bytes) / 1e6);
    }
    return table;
}

std::string times_table(const std::vector<Step>& steps, const Kernels& kernels) {
    std::string table =
        "| estimate, ms | model | products | other passes | waits | step |\n| --- | --- | ---: | ---: | ---: | ---: "
        "|\n";
    for (const GpuModel& gpu : gpu_models())
        for (const Step& step : steps) {
            const Estimate time = estimate(gpu, step.dispatches, kernels);
            table += fmt::format("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} |\n", gpu.name, step.name,
                                 1e3 * time.products, 1e3 * time.others, 1e3 * time.waits, 1e3 * time.all());
        }
    return table;
}

constexpr const char* assumptions =
    "An estimate, not a measurement: no GPU has run it. A product takes the vector instructions of its hot loop, as "
    "the compiler "
    "of the table above makes them (for NVIDIA's too: a stand-in), times rounds and waves, over the schedulers, of "
    "which each "
    "uses 45, 65, 75 or 85 % of its slots with 1, 2, 3, or 4 and more waves to choose from; or its bytes over the "
    "memory's "
    "rate, whichever is longer. Every other dispatch takes its bytes over that rate, and a microsecond at least. A "
    "dispatch that "
    "waits for the one before costs 3 (H100), 5 or 6 microseconds besides. None overlap. Caches are left out: small "
    "buffers that "
    "stay in them cost less than is said here.\n";

int run(int argc, char** argv) {
    std::string family = "gfx1100", file;
    bool checks = false;
    for (int k = 1; k < argc; ++k) {
        if (std::strcmp(argv[k], "--check") == 0) checks = true;
        else if (std::strcmp(argv[k], "--page") == 0 && k + 1 < argc) file = argv[++k];
        else family = argv[k];
    }
    ::setenv("CAIRN_VULKAN_PLAN", "discrete", 0);
    const std::vector<Step> steps = recorded_steps();  // before RADV pretends to be a GPU
    ::setenv("RADV_FORCE_FAMILY", family.c_str(), 1);
    NullDevice device;
    std::string kernels_table, wrong;
    const Kernels kernels = compile_all(device, steps, kernels_table, wrong);
    const std::string page = fmt::format(
        "# The shaders without a GPU\n\nWritten by `build/release/vulkan_static --page bench/VULKAN.md` with the plan "
        "for a large "
        "GPU; compiled by Mesa for {}.\n\n## A step\n\n{}\n## Matrix products, the loop over K\n\n{}\n## "
        "Times\n\n{}\n{}",
        device.name(), steps_table(steps), kernels_table, times_table(steps, kernels), assumptions);
    if (file.empty()) fmt::print("{}", page);
    else write_file(file, page);
    if (!wrong.empty()) fmt::print(stderr, "{}", wrong);
    return checks && !wrong.empty() ? 1 : 0;
}

}  // namespace
}  // namespace cairn::bench

int main(int argc, char** argv) {
    try {
        return cairn::bench::run(argc, argv);
    } catch (const cairn::Error& error) {
        fmt::print(stderr, "vulkan_static: {}\n", error.what());
        return 77;
    }
}
