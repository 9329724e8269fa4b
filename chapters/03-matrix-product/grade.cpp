// The grading of chapter 3. The reference sums over the terms in reverse, by flat indices.
#include "cairn/course/grading.h"
#include "chapters/03-matrix-product/grade_watch.h"

#include <fmt/format.h>

namespace cairn::course {

namespace {

using exercise::Matrix;

struct Shape3 {
    std::size_t M, K, O;
    std::string text() const { return fmt::format("({}, {}) times ({}, {})", M, K, K, O); }
};

const std::vector<Shape3> shapes = {{1, 1, 1}, {2, 3, 4}, {3, 3, 3}, {1, 7, 1}, {5, 1, 3}, {1, 4, 6}, {7, 11, 2}, {13, 5, 17}};

Matrix matrix_of(const Array& a) { return {a.shape[0], a.shape[1], a.values}; }
Array array_of(const Matrix& m) { return {{m.rows(), m.columns()}, m.numbers()}; }

Array product(const Array& a, const Array& b) {
    const std::size_t M = a.shape[0], K = a.shape[1], O = b.shape[1];
    Array c({M, O});
    for (std::size_t i = 0; i < M * O; ++i)
        for (std::size_t k = K; k-- > 0;) c[i] += a[i / O * K + k] * b[k * O + i % O];
    return c;
}

Array turned(const Array& a) {
    Array b({a.shape[1], a.shape[0]});
    for (std::size_t i = 0; i < a.size(); ++i) b[i % a.shape[1] * a.shape[0] + i / a.shape[1]] = a[i];
    return b;
}

template <typename Multiply>
void compare(Trial& t, const std::string& name, const Shape3& s, const Multiply& multiply) {
    t.run(name, [&] {
        const Array x = t.normal({s.M, s.K}), w = t.normal({s.K, s.O});
        t.check("y", array_of(multiply(matrix_of(x), matrix_of(w))), product(x, w));
    });
}

void multiply(Trial& t) {
    for (const Shape3& s : shapes) compare(t, s.text(), s, [](const auto& x, const auto& w) { return exercise::multiply(x, w); });
}

void multiply_ikj(Trial& t) {
    for (const Shape3& s : shapes) compare(t, s.text(), s, [](const auto& x, const auto& w) { return exercise::multiply_ikj(x, w); });
    t.run("the order of the accesses, (5, 12) times (12, 40)", [&] {
        const Matrix x = matrix_of(t.normal({5, 12})), w = matrix_of(t.normal({12, 40}));
        Matrix y(0, 0);
        const auto places = watched([&] { y = exercise::multiply_ikj(x, w); });
        const Steps of_w = steps_in(w, places), of_y = steps_in(y, places);
        t.require("w is read", of_w.all >= 12 * 40, static_cast<double>(of_w.all), "read w by w(k, j), so that the order can be seen");
        for (const auto& [name, steps] : {std::pair{"w", of_w}, std::pair{"y", of_y}})
            t.require(fmt::format("order in {}", name), 4 * steps.jumps <= steps.all, static_cast<double>(steps.jumps),
                      fmt::format("{} of {} accesses to {} jump to another place: the innermost loop should go along a row",
                                  steps.jumps, steps.all, name));
    });
}

void multiply_blocked(Trial& t) {
    for (const Shape3& s : shapes)
        for (const std::size_t block : {1u, 2u, 3u, 4u, 16u})
            compare(t, fmt::format("{}, block {}", s.text(), block), s, [&](const Matrix& x, const Matrix& w) {
                return exercise::multiply_blocked(x, w, block);
            });
    t.run("the cache, 32 x 32, block 8", [&] {
        const Matrix x = matrix_of(t.normal({32, 32})), w = matrix_of(t.normal({32, 32}));
        Matrix y(0, 0);
        const auto places = watched([&] { y = exercise::multiply_blocked(x, w, 8); });
        // Without blocks, w is read anew for each row of x: 32768 misses. Three blocks of 64 numbers fit, and each is
        // then used for 8 rows: about 32768 / 8 for w, and as many for x or y.
        const std::size_t missed = misses(places, 256), bound = 32 * 32 * 32 / 2;
        t.require("misses", missed <= bound && steps_in(w, places).all >= 1024, static_cast<double>(missed),
                  fmt::format("a cache of 256 numbers misses {} times; with blocks of 8 it should be fewer than {}", missed, bound));
    });
}

void dense(Trial& t) {
    for (const Shape3& s : shapes)
        t.run(s.text(), [&] {
            const Array x = t.normal({s.M, s.K}), w = t.normal({s.K, s.O}), b = t.normal({1, s.O});
            Array z = product(x, w);
            for (std::size_t i = 0; i < z.size(); ++i) z[i] += b[i % s.O];
            t.check("z", array_of(exercise::dense(matrix_of(x), matrix_of(w), matrix_of(b))), z);
        });
}

void dense_backward(Trial& t) {
    for (const Shape3& s : shapes)
        t.run(s.text(), [&] {
            const Array x = t.normal({s.M, s.K}), w = t.normal({s.K, s.O}), dz = t.normal({s.M, s.O});
            const exercise::DenseGradients yours = exercise::dense_backward(matrix_of(x), matrix_of(w), matrix_of(dz));
            t.check("dx", array_of(yours.dx), product(dz, turned(w)));
            t.check("dw", array_of(yours.dw), product(turned(x), dz));
            t.check("db", array_of(yours.db), product(Array({1, s.M}, 1.0), dz));
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "multiply", .functions = {"multiply"}, .run = multiply, .hint = "y(i, j) is row i of x times column j of w, element by element, summed."},
        {.name = "multiply_ikj", .functions = {"multiply_ikj"}, .run = multiply_ikj, .hint = "y begins with zeros; for each i and k, add x(i, k) times row k of w to row i of y."},
        {.name = "multiply_blocked", .functions = {"multiply_blocked"}, .run = multiply_blocked, .hint = "Three loops over blocks, and within them three over the elements of the blocks, up to min(start + block, size).", .points = 3},
        {.name = "dense", .functions = {"dense"}, .run = dense, .hint = "b has a number for each column."},
        {.name = "dense_backward", .functions = {"dense_backward"}, .run = dense_backward, .hint = "Write the shapes of dx, dw and db first: only one product of the right shapes makes each.", .points = 3},
    }};
}

}  // namespace cairn::course
