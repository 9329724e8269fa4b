// The grading of chapter 13. References are plain loops in float64; grade_lab.h runs the shaders.
#include "cairn/course/grading.h"
#include "chapters/13-vulkan/grade_lab.h"

#include <bit>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace cairn::course {

namespace {

using exercise::Buffer;
using exercise::reads;
using exercise::writes;

std::uint32_t narrow(std::size_t n) { return static_cast<std::uint32_t>(n); }

Array in_float(Array a) {
    for (double& value : a.values) value = static_cast<double>(static_cast<float>(value));
    return a;
}

// The first n of what was read.
Array front(const std::vector<float>& values, Sizes shape) {
    const std::size_t n = count_of(shape);
    return Array(std::move(shape), std::vector<double>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)));
}

// Rounding of a few operations in float32, and of sums of up to some thousand terms.
constexpr Tolerance rounding{.relative = 1e-6}, sums{.relative = 1e-5};

void axpy(Trial& t) {
    need_vulkan(t);
    for (const std::size_t n : {1, 63, 64, 65, 257, 1000, 4099})
        t.run(fmt::format("n = {}", n), [&] {
            const Array x = in_float(t.normal({n})), y = in_float(t.normal({n}));
            const float a = -1.75;
            Array expected = y;
            for (std::size_t i = 0; i < n; ++i) expected[i] += static_cast<double>(a) * x[i];
            Lab lab;
            const Buffer xs = lab.buffer_of(x.values), ys = lab.buffer_of(y.values);
            lab.dispatch(exercise::axpy_shader(), {reads(xs), writes(ys)}, 4, {narrow(n), std::bit_cast<std::uint32_t>(a)});
            lab.finish();
            t.check("y", front(lab.read(ys), {n}), expected, rounding);
            lab.judge(t);
        });
}

void brightness(Trial& t) {
    need_vulkan(t);
    for (const std::size_t n : {1, 5, 64, 67, 1024})
        t.run(fmt::format("{} pixels", n), [&] {
            const Array x = in_float(t.uniform({n, 3}, 0, 1));
            Array expected({n});
            for (std::size_t i = 0; i < n; ++i) expected[i] = 0.299 * x[3 * i] + 0.587 * x[3 * i + 1] + 0.114 * x[3 * i + 2];
            Lab lab;
            const Buffer xs = lab.buffer_of(x.values), ys = lab.make_buffer(n);
            lab.dispatch(exercise::brightness_shader(), {reads(xs), writes(ys)}, n / 64 + 1, {narrow(n)});
            lab.finish();
            t.check("y", front(lab.read(ys), {n}), expected, rounding);
            lab.judge(t);
        });
}

struct Product {
    std::size_t M, N, K;
};

void matmul(Trial& t) {
    need_vulkan(t);
    for (const auto& [M, N, K] : {Product{1, 1, 1}, {2, 3, 4}, {16, 16, 16}, {17, 5, 33}, {31, 48, 7}, {16, 16, 40}, {50, 33, 18}})
        t.run(fmt::format("({}, {}) times ({}, {})", M, K, K, N), [&, m = M, n = N, k = K] {
            const Array a = in_float(t.normal({m, k})), b = in_float(t.normal({k, n}));
            Array expected({m, n});
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t j = 0; j < n; ++j)
                    for (std::size_t l = 0; l < k; ++l) expected[i * n + j] += a[i * k + l] * b[l * n + j];
            Lab lab;
            const Buffer as = lab.buffer_of(a.values), bs = lab.buffer_of(b.values), cs = lab.make_buffer(m * n);
            lab.dispatch_grid(exercise::matmul_shader(), {reads(as), reads(bs), writes(cs)}, (n + 15) / 16, (m + 15) / 16,
                              {narrow(m), narrow(n), narrow(k)});
            lab.finish();
            t.check("c", front(lab.read(cs), {m, n}), expected, sums);
            lab.judge(t);
            t.require("tiles", lab.facts().shared, lab.facts().shared ? 1 : 0,
                      "the shader has no shared memory: each number is read from global memory 16 times as often as it must be");
        });
}

void sum_shader(Trial& t) {
    need_vulkan(t);
    for (const std::size_t groups : {1, 3, 32})
        for (const std::size_t n : {1, 63, 64, 65, 200, 4099})
            t.run(fmt::format("n = {}, {} workgroup{}", n, groups, groups == 1 ? "" : "s"), [&] {
                const Array x = in_float(t.uniform({n}, 0.5, 1.5));
                Lab lab;
                const Buffer xs = lab.buffer_of(x.values), ys = lab.make_buffer(groups);
                lab.dispatch(exercise::sum_shader(), {reads(xs), writes(ys)}, groups, {narrow(n)});
                lab.finish();
                double sum = 0;
                for (const float part : lab.read(ys)) sum += static_cast<double>(part);
                t.number("sum of y", sum, std::accumulate(x.values.begin(), x.values.end(), 0.0), sums);
                lab.judge(t);
            });
}

void sum(Trial& t) {
    need_vulkan(t);
    for (const std::size_t n : {1, 31, 64, 1000, 70'001})
        t.run(fmt::format("n = {}", n), [&] {
            const Array x = in_float(t.uniform({n}, 0.5, 1.5));
            Lab lab;
            const Buffer xs = lab.buffer_of(x.values);
            const float yours = exercise::sum(lab, xs, n);
            t.number("sum", static_cast<double>(yours), std::accumulate(x.values.begin(), x.values.end(), 0.0), sums);
            lab.judge(t);
        });
}

// A number that stands for a text, so that no answer stands here to be read.
double number_of(const std::string& text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
}

void culprit(Trial& t) {
    t.run("what diverge names", [&] {
        const auto [op, pass] = exercise::culprit();
        const double yours = number_of(op + "/" + pass), expected = 868551978.0;
        t.require("op", yours == expected, yours,
                  fmt::format("it is not {} of {}; look at the line that begins with \"The sides part\"", pass, op));
        t.number("culprit", yours, expected);
    });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "axpy", .functions = {"axpy_shader"}, .run = axpy, .hint = "for (uint i = gl_GlobalInvocationID.x; i < n; i += all invocations of the dispatch) …", .points = 2, .seconds = 20},
        {.name = "brightness", .functions = {"brightness_shader"}, .run = brightness, .hint = "Pixel i begins at x[3 i]: declare x as floats, and compare i with n.", .points = 1, .seconds = 20},
        {.name = "matmul", .functions = {"matmul_shader"}, .run = matmul, .hint = "Each invocation loads one element of both tiles, or 0 beyond the edge; barrier; 16 products; barrier.", .points = 4, .seconds = 20},
        {.name = "sum_shader", .functions = {"sum_shader"}, .run = sum_shader, .hint = "Each invocation adds up its elements, with a stride of all invocations; then a tree in shared memory, a barrier for each level.", .points = 3, .seconds = 20},
        {.name = "sum", .functions = {"sum"}, .run = sum, .hint = "dispatch, barrier, dispatch, submit, wait, read.", .points = 3, .seconds = 20},
        {.name = "culprit", .functions = {"culprit"}, .run = culprit, .hint = "./cairn chapter 13 prints what diverge found.", .points = 1},
    }};
}

}  // namespace cairn::course
