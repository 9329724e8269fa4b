// 2x2 max pooling, forward and backward, on the models' shapes.
#include "ladder/ladder.h"
#include "ladder/rungs.h"
#include "ladder/shapes.h"

namespace cairn::bench {
namespace {

constexpr Window window{.window_h = 2, .window_w = 2, .stride_h = 2, .stride_w = 2};

struct Operands {
    Tensor x, y, argmax, dy, dx;

    Operands(const LayerShapes& shapes, const Device& device)
        : x(noise(shapes.input, device, 1)),
          y(empty(shapes.output, DType::float32, device)),
          argmax(empty(shapes.output, DType::int32, device)),
          dy(noise(shapes.output, device, 2)),
          dx(empty_like(x)) {
        backend(device).max_pool2d(x, window, y, argmax);
    }
};

Ladder forward(const LayerShapes& shapes) {
    const Operands a(shapes, slow), b(shapes, fast), c(shapes, fast);
    return {.rungs = {{[=] { backend(slow).max_pool2d(a.x, window, a.y, a.argmax); }, a.y},
                      {[=] { max_pool2d_by_output(b.x, window, b.y, b.argmax); }, b.y},
                      {[=] { backend(fast).max_pool2d(c.x, window, c.y, c.argmax); }, c.y}},
            .bytes = static_cast<double>(c.x.bytes() + c.y.bytes() + c.argmax.bytes())};
}

Ladder backward(const LayerShapes& shapes) {
    const Operands a(shapes, slow), b(shapes, fast);
    return {.rungs = {{[=] { backend(slow).max_pool2d_backward(a.dy, a.argmax, window, a.dx); }, a.dx},
                      {[=] { backend(fast).max_pool2d_backward(b.dy, b.argmax, window, b.dx); }, b.dx}},
            .bytes = static_cast<double>(b.dy.bytes() + b.argmax.bytes() + b.dx.bytes())};
}

const bool added = [] {
    for (const LayerShapes& shapes : layers_of("MaxPooling2D")) {
        add_ladder(shapes.name + "/forward", {"reference", "by_output", "cpu"}, [=] { return forward(shapes); });
        add_ladder(shapes.name + "/backward", {"reference", "cpu"}, [=] { return backward(shapes); });
    }
    return true;
}();

}  // namespace
}  // namespace cairn::bench
