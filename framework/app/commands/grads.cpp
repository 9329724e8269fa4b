// cairn grads MODEL --weights F --out G.safetensors: the gradients of one batch, for another framework to repeat.
#include "cairn/app/commands/commands.h"
#include "cairn/app/trained_model.h"
#include "cairn/core/file.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/gradients.h"
#include "cairn/train/loader.h"

namespace cairn::app {

namespace {

constexpr const char* details =
    "The loss is the one that training minimizes, L2 penalties included, for one batch: batch\n"
    "normalization takes the batch's statistics, and nothing is dropped, so no random number is needed\n"
    "to repeat it. tests/peers/torch_gradients.py compares with PyTorch.\n"
    "Writes OUT.safetensors: 'loss' (a scalar), every parameter's gradient under the parameter's name\n"
    "('conv2d/kernel'), and the batch: 'images' (N, height, width, channels) in [0, 1], 'labels' (N).";

struct Options {
    WeightsOptions trained;
    std::string out;
    DataOptions data{.folder = "", .limit = 8};
    bool float64 = false;
};

// The loss, the gradients and the batch, named as in the file.
io::NamedTensors named_gradients(const nn::Model& model, const data::Dataset& images) {
    const train::Batch batch = train::Loader(model, images).load(data::Batches(images, images.size()), 0);
    const Tensor loss = train::gradients(model, batch, {.training = true, .dropout = false}).loss;

    io::NamedTensors tensors{{"loss", loss}};
    for (const auto& [name, parameter] : model.parameters())
        if (parameter->trainable)
            tensors.emplace_back(name, model.gradients().view(parameter->offset, parameter->shape));
    tensors.emplace_back("images", batch.images);
    tensors.emplace_back("labels", batch.labels);
    return tensors;
}

int write_gradients(const Session& session, const Options& options) {
    const DType dtype = options.float64 ? DType::float64 : DType::float32;
    const TrainedModel trained = load_trained_model(session, options.trained, dtype);
    const data::Located located = load_data_for(trained, options.data);
    const data::Dataset& images = located.split.train;
    const io::NamedTensors tensors = named_gradients(trained.model, images);
    write_output(options.out,
                 io::safetensors_bytes(options.out, tensors, {{"model", trained.name}, {"dataset", images.name}}));
    fmt::print("loss {:.6f} on the first {} training images\n", tensors.front().second.item(), images.size());
    fmt::print("wrote {}: {} gradients, {}\n", options.out, tensors.size() - 3, name_of(trained.model.options().dtype));
    return 0;
}

}  // namespace

void add_grads_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"grads", "write the gradients of one batch, to compare with another framework", details},
        [](const Command& command, Options& options) {
            add_weights_options(command, options.trained);
            add_data_options(command, options.data, "images in the batch: the first N training images (default 8)");
            command.flag("--float64", options.float64, "compute in float64 instead of float32");
            command.text("--out", options.out, "OUT.safetensors", "the file to write").required();
        },
        write_gradients);
}

}  // namespace cairn::app
