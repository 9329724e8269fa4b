// Dense layers with bias and ReLU, forward and backward, on the models' shapes. The middle rung is the composition that
// defines the fused kernel: the product, then bias and ReLU in passes of their own.
#include "cairn/ops/flops.h"
#include "ladder/ladder.h"
#include "ladder/shapes.h"

namespace cairn::bench {
namespace {

struct Operands {
    Tensor x, kernel, bias, y, dy;

    Operands(const LayerShapes& shapes, const Device& device)
        : x(noise(shapes.input, device, 1)),
          kernel(noise(shapes.kernel, device, 2)),
          bias(noise({shapes.kernel[1]}, device, 3)),
          y(empty(shapes.output, DType::float32, device)),
          dy(noise(shapes.output, device, 4)) {
        backend(device).dense(layer(), y);
    }
    DenseLayer layer() const { return {x, kernel, bias, true}; }
};

double flops(const LayerShapes& shapes) {
    return static_cast<double>(ops::matmul_flops(shapes.input[0], shapes.kernel[0], shapes.kernel[1]));
}

Ladder forward(const LayerShapes& shapes) {
    const Operands a(shapes, slow), b(shapes, fast);
    const Tensor y = empty_like(b.y);
    return {.rungs = {{[=] { backend(slow).dense(a.layer(), a.y); }, a.y},
                      {[=] { backend(fast).Backend::dense(b.layer(), y); }, y},
                      {[=] { backend(fast).dense(b.layer(), b.y); }, b.y}},
            .flops = flops(shapes)};
}

// The three gradients; the weights' is compared.
Ladder backward(const LayerShapes& shapes) {
    const auto outputs = [](const Operands& o) {
        return LayerGradients{empty_like(o.x), empty_like(o.kernel), empty_like(o.bias)};
    };
    const Operands a(shapes, slow);
    Operands b(shapes, fast);
    b.y = to_device(a.y, fast);  // the same signs of ReLU on both sides
    const LayerGradients reference = outputs(a), composed = outputs(b), cpu = outputs(b);
    return {
        .rungs = {{[=] { backend(slow).dense_backward(a.layer(), a.y, a.dy, reference); }, reference.dkernel},
                  {[=] { backend(fast).Backend::dense_backward(b.layer(), b.y, b.dy, composed); }, composed.dkernel},
                  {[=] { backend(fast).dense_backward(b.layer(), b.y, b.dy, cpu); }, cpu.dkernel}},
        .flops = 2 * flops(shapes)};
}

const bool added = [] {
    const std::vector<std::string> rungs{"reference", "composed", "cpu"};
    for (const LayerShapes& shapes : layers_of("Dense")) {
        add_ladder(shapes.name + "/forward", rungs, [=] { return forward(shapes); });
        add_ladder(shapes.name + "/backward", rungs, [=] { return backward(shapes); });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
