// Chapter 13: a training step on the processor and on the GPU. How its time grows with the batch, which kernels it goes to, and
// how a wrong shader, planted here, is found.
#include "cairn/app/chapter.h"
#include "cairn/app/text.h"
#include "cairn/backend/devices.h"
#include "cairn/data/shapes10.h"
#include "cairn/train/diverge.h"
#include "chapters/07-simple-cnn/model.h"

#ifdef CAIRN_WITH_VULKAN
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/vulkan_backend.h"
#endif

#include <algorithm>

namespace cairn::chapters {

namespace {

constexpr std::int64_t batches[] = {1, 2, 4, 8, 16};

// Trains simple-cnn for some epochs of two steps each, and returns the milliseconds of a step in the last one.
double train_steps(const Device& device, std::int64_t batch, int epochs, const data::Dataset& images) {
    nn::Sequential model = simple_cnn(images.description());
    model.initialize({.device = device, .seed = 1});
    optim::Adam adam;
    return train::fit(model, adam, images.first(2 * batch), images.first(1), {.epochs = epochs, .batch_size = batch})
        .epochs.back()
        .ms_per_step;
}

void draw_step_times(app::Chapter& chapter, const std::vector<Device>& devices, const data::Dataset& images) {
    app::TextTable table({app::Align::right, app::Align::right, app::Align::right});
    table.add({"batch", "cpu ms", devices.size() > 1 ? "vulkan ms" : ""});
    std::string csv = "batch,cpu,vulkan\n";
    for (const std::int64_t batch : batches) {
        std::vector<std::string> row{std::to_string(batch), "", ""};
        csv += std::to_string(batch);
        for (std::size_t i = 0; i < 2; ++i) {
            // The first epoch makes the pipelines and touches the memory.
            const double ms = i < devices.size() ? train_steps(devices[i], batch, 3, images) : 0;
            if (i < devices.size()) row[1 + i] = fmt::format("{:.2f}", ms);
            csv += i < devices.size() ? fmt::format(",{:.3f}", ms) : ",";
        }
        csv += "\n";
        table.add(row);
    }
    app::say("A training step of simple-cnn\n\n{}\n", table.str());
    chapter.draw({.name = "step-time",
                  .title = "A training step of simple-cnn against the size of its batch",
                  .csv = csv,
                  .commands = "set logscale xy 2\nset xlabel 'images in the batch'\nset ylabel 'milliseconds'\n"
                              "set xrange [0.8:20]\nset key left top Left reverse\n"
                              "set style line 1 lw 2 pt 7 lc rgb colours[1]\nset style line 2 lw 2 pt 5 lc rgb colours[2]\n"
                              "plot for [i = 2:" +
                              std::to_string(devices.size() + 1) +
                              "] data using 1:i with linespoints linestyle i - 1 title columnheader(i)\n"});
}

#ifdef CAIRN_WITH_VULKAN

void draw_kernels(app::Chapter& chapter, const Device& gpu, const data::Dataset& images) {
    Backend& device = backend(gpu);
    device.start_profile(ProfileDetail::kernel_times);
    train_steps(gpu, 16, 1, images);
    const DeviceProfile profile = device.finish_profile();
    double all = 0;
    for (const auto& kernel : profile.kernels) all += kernel.seconds;
    if (all == 0) return app::say("The device has no timestamps, so the time of a kernel is not known.\n\n");
    app::TextTable table({app::Align::left, app::Align::right, app::Align::right});
    table.add({"kernel", "in a step", "share"});
    std::string csv = "row,share,kernel\n";
    const auto steps = static_cast<double>(profile.steps);
    for (std::size_t i = 0; i < profile.kernels.size(); ++i) {
        const auto& kernel = profile.kernels[i];
        const double share = 100 * kernel.seconds / all;
        if (i < 12) table.add({kernel.name, fmt::format("{:g}", static_cast<double>(kernel.dispatches) / steps), fmt::format("{:.1f} %", share)});
        if (i < 12) csv += fmt::format("{},{:.3f},{}\n", i, share, kernel.name);
    }
    app::say("A step of 16 images on the GPU, kernel by kernel\n\n{}\n", table.str());
    chapter.draw({.name = "kernels",
                  .title = "Where the time of a step on the GPU goes",
                  .csv = csv,
                  .commands = "set yrange [*:*] reverse\nset xrange [0:*]\nset xlabel 'share of the kernels’ time, %'\n"
                              "unset key\nset grid xtics\nset boxwidth 0.7\nset style fill solid\n"
                              "plot data using (column('share') / 2):(column('row')):(column('share') / 2):(0.35):"
                              "ytic(3) with boxxyerror lc rgb colours[1]\n"});
}

// While it lives, batch norm's backward shader adds where it should first subtract.
class PlantedMistake {
public:
    explicit PlantedMistake(const Device& gpu) : gpu_(gpu) {
        const auto shaders = vulkan::embedded_shaders();
        const auto shader = std::ranges::find(shaders, name, &vulkan::Shader::name);
        std::vector<std::uint32_t> words(shader->words, shader->words + shader->bytes / 4);
        // SPIR-V: five words of header, then instructions, each led by its length << 16 | its code.
        constexpr std::uint32_t header = 5, subtract = 131, add = 129;
        for (std::size_t at = header; at < words.size(); at += words[at] >> 16)
            if ((words[at] & 0xffff) == subtract) {
                words[at] = (words[at] & 0xffff0000) | add;
                break;
            }
        replace(words);
    }
    ~PlantedMistake() { replace({}); }
    PlantedMistake(const PlantedMistake&) = delete;
    PlantedMistake& operator=(const PlantedMistake&) = delete;

private:
    static constexpr std::string_view name = "batch_norm_backward";
    void replace(const std::vector<std::uint32_t>& words) {
        Backend& device = backend(gpu_);
        device.synchronize();
        static_cast<VulkanBackend&>(device).context().pipelines.replace(name, words);
    }
    Device gpu_;
};

nn::Sequential small_model() {
    return nn::Sequential{nn::Input({32, 32, 3}),
                          nn::Conv2D(8, {3, 3}, {.activation = nn::relu}),
                          nn::MaxPooling2D({4, 4}),
                          nn::BatchNormalization(),
                          nn::Flatten(),
                          nn::Dense(10)};
}

// The loss of each of a few epochs.
std::vector<double> losses(const Device& device, const data::Dataset& images) {
    nn::Sequential model = small_model();
    model.initialize({.device = device, .seed = 1});
    optim::Adam adam;
    std::vector<double> all;
    for (const auto& epoch : train::fit(model, adam, images, images.first(1), {.epochs = 5, .batch_size = 16, .seed = 1}).epochs)
        all.push_back(epoch.loss);
    return all;
}

void find_the_mistake(const Device& gpu, const data::Dataset& images) {
    const PlantedMistake planted(gpu);
    const std::vector<double> left = losses(Device::cpu(), images), right = losses(gpu, images);
    app::say("A shader of this program has a mistake now. A small network, the same on both devices:\n\n");
    app::TextTable table({app::Align::right, app::Align::right, app::Align::right});
    table.add({"epoch", "loss, cpu", "loss, vulkan"});
    for (std::size_t i = 0; i < left.size(); ++i)
        table.add({std::to_string(i + 1), fmt::format("{:.4f}", left[i]), fmt::format("{:.4f}", right[i])});
    app::say("{}\nBoth learn. What diverge says of them:\n\n", table.str());

    nn::Sequential one = small_model(), other = small_model();
    one.initialize({.device = Device::reference(), .seed = 1});
    other.initialize({.device = gpu, .seed = 1});
    const train::DivergeResult result = train::diverge(one, other, images, {});
    if (!result.first) return app::say("The sides agree.\n\n");
    const train::Comparison& c = *result.first;
    app::say("The sides part in step {}, {} of {} ({}), in its {} {}\n  error {:.1e}, bound {:.0e}\n\n", c.step, c.pass,
             c.layer, c.op, c.tensor, c.shape, c.error, c.bound);
}

#endif

}  // namespace

void chapter_13(app::Chapter& chapter) {
    chapter.make_output("vulkan");
    const data::Dataset images = data::make_shapes10(0, 64, 16).train;
    std::vector<Device> devices{Device::cpu()};
    if (const std::vector<VulkanDeviceInfo> found = vulkan_devices(); !found.empty()) {
        devices.push_back(Device::vulkan());
        app::say("vulkan is {}, {}, {}\n\n", found[0].name, found[0].type, found[0].driver);
    } else {
        app::say("There is no Vulkan device here; README.md shows what one would print.\n\n");
    }
    draw_step_times(chapter, devices, images);
#ifdef CAIRN_WITH_VULKAN
    if (devices.size() == 1) return;
    draw_kernels(chapter, devices[1], images);
    find_the_mistake(devices[1], images);
#endif
}

}  // namespace cairn::chapters
