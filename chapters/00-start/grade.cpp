// The grading of chapter 0.
#include "cairn/course/grading.h"
#include "chapters/00-start/exercise.h"

#include <fmt/format.h>

#include <cmath>

namespace cairn::course {

namespace {

void multiply_add(Trial& t) {
    struct Numbers {
        double a, b, c;
    };
    for (const Numbers& n : {Numbers{2, 3, 4}, Numbers{-1.5, 2, 0.25}, Numbers{0, 7, -3}, Numbers{5, 0, 1}})
        t.run(fmt::format("a = {:g}, b = {:g}, c = {:g}", n.a, n.b, n.c),
              [&] { t.number("a * b + c", exercise::multiply_add(n.a, n.b, n.c), n.a * n.b + n.c); });
}

void mean(Trial& t) {
    for (const std::size_t size : {1u, 2u, 7u})
        t.run(fmt::format("x of {}", size), [&] {
            const Array x = t.normal({size});
            double expected = 0;
            for (const double value : x.values) expected += value / static_cast<double>(size);
            t.number("mean", exercise::mean(x.values), expected);
        });
}

void relu(Trial& t) {
    for (const double x : {-2.0, -0.5, 0.5, 3.0})
        t.run(fmt::format("x = {:g}", x), [&] { t.number("relu(x)", exercise::relu(x), (x + std::abs(x)) / 2); });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "multiply_add", .functions = {"multiply_add"}, .run = multiply_add, .hint = "Read the comment in exercise.h."},
        {.name = "mean", .functions = {"mean"}, .run = mean, .hint = "The sum, divided by the number of elements."},
        {.name = "relu", .functions = {"relu"}, .run = relu, .hint = "Of x and 0, the larger one.", .seconds = 4},
    }};
}

}  // namespace cairn::course
