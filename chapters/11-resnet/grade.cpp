// The grading of chapter 11. The layers of its blocks are dense: F(x) = tanh(x W) and S(x) = x V or x, of rows of numbers.
#include "cairn/course/grading.h"
#include "chapters/11-resnet/exercise.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace cairn::course {

namespace {

// x W: x (M, K), W (K, O) -> (M, O)
Array product(const Array& x, const Array& w) {
    Array z({x.shape[0], w.shape[1]});
    for (std::size_t m = 0; m < x.shape[0]; ++m)
        for (std::size_t o = 0; o < w.shape[1]; ++o)
            for (std::size_t k = 0; k < w.shape[0]; ++k)
                z[m * w.shape[1] + o] += x[m * w.shape[0] + k] * w[k * w.shape[1] + o];
    return z;
}

// dz Wᵀ
Array product_backward(const Array& dz, const Array& w) {
    Array dx({dz.shape[0], w.shape[0]});
    for (std::size_t m = 0; m < dz.shape[0]; ++m)
        for (std::size_t k = 0; k < w.shape[0]; ++k)
            for (std::size_t o = 0; o < w.shape[1]; ++o)
                dx[m * w.shape[0] + k] += dz[m * w.shape[1] + o] * w[k * w.shape[1] + o];
    return dx;
}

Array each(Array x, double (*function)(double)) {
    for (double& value : x.values) value = function(value);
    return x;
}

Array times(Array x, const Array& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] *= y[i];
    return x;
}

Array plus(Array x, const Array& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
    return x;
}

double slope_of_tanh(double z) { return 1 - std::tanh(z) * std::tanh(z); }
double tanh_of(double z) { return std::tanh(z); }
double relu(double z) { return std::max(z, 0.0); }
double step(double z) { return z > 0 ? 1 : 0; }

// A block by its matrices; without V the shortcut is x itself.
struct Matrices {
    Array w, v;

    Array shortcut(const Array& x) const { return v.size() == 0 ? x : product(x, v); }
    Array sum(const Array& x) const { return plus(each(product(x, w), tanh_of), shortcut(x)); }
    Array forward(const Array& x) const { return each(sum(x), relu); }
    Array backward(const Array& x, const Array& dy) const {
        const Array dz = times(dy, each(sum(x), step));
        const Array along_f = product_backward(times(dz, each(product(x, w), slope_of_tanh)), w);
        return plus(along_f, v.size() == 0 ? dz : product_backward(dz, v));
    }

    static void expect(const char* layer, const Array& given, std::size_t columns) {
        if (given.shape.back() != columns)
            throw std::runtime_error(fmt::format("{} was given the shape {}; its last size should be {}", layer,
                                                 text_of(given.shape), columns));
    }

    // The same as the student's block, whose layers overwrite what they are given.
    exercise::Block block() const {
        const Array kernel = w, projection = v;
        const std::size_t in = w.shape[0], out = w.shape[1];
        exercise::Block b;
        b.f.forward = [kernel](Array& x) {
            expect("F", x, kernel.shape[0]);
            x = each(product(x, kernel), tanh_of);
        };
        b.f.backward = [kernel](const Array& x, Array& dy) {
            expect("backward of F", x, kernel.shape[0]);
            expect("backward of F", dy, kernel.shape[1]);
            dy = product_backward(times(dy, each(product(x, kernel), slope_of_tanh)), kernel);
        };
        b.s.forward = [projection, in](Array& x) {
            expect("S", x, in);
            if (projection.size() > 0) x = product(x, projection);
        };
        b.s.backward = [projection, in, out](const Array& x, Array& dy) {
            expect("backward of S", x, in);
            expect("backward of S", dy, out);
            if (projection.size() > 0) dy = product_backward(dy, projection);
        };
        return b;
    }
};

struct Case {
    std::size_t rows, in, out;
};
const std::vector<Case> cases = {{1, 1, 1}, {1, 3, 3}, {5, 2, 3}, {2, 5, 5}, {7, 3, 1}, {4, 4, 4}};

Matrices draw(Trial& t, const Case& c) {
    Matrices m{.w = t.normal({c.in, c.out}), .v = {}};
    if (c.in != c.out) m.v = t.normal({c.in, c.out});
    return m;
}

std::string title(const Case& c) {
    return fmt::format("x ({}, {}), {}", c.rows, c.in, c.in == c.out ? "S(x) = x" : fmt::format("{} outputs", c.out));
}

void block(Trial& t) {
    for (const Case& c : cases)
        t.run(title(c), [&] {
            const Array x = t.normal({c.rows, c.in});
            const Matrices m = draw(t, c);
            Array given = x;
            t.check("y", exercise::block(m.block(), given), m.forward(x));
            const bool same = given.shape == x.shape && given.values == x.values;
            double seen = 0;  // tells in which way it was changed
            for (std::size_t i = 0; i < given.size(); ++i) seen += static_cast<double>(i + 1) * given[i];
            t.require("x", same, seen,
                      "y may be right, but x has been changed: a layer overwrote it, and backward needs it as it was");
        });
}

void block_backward(Trial& t) {
    for (const Case& c : cases)
        t.run(title(c), [&] {
            const Array x = t.normal({c.rows, c.in}), dy = t.normal({c.rows, c.out});
            const Matrices m = draw(t, c);
            t.check("dx", exercise::block_backward(m.block(), x, dy), m.backward(x, dy));
        });
}

void gradients(Trial& t) {
    for (const std::vector<std::size_t>& widths :
         {std::vector<std::size_t>{3, 3}, {2, 3}, {3, 3, 3}, {2, 5, 3}, {3, 3, 3, 3, 3, 3}})
        t.run(fmt::format("{} blocks, widths {}", widths.size() - 1, text_of(widths)), [&] {
            const Array x = t.normal({4, widths.front()}), dy = t.normal({4, widths.back()});
            std::vector<Matrices> all;
            std::vector<exercise::Block> blocks;
            std::vector<Array> inputs{x};
            for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
                all.push_back(draw(t, {4, widths[i], widths[i + 1]}));
                blocks.push_back(all.back().block());
                inputs.push_back(all.back().forward(inputs.back()));
            }
            const std::vector<Array> yours = exercise::gradients(blocks, x, dy);
            t.number("number of gradients", static_cast<double>(yours.size()), static_cast<double>(all.size()));
            Array gradient = dy;
            for (std::size_t i = all.size(); i-- > 0;) {
                gradient = all[i].backward(inputs[i], gradient);
                t.check(fmt::format("gradient of the input of block {}", i), i < yours.size() ? yours[i] : Array({0}),
                        gradient);
            }
        });
}

void shortcut(Trial& t) {
    struct Sized {
        Sizes x;
        std::size_t filters, stride;
    };
    for (const Sized& s : {Sized{{2, 3, 4, 2}, 3, 1}, Sized{{2, 4, 4, 3}, 3, 2}, Sized{{1, 5, 7, 2}, 4, 2},
                           Sized{{3, 2, 6, 1}, 2, 2}, Sized{{2, 7, 4, 3}, 2, 3}})
        t.run(fmt::format("x {}, {} filters, stride {}", text_of(s.x), s.filters, s.stride), [&] {
            const Array x = t.normal(s.x), kernel = t.normal({s.x[3], s.filters});
            // The rows that are taken, one after the other; then a product.
            Array rows({0, s.x[3]}, std::vector<double>{});
            Sizes shape{s.x[0], 0, 0, s.filters};
            for (std::size_t i = 0; i < s.x[1]; i += s.stride) ++shape[1];
            for (std::size_t j = 0; j < s.x[2]; j += s.stride) ++shape[2];
            for (std::size_t n = 0; n < s.x[0]; ++n)
                for (std::size_t i = 0; i < s.x[1]; i += s.stride)
                    for (std::size_t j = 0; j < s.x[2]; j += s.stride)
                        for (std::size_t c = 0; c < s.x[3]; ++c)
                            rows.values.push_back(x[((n * s.x[1] + i) * s.x[2] + j) * s.x[3] + c]);
            rows.shape[0] = rows.size() / s.x[3];
            Array z = product(rows, kernel);
            z.shape = shape;
            t.check("y", exercise::shortcut(x, kernel, s.stride), exercise::batch_norm(z));
        });
}

void parameters(Trial& t) {
    for (const bool skips : {false, true})
        for (const long n : {1, 2, 3, 9})
            t.run(fmt::format("{}-{}", skips ? "res" : "plain", 6 * n + 2), [&] {
                long count = 64 * 10 + 10, channels = 3;
                const auto convolution = [&](long side, long from, long to) { count += side * side * from * to + 2 * to; };
                for (long layer = 0; layer < 6 * n + 1; ++layer) {
                    const long filters = layer == 0 ? 16 : 16l << (layer - 1) / (2 * n);
                    convolution(3, channels, filters);
                    if (skips && layer > 0 && filters != channels) convolution(1, channels, filters);
                    channels = filters;
                }
                t.number("count", static_cast<double>(exercise::parameters(n, skips)), static_cast<double>(count));
            });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "block",
         .functions = {"block"},
         .run = block,
         .hint = "y = ReLU(F(x) + S(x)), and a layer overwrites what it is given.",
         .points = 2},
        {.name = "block_backward",
         .functions = {"block_backward"},
         .run = block_backward,
         .hint = "dz = dy where F(x) + S(x) > 0, else 0; dx is the sum of what both ways make of dz.",
         .points = 3},
        {.name = "gradients",
         .functions = {"gradients"},
         .run = gradients,
         .hint = "Go forward and keep the input of every block; then go backward from the last one.",
         .points = 2},
        {.name = "shortcut",
         .functions = {"shortcut"},
         .run = shortcut,
         .hint = "z[n, i, j, o] = sum over c of x[n, stride i, stride j, c] kernel[c, o]; then batch_norm.",
         .points = 2},
        {.name = "parameters",
         .functions = {"parameters"},
         .run = parameters,
         .hint = "k k C O for a kernel, 2 O for the batch norm behind it, and 650 for the dense layer.",
         .points = 1},
    }};
}

}  // namespace cairn::course
