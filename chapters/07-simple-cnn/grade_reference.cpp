#include "chapters/07-simple-cnn/grade_reference.h"

#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"

#include <limits>

namespace cairn::course {

using exercise::Strides;
using exercise::Window;

namespace {

// The index tuple of an element.
Sizes place(std::size_t element, const Sizes& shape) {
    Sizes at(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis]) at[axis] = element % shape[axis];
    return at;
}

std::size_t element(const Sizes& at, const Sizes& shape) {
    std::size_t number = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) number = number * shape[axis] + at[axis];
    return number;
}

// term(x, y, kernel's element) for each pixel and channel of x and each output: those pairs that have a weight between them.
template <typename Term>
void for_each_pair(const Sizes& x, const Sizes& kernel, const Sizes& y, Strides s, const Term& term) {
    for (std::size_t yi = 0; yi < count_of(y); ++yi) {
        const Sizes out = place(yi, y);
        for (std::size_t xi = 0; xi < count_of(x); ++xi) {
            const Sizes in = place(xi, x);
            const std::size_t a = in[1] - out[1] * s.h, b = in[2] - out[2] * s.w;  // below 0: a very large number
            if (in[0] == out[0] && a < kernel[0] && b < kernel[1]) term(xi, yi, element({a, b, in[3], out[3]}, kernel));
        }
    }
}

Sizes output_shape(const Sizes& x, const Sizes& kernel, Strides s) {
    return {x[0], (x[1] - kernel[0] + s.h) / s.h, (x[2] - kernel[1] + s.w) / s.w, kernel[3]};
}

Tensor tensor(const Array& a) {
    const auto size = [&](std::size_t axis) { return static_cast<std::int64_t>(a.shape[axis]); };
    const Shape shape = a.shape.size() == 1 ? Shape{size(0)} : Shape{size(0), size(1), size(2), size(3)};
    return from_values(shape, a.values, Device::cpu());
}

Array array(const Tensor& t) {
    return Array(Sizes(t.shape().begin(), t.shape().end()), t.to_vector<double>());
}

ops::ConvolutionOptions options(Strides s) {
    return {.strides = {static_cast<std::int64_t>(s.h), static_cast<std::int64_t>(s.w)},
            .algorithm = ConvolutionAlgorithm::im2col};
}

}  // namespace

Array reference_conv2d(const Array& x, const Array& kernel, const Array& bias, Strides s) {
    Array y(output_shape(x.shape, kernel.shape, s));
    for_each_pair(x.shape, kernel.shape, y.shape, s,
                  [&](std::size_t xi, std::size_t yi, std::size_t ki) { y[yi] += x[xi] * kernel[ki]; });
    for (std::size_t yi = 0; yi < y.size(); ++yi) y[yi] += bias[place(yi, y.shape)[3]];
    return y;
}

Array reference_dx(const Sizes& x_shape, const Array& kernel, const Array& dy, Strides s) {
    Array dx(x_shape);
    for_each_pair(x_shape, kernel.shape, dy.shape, s,
                  [&](std::size_t xi, std::size_t yi, std::size_t ki) { dx[xi] += kernel[ki] * dy[yi]; });
    return dx;
}

Array reference_dkernel(const Array& x, const Sizes& kernel_shape, const Array& dy, Strides s) {
    Array dkernel(kernel_shape);
    for_each_pair(x.shape, kernel_shape, dy.shape, s,
                  [&](std::size_t xi, std::size_t yi, std::size_t ki) { dkernel[ki] += x[xi] * dy[yi]; });
    return dkernel;
}

Pooled reference_max_pool(const Array& x, const Array& dy, const Window& w) {
    Pooled result{Array(dy.shape), Array(x.shape)};
    for (std::size_t yi = 0; yi < dy.size(); ++yi) {
        const Sizes out = place(yi, dy.shape);
        std::size_t first = x.size();
        // Elements come in row-major order, so the first of several equal ones wins.
        for (std::size_t xi = 0; xi < x.size(); ++xi) {
            const Sizes in = place(xi, x.shape);
            const bool inside = in[0] == out[0] && in[3] == out[3] && in[1] + w.pad_h - out[1] * w.strides.h < w.h &&
                                in[2] + w.pad_w - out[2] * w.strides.w < w.w;
            if (inside && (first == x.size() || x[xi] > x[first])) first = xi;
        }
        result.y[yi] = x[first];
        result.dx[first] += dy[yi];
    }
    return result;
}

namespace {

// The element of x that stands at element p of the patches.
std::size_t source(std::size_t p, const Sizes& x, const Window& w) {
    const Sizes y = output_shape(x, {w.h, w.w, x[3], 1}, w.strides);
    const Sizes at = place(p, {y[0], y[1], y[2], w.h, w.w, x[3]});
    return element({at[0], at[1] * w.strides.h + at[3], at[2] * w.strides.w + at[4], at[5]}, x);
}

}  // namespace

Array reference_patches(const Array& x, Array patches, const Window& window) {
    for (std::size_t p = 0; p < patches.size(); ++p) patches[p] = x[source(p, x.shape, window)];
    return patches;
}

Array reference_col2im(const Array& patches, const Sizes& x_shape, const Window& window) {
    Array dx(x_shape);
    for (std::size_t p = 0; p < patches.size(); ++p) dx[source(p, x_shape, window)] += patches[p];
    return dx;
}

Array cairns_conv2d(const Array& x, const Array& kernel, const Array& bias, Strides strides) {
    return array(ops::conv2d(tensor(x), tensor(kernel), tensor(bias), options(strides)));
}

exercise::Gradients cairns_gradients(const Array& x, const Array& kernel, const Array& dy, Strides strides) {
    const Tensor xs = autograd::variable(tensor(x)), ks = autograd::variable(tensor(kernel)),
                 bs = autograd::variable(tensor(Array({kernel.shape[3]})));
    autograd::backward(ops::conv2d(xs, ks, bs, options(strides)), tensor(dy));
    return {array(autograd::gradient(xs)), array(autograd::gradient(ks)), array(autograd::gradient(bs))};
}

}  // namespace cairn::course
