// Convolution with bias and ReLU, forward and both gradients, on the models' shapes.
#include "ladder/ladder.h"
#include "ladder/rungs.h"
#include "ladder/shapes.h"
#include "ops/flops.h"

namespace cairn::bench {
namespace {

struct Operands {
    Tensor x, kernel, bias, y, dy;

    Operands(const LayerShapes& shapes, const Window& window, const Device& device)
        : x(noise(shapes.input, device, 1)),
          kernel(noise(shapes.kernel, device, 2)),
          bias(noise({shapes.kernel[3]}, device, 3)),
          y(empty(shapes.output, DType::float32, device)),
          dy(noise(shapes.output, device, 4)) {
        backend(device).conv2d_bias_activation(layer(window), y);
    }
    Convolution layer(const Window& window) const { return {x, kernel, bias, window, y.shape(), true}; }
};

// The operands of the gradients, on both devices. ReLU's signs are read off y, which must be the same y: where the two
// forward passes round a number near 0 to different sides, the gradients would differ, and no kernel would be wrong.
struct BackwardOperands {
    BackwardOperands(const LayerShapes& shapes, const Window& window)
        : a(shapes, window, slow), b(shapes, window, fast) {
        b.y = to_device(a.y, fast);
    }
    Operands a, b;
};

// Of a layer with strides of 1: what the shapes leave open is how much is padded, half of it before.
Window window_of(const LayerShapes& s) {
    return {.window_h = s.kernel[0],
            .window_w = s.kernel[1],
            .pad_top = (s.output[1] + s.kernel[0] - 1 - s.input[1]) / 2,
            .pad_left = (s.output[2] + s.kernel[1] - 1 - s.input[2]) / 2};
}

Ladder forward(const LayerShapes& shapes) {
    const Window window = window_of(shapes);
    const Operands a(shapes, window, slow), b(shapes, window, fast);
    const Tensor y = empty_like(b.y);
    const auto whole = [=](const Operands& o) { backend(o.x).conv2d_bias_activation(o.layer(window), o.y); };
    return {.rungs = {{[=] { whole(a); }, a.y},
                      {[=] { conv2d_im2col(b.x, b.kernel, b.bias, window, y); }, y},
                      {[=] { whole(b); }, b.y}},
            .flops = static_cast<double>(ops::conv2d_flops(shapes.kernel, shapes.output))};
}

Ladder input_gradient(const LayerShapes& shapes) {
    const Window window = window_of(shapes);
    const BackwardOperands operands(shapes, window);
    const Operands a = operands.a, b = operands.b;
    const Tensor reference = empty_like(a.x), im2col = empty_like(b.x), cpu = empty_like(b.x);
    const auto backward = [=](const Operands& o, const Tensor& dx) {
        backend(o.x).conv2d_backward(o.layer(window), o.y, o.dy, {.dx = dx});
    };
    return {.rungs = {{[=] { backward(a, reference); }, reference},
                      {[=] { conv2d_im2col_input_gradient(b.kernel, b.y, b.dy, window, im2col); }, im2col},
                      {[=] { backward(b, cpu); }, cpu}},
            .flops = static_cast<double>(ops::conv2d_flops(shapes.kernel, shapes.output))};
}

Ladder weight_gradient(const LayerShapes& shapes) {
    const Window window = window_of(shapes);
    const BackwardOperands operands(shapes, window);
    const Operands a = operands.a, b = operands.b;
    const Tensor reference = empty_like(a.kernel), im2col = empty_like(b.kernel), cpu = empty_like(b.kernel);
    const Tensor dbias = empty_like(a.bias), cpu_dbias = empty_like(b.bias);
    const auto backward = [=](const Operands& o, const Tensor& dkernel, const Tensor& db) {
        backend(o.x).conv2d_backward(o.layer(window), o.y, o.dy, {{}, dkernel, db});
    };
    return {.rungs = {{[=] { backward(a, reference, dbias); }, reference},
                      {[=] { conv2d_im2col_weight_gradient(b.x, b.y, b.dy, window, im2col); }, im2col},
                      {[=] { backward(b, cpu, cpu_dbias); }, cpu}},
            .flops = static_cast<double>(ops::conv2d_flops(shapes.kernel, shapes.output))};
}

const bool added = [] {
    const std::vector<std::string> rungs{"reference", "im2col", "cpu"};
    for (const LayerShapes& shapes : layers_of("Conv2D")) {
        add_ladder(shapes.name + "/forward", rungs, [=] { return forward(shapes); });
        add_ladder(shapes.name + "/input_gradient", rungs, [=] { return input_gradient(shapes); });
        add_ladder(shapes.name + "/weight_gradient", rungs, [=] { return weight_gradient(shapes); });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
