// Convolution with bias and ReLU, forward and both gradients: the models' layers, which have no strides, and layers that halve an
// image. Every algorithm of the cpu that can compute a pass is a rung; `automatic` is the one that training takes.
#include "cairn/ops/flops.h"
#include "ladder/ladder.h"
#include "ladder/rungs.h"
#include "ladder/shapes.h"

namespace cairn::bench {
namespace {

struct Layer {
    LayerShapes shapes;
    Window window;
};

std::vector<Layer> layers() {
    std::vector<Layer> all;
    // What the shapes of a layer without strides leave open is how much is padded, half of it before.
    for (const LayerShapes& s : layers_of("Conv2D"))
        all.push_back({s,
                       {.window_h = s.kernel[0],
                        .window_w = s.kernel[1],
                        .pad_top = (s.output[1] + s.kernel[0] - 1 - s.input[1]) / 2,
                        .pad_left = (s.output[2] + s.kernel[1] - 1 - s.input[2]) / 2}});
    // The residual networks' ways to halve an image, padded as Keras does: 3 x 3 windows, and a shortcut of 1 x 1.
    const auto halving = [&](const std::string& name, std::int64_t size, const Shape& kernel) {
        all.push_back({{name, {32, size, size, kernel[2]}, {32, size / 2, size / 2, kernel[3]}, kernel},
                       {kernel[0], kernel[1], 2, 2, 0, 0}});
    };
    halving("halving/32x32x3", 32, {3, 3, 3, 32});
    halving("halving/32x32x32", 32, {3, 3, 32, 64});
    halving("halving/16x16x64", 16, {3, 3, 64, 128});
    halving("halving/shortcut", 32, {1, 1, 32, 64});
    return all;
}

const std::pair<ConvolutionAlgorithm, const char*> algorithms[] = {{ConvolutionAlgorithm::im2col, "im2col"},
                                                                   {ConvolutionAlgorithm::direct, "direct"},
                                                                   {ConvolutionAlgorithm::winograd, "winograd"},
                                                                   {ConvolutionAlgorithm::automatic, "automatic"}};

bool can_compute(ConvolutionAlgorithm algorithm, const Window& window) {
    return algorithm != ConvolutionAlgorithm::winograd ||
           (window.window_h == 3 && window.window_w == 3 && window.stride_h == 1 && window.stride_w == 1);
}

std::vector<std::string> rungs(const Window& window) {
    std::vector<std::string> names{"reference", "im2col_of_batch"};
    for (const auto& [algorithm, name] : algorithms)
        if (can_compute(algorithm, window)) names.push_back(name);
    return names;
}

struct Operands {
    Tensor x, kernel, bias, y, dy;
    Window window;

    Operands(const Layer& layer, const Device& device)
        : x(noise(layer.shapes.input, device, 1)),
          kernel(noise(layer.shapes.kernel, device, 2)),
          bias(noise({layer.shapes.kernel[3]}, device, 3)),
          y(empty(layer.shapes.output, DType::float32, device)),
          dy(noise(layer.shapes.output, device, 4)),
          window(layer.window) {
        backend(device).conv2d_bias_activation(call(), y);
    }
    Convolution call(ConvolutionAlgorithm algorithm = ConvolutionAlgorithm::automatic) const {
        return {x, kernel, bias, window, y.shape(), true, algorithm};
    }
};

// The operands of the gradients, on both devices. ReLU's signs are read off y, which must be the same y: where the two
// forward passes round a number near 0 to different sides, the gradients would differ, and no kernel would be wrong.
struct BackwardOperands {
    explicit BackwardOperands(const Layer& layer) : a(layer, slow), b(layer, fast) { b.y = to_device(a.y, fast); }
    Operands a, b;
};

// The reference, one im2col of the batch and the cpu's algorithms. compute(call, result) runs a kernel.
template <typename Compute>
Ladder ladder(const Layer& layer, const Operands& a, const Operands& b, Rung of_batch, const Compute& compute) {
    const Tensor reference = empty_like(a.x, of_batch.result.shape());
    Ladder made;
    made.flops = static_cast<double>(ops::conv2d_flops(layer.shapes.kernel, layer.shapes.output));
    made.rungs = {{[=] { compute(a, a.call(), reference); }, reference}, std::move(of_batch)};
    for (const auto& [algorithm, name] : algorithms) {
        if (!can_compute(algorithm, layer.window)) continue;
        const Tensor result = empty_like(b.x, reference.shape());
        made.rungs.push_back({[=, call = b.call(algorithm)] { compute(b, call, result); }, result});
    }
    return made;
}

Ladder forward(const Layer& layer) {
    const Operands a(layer, slow), b(layer, fast);
    const Tensor y = empty_like(b.y);
    return ladder(layer, a, b, {[=] { conv2d_im2col(b.x, b.kernel, b.bias, b.window, y); }, y},
                  [](const Operands& o, const Convolution& call, const Tensor& result) {
                      backend(o.x).conv2d_bias_activation(call, result);
                  });
}

Ladder input_gradient(const Layer& layer) {
    const auto [a, b] = BackwardOperands(layer);
    const Tensor dx = empty_like(b.x);
    const auto of_batch = [=, o = b] { conv2d_im2col_input_gradient(o.kernel, o.y, o.dy, o.window, dx); };
    return ladder(layer, a, b, {of_batch, dx}, [](const Operands& o, const Convolution& call, const Tensor& result) {
        backend(o.x).conv2d_backward(call, o.y, o.dy, {.dx = result});
    });
}

Ladder kernel_gradient(const Layer& layer) {
    const auto [a, b] = BackwardOperands(layer);
    const Tensor dkernel = empty_like(b.kernel);
    const auto of_batch = [=, o = b] { conv2d_im2col_kernel_gradient(o.x, o.y, o.dy, o.window, dkernel); };
    return ladder(layer, a, b, {of_batch, dkernel},
                  [](const Operands& o, const Convolution& call, const Tensor& result) {
                      backend(o.x).conv2d_backward(call, o.y, o.dy, {.dkernel = result, .dbias = empty_like(o.bias)});
                  });
}

const bool added = [] {
    for (const Layer& layer : layers()) {
        const std::string& name = layer.shapes.name;
        add_ladder(name + "/forward", rungs(layer.window), [=] { return forward(layer); });
        add_ladder(name + "/input_gradient", rungs(layer.window), [=] { return input_gradient(layer); });
        add_ladder(name + "/kernel_gradient", rungs(layer.window), [=] { return kernel_gradient(layer); });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
