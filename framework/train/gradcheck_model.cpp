#include "cairn/train/gradcheck_model.h"

#include "cairn/backend/devices.h"
#include "cairn/train/gradcheck_layers.h"
#include "cairn/train/gradients.h"

namespace cairn::train {

ModelGradcheck gradcheck_model(nn::Model& model, const Device& device, std::uint64_t seed, double tolerance,
                               std::int64_t batch) {
    model.initialize({.device = device, .dtype = DType::float64, .seed = seed});

    RandomStream random({seed, stream_of(Purpose::gradcheck, 1), 0});
    const Shape input = model.input_shape().prepend(batch);
    std::vector<double> pixels(static_cast<std::size_t>(input.size()));
    for (double& pixel : pixels) pixel = random.uniform();
    std::vector<std::int32_t> classes(static_cast<std::size_t>(batch));
    for (std::int32_t& label : classes)
        label = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(model.output_shape()[-1])));
    const Tensor images = from_values(input, pixels, device);
    const Tensor labels = from_values({batch}, classes, device);

    // A step shorter than for single ops: hundreds of thousands of ReLUs stand near their kinks, and 1e-5 leaves room for the
    // rounding error, which grows as the step shrinks.
    autograd::GradcheckOptions options{
        .seed = seed, .tolerance = tolerance, .step = 1e-6, .coordinates = 16, .directions = 4};
    Tensors parameters;
    for (const auto& [name, parameter] : model.parameters()) {
        if (!parameter->trainable) continue;
        parameters.push_back(parameter->value);
        options.names.push_back(name);
    }
    // The parameters are variables of the model, which finds them by itself.
    const nn::Call call{.training = true, .seed = seed, .step = 0};
    const auto loss = [&](const Tensors&) { return batch_loss(model, {images, labels}, call).loss; };
    ModelGradcheck result{autograd::gradcheck(loss, parameters, options), ""};
    if (!result.passed())
        result.advice =
            where_to_look(model, result.failures(), gradcheck_layers(model, {images, labels}, call, options));
    return result;
}

}  // namespace cairn::train
