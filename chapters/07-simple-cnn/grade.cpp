// The grading of chapter 7. References are written another way than solution.cpp: conv2d and its gradients ask of every pair of
// a pixel and a window whether the one sees the other; what goes by matrix products is compared with cairn's own conv2d.
#include "cairn/course/grading.h"
#include "chapters/07-simple-cnn/grade_reference.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cairn::course {

namespace {

using exercise::Strides;
using exercise::Window;

struct Layer {
    Sizes x, kernel;
    Strides strides;

    Sizes y() const {
        return {x[0], (x[1] - kernel[0]) / strides.h + 1, (x[2] - kernel[1]) / strides.w + 1, kernel[3]};
    }
    std::string title() const {
        return fmt::format("x {}, kernel {}, strides ({}, {})", text_of(x), text_of(kernel), strides.h, strides.w);
    }
    Window window() const { return {.h = kernel[0], .w = kernel[1], .strides = strides}; }
    Sizes patches() const { return {x[0] * y()[1] * y()[2], kernel[0] * kernel[1] * kernel[2]}; }
};

const std::vector<Layer> layers = {
    {{1, 5, 5, 1}, {3, 3, 1, 1}, {1, 1}},
    {{1, 3, 3, 2}, {3, 3, 2, 1}, {1, 1}},
    {{2, 4, 6, 3}, {2, 3, 3, 2}, {1, 1}},
    {{2, 7, 7, 2}, {3, 3, 2, 3}, {2, 2}},
    {{1, 6, 5, 2}, {3, 3, 2, 2}, {2, 2}},
    {{3, 7, 8, 1}, {2, 4, 1, 5}, {1, 3}},
    {{2, 5, 5, 3}, {1, 1, 3, 2}, {1, 1}},
    {{1, 8, 8, 1}, {2, 2, 1, 2}, {3, 3}},
    {{1, 1, 7, 2}, {1, 3, 2, 1}, {1, 2}},
};

void conv2d(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array x = t.normal(l.x), kernel = t.normal(l.kernel), bias = t.normal({l.kernel[3]});
            t.check("y", exercise::conv2d(x, kernel, bias, l.strides), reference_conv2d(x, kernel, bias, l.strides));
        });
}

void conv2d_dx(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array kernel = t.normal(l.kernel), dy = t.normal(l.y());
            t.check("dx", exercise::conv2d_dx(l.x, kernel, dy, l.strides), reference_dx(l.x, kernel, dy, l.strides));
        });
}

void conv2d_dkernel(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array x = t.normal(l.x), dy = t.normal(l.y());
            t.check("dkernel", exercise::conv2d_dkernel(x, l.kernel, dy, l.strides),
                    reference_dkernel(x, l.kernel, dy, l.strides));
        });
}

struct Pool {
    Sizes x;
    Window window;
    enum Values { normal,
                  after_relu,
                  negative } values = normal;

    Sizes y() const {
        return {x[0], (x[1] + 2 * window.pad_h - window.h) / window.strides.h + 1,
                (x[2] + 2 * window.pad_w - window.w) / window.strides.w + 1, x[3]};
    }
    std::string title() const {
        const char* names[] = {"", ", many equal numbers, as behind ReLU", ", negative numbers"};
        return fmt::format("x {}, window ({}, {}), strides ({}, {}), padding ({}, {}){}", text_of(x), window.h, window.w,
                           window.strides.h, window.strides.w, window.pad_h, window.pad_w, names[values]);
    }
    Array input(Trial& t) const {
        Array array = t.normal(x);
        for (double& value : array.values) {
            if (values == after_relu) value = std::max(0.0, std::round(value));
            if (values == negative) value -= 6;
        }
        return array;
    }
};

const std::vector<Pool> pools = {
    {{1, 4, 4, 1}, {2, 2, {2, 2}, 0, 0}},
    {{2, 6, 4, 3}, {2, 2, {2, 2}, 0, 0}, Pool::negative},
    {{2, 4, 6, 2}, {2, 2, {2, 2}, 0, 0}, Pool::after_relu},
    {{1, 5, 7, 2}, {2, 2, {2, 2}, 0, 0}},
    {{1, 5, 5, 2}, {3, 3, {1, 1}, 0, 0}, Pool::after_relu},
    {{2, 7, 5, 1}, {3, 2, {2, 1}, 0, 0}},
    {{1, 3, 5, 3}, {1, 3, {1, 3}, 0, 1}},
    {{2, 5, 5, 2}, {3, 3, {2, 2}, 1, 1}, Pool::negative},
    {{1, 6, 6, 1}, {3, 3, {2, 2}, 1, 1}, Pool::after_relu},
    {{1, 1, 1, 5}, {1, 1, {1, 1}, 0, 0}},
};

void max_pool(Trial& t) {
    for (const Pool& p : pools)
        t.run(p.title(), [&] {
            const Array x = p.input(t);
            t.check("y", exercise::max_pool(x, p.window), reference_max_pool(x, Array(p.y()), p.window).y);
        });
}

void max_pool_backward(Trial& t) {
    for (const Pool& p : pools)
        t.run(p.title(), [&] {
            const Array x = p.input(t), dy = t.normal(p.y());
            t.check("dx", exercise::max_pool_backward(x, dy, p.window), reference_max_pool(x, dy, p.window).dx);
        });
}

void im2col(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array x = t.normal(l.x);
            t.check("patches", exercise::im2col(x, l.window()), reference_patches(x, Array(l.patches()), l.window()));
        });
}

void conv2d_gemm(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array x = t.normal(l.x), kernel = t.normal(l.kernel), bias = t.normal({l.kernel[3]});
            t.check("y", exercise::conv2d_gemm(x, kernel, bias, l.strides), cairns_conv2d(x, kernel, bias, l.strides));
        });
}

// <im2col(x), p> = <x, col2im(p)> for every x and p is what makes the one the adjoint of the other.
void col2im(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array p = t.normal(l.patches()), x = t.normal(l.x);
            const Array patches = reference_patches(x, Array(l.patches()), l.window());
            const Array yours = exercise::col2im(p, l.x, l.window());
            double left = 0, right = 0;
            for (std::size_t i = 0; i < p.size(); ++i) left += patches[i] * p[i];
            for (std::size_t i = 0; i < std::min(x.size(), yours.size()); ++i) right += x[i] * yours[i];
            t.check("dx", yours, reference_col2im(p, l.x, l.window()));
            t.number("x · col2im(p), which should be im2col(x) · p", right, left,
                     {.relative = 1e-9,  // a sum of positive and negative terms may be much smaller than they
                      .hint = "col2im is the adjoint of im2col: what was copied to several places is collected from all of them."});
        });
}

void conv2d_gemm_backward(Trial& t) {
    for (const Layer& l : layers)
        t.run(l.title(), [&] {
            const Array x = t.normal(l.x), kernel = t.normal(l.kernel), dy = t.normal(l.y());
            const exercise::Gradients yours = exercise::conv2d_gemm_backward(x, kernel, dy, l.strides);
            const exercise::Gradients expected = cairns_gradients(x, kernel, dy, l.strides);
            t.check("dx", yours.dx, expected.dx);
            t.check("dkernel", yours.dkernel, expected.dkernel);
            t.check("dbias", yours.dbias, expected.dbias);
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "conv2d", .functions = {"conv2d"}, .run = conv2d, .hint = "Window (i, j) begins at pixel (i strides.h, j strides.w). Element (n, i, j, c) of shape (N, H, W, C) is number ((n H + i) W + j) C + c.", .points = 2},
        {.name = "conv2d_dx", .functions = {"conv2d_dx"}, .run = conv2d_dx, .hint = "Run the loops of conv2d. Each term is x times kernel; for dx, add kernel times dy where x was read.", .points = 2},
        {.name = "conv2d_dkernel", .functions = {"conv2d_dkernel"}, .run = conv2d_dkernel, .hint = "Run the loops of conv2d. Each term is x times kernel; for dkernel, add x times dy where the kernel was read."},
        {.name = "max_pool", .functions = {"max_pool"}, .run = max_pool, .hint = "Begin with -infinity, and leave out what lies outside of the image. A window that the image has no room for does not count.", .points = 2},
        {.name = "max_pool_backward", .functions = {"max_pool_backward"}, .run = max_pool_backward, .hint = "Find where the maximum was, as forward does, and add dy there. Windows may overlap."},
        {.name = "im2col", .functions = {"im2col"}, .run = im2col, .hint = "Row (n, i, j) is the window's pixels, row by row, the channels of a pixel beside each other.", .points = 2},
        {.name = "conv2d_gemm", .functions = {"conv2d_gemm"}, .run = conv2d_gemm, .hint = "y (N OH OW, O) = patches (N OH OW, K) times the kernel, whose numbers already lie as a matrix (K, O), plus bias; then give y the shape (N, OH, OW, O)."},
        {.name = "col2im", .functions = {"col2im"}, .run = col2im, .hint = "The loops of im2col, with dx += patches where it had patches = x.", .points = 2},
        {.name = "conv2d_gemm_backward", .functions = {"conv2d_gemm_backward"}, .run = conv2d_gemm_backward, .hint = "With P the patches and W the kernel as (K, O): dP = dy Wᵀ, dx = col2im(dP), dW = Pᵀ dy, in the shape of the kernel.", .points = 2},
    }};
}

}  // namespace cairn::course
