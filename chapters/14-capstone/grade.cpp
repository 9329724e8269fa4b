// The grading of chapter 14: kernels against plain loops, and what a number is worth. The op is in grade_op.cpp, its tests in
// grade_tests.cpp.
#include "cairn/course/grading.h"
#include "chapters/14-capstone/grade_parts.h"

#include <cmath>

#include <fmt/format.h>

namespace cairn::course {

using exercise::Gradients;

namespace {

struct Problem {
    Sizes shape;
    double epsilon = 0.25;
    double factor = 1, shift = 0;  // of x

    std::string title() const {
        return fmt::format("x {}, epsilon {:g}{}", text_of(shape), epsilon,
                           factor != 1 || shift != 0 ? fmt::format(", x about {:g}", factor + shift) : "");
    }
    Array x(Trial& t) const {
        Array x = t.normal(shape);
        for (double& value : x.values) value = factor * value + shift;
        return x;
    }
};

const std::vector<Problem> problems = {{{2, 3}},
                                       {{1, 1}},
                                       {{4, 1}},
                                       {{1, 7}},
                                       {{7}},
                                       {{5, 4}, 1e-5},
                                       {{3, 2, 5}},
                                       {{2, 1, 3, 2}, 2.0},
                                       {{2, 67}},
                                       {{131, 3}},
                                       {{2, 5}, 1e-3, 1e-3},
                                       {{3, 5}, 1e-3, 1, 100},
                                       {{0, 3}}};

// Are wrong arguments refused, with a message that names the op and the two shapes?
template <typename Call>
void refused(Trial& t, const std::string& name, const Sizes& x, const Sizes& other, const Call& call) {
    std::string message;
    int how = 0;  // 0 accepted, 1 another exception, 2 cairn::Error, 3 that names the op, 4 and the shapes
    try {
        call();
    } catch (const Error& error) {
        message = error.what();
        const auto says = [&](const std::string& word) { return message.find(word) != std::string::npos; };
        how = !says("rms_norm") ? 2 : says(text_of(x)) && says(text_of(other)) ? 4
                                                                               : 3;
    } catch (const NotWritten&) {
        throw;
    } catch (const std::exception& error) {
        how = 1, message = error.what();
    }
    const char* const seen[] = {"it is accepted, without a message", "what is thrown is no cairn::Error",
                                "the message does not begin with rms_norm", "the message does not tell both shapes", ""};
    t.require(name, how == 4, how,
              fmt::format("{} beside x {}: {}{}", text_of(other), text_of(x), seen[how],
                          message.empty() ? "" : fmt::format(" (\"{}\")", message)));
}

void loops(Trial& t) {
    for (const Problem& p : problems)
        t.run(p.title(), [&] {
            const Array x = p.x(t), gain = t.normal({p.shape.back()});
            t.check("y", exercise::rms_norm_loops(x, gain, p.epsilon), right_op().forward(x, gain, p.epsilon));
        });
    t.run("a row of zeros", [&] {
        Array x({2, 3}), gain = t.normal({3});
        for (std::size_t c = 0; c < 3; ++c) x[c] = t.random().normal();
        t.check("y", exercise::rms_norm_loops(x, gain, 1e-5), right_op().forward(x, gain, 1e-5));
    });
    t.run("what does not fit", [&] {
        const Array x = t.normal({2, 4});
        for (const Sizes& gain : {Sizes{3}, Sizes{5}, Sizes{1}, Sizes{1, 4}, Sizes{}})
            refused(t, "gain " + text_of(gain), x.shape, gain, [&] { exercise::rms_norm_loops(x, Array(gain, 1.0), 1e-5); });
    });
}

void loops_backward(Trial& t) {
    for (const Problem& p : problems)
        t.run(p.title(), [&] {
            const Array x = p.x(t), gain = t.normal({p.shape.back()}), dy = t.normal(p.shape);
            const Gradients yours = exercise::rms_norm_loops_backward(x, gain, p.epsilon, dy);
            const Gradients right = right_op().backward(x, gain, p.epsilon, dy);
            t.check("dx", yours.dx, right.dx);
            t.check("dgain", yours.dgain, right.dgain);
        });
    t.run("what does not fit", [&] {
        const Array x = t.normal({2, 4}), gain = t.normal({4});
        for (const Sizes& dy : {Sizes{2, 3}, Sizes{4, 2}, Sizes{8}})
            refused(t, "dy " + text_of(dy), x.shape, dy,
                    [&] { exercise::rms_norm_loops_backward(x, gain, 1e-5, Array(dy, 1.0)); });
    });
}

std::vector<float> floats(const Array& a) { return {a.values.begin(), a.values.end()}; }
Array exact(const std::vector<float>& values, const Sizes& shape) {
    return Array(shape, std::vector<double>(values.begin(), values.end()));
}

// A row of equal numbers: a sum in float32 no longer hears them when it has grown to 10^5 times their size.
const std::vector<Problem> kernel_problems = {{{2, 3}}, {{1, 1}}, {{5, 4}, 1e-3}, {{7, 67}}, {{131, 3}}, {{2, 100'003}, 1e-3, 0, 0.1}};

// Rounding of a product of three numbers and of their root; a sum in float64 adds nothing to it.
constexpr Tolerance rounding{.relative = 1e-5};

void cpu(Trial& t) {
    for (const Problem& p : kernel_problems)
        t.run(p.title(), [&] {
            const std::vector<float> x = floats(p.x(t)), gain = floats(t.normal({p.shape[1]}));
            std::vector<float> y(x.size(), NAN), r(p.shape[0], NAN);
            exercise::rms_norm_cpu(x, gain, static_cast<float>(p.epsilon), y, r);
            const Array x64 = exact(x, p.shape), gain64 = exact(gain, {p.shape[1]});
            t.check("y", y, right_op().forward(x64, gain64, p.epsilon), rounding);
            Array inverse({p.shape[0]});
            for (std::size_t m = 0; m < p.shape[0]; ++m) inverse[m] = 1 / right_root(x64, m, p.shape[1], p.epsilon);
            t.check("r", r, inverse, rounding);
        });
}

void cpu_backward(Trial& t) {
    for (const Problem& p : kernel_problems)
        t.run(p.title(), [&] {
            // In the long row all numbers are equal: then rounding goes the same way in each sum.
            const bool equal = p.factor == 0;
            const Sizes columns{p.shape[1]};
            const Array x = exact(floats(p.x(t)), p.shape);
            const Array gain = exact(floats(equal ? t.uniform(columns, 0.7, 0.7) : t.normal(columns)), columns);
            const Array dy = exact(floats(equal ? t.uniform(p.shape, 1.3, 1.3) : t.normal(p.shape)), p.shape);
            std::vector<float> r, dx(x.size(), NAN), dgain(gain.size(), NAN);
            for (std::size_t m = 0; m < p.shape[0]; ++m)
                r.push_back(static_cast<float>(1 / right_root(x, m, p.shape[1], p.epsilon)));
            exercise::rms_norm_cpu_backward(floats(x), floats(gain), r, floats(dy), dx, dgain);
            const Gradients right = right_op().backward(x, gain, p.epsilon, dy);
            // Where C is 1 the two terms of dx are nearly equal; what is left is judged by the larger of them.
            t.check("dx", dx, right.dx, {.relative = p.shape[1] == 1 ? 1e-3 : 1e-5});
            t.check("dgain", dgain, right.dgain, rounding);
        });
}

// Images that weak hashes take for each other: the same bytes in another order, the same beginning, the same end.
void leaked(Trial& t) {
    const auto image = [&](std::size_t bytes) {
        exercise::Image made(bytes);
        for (std::uint8_t& byte : made) byte = static_cast<std::uint8_t>(t.random().next());
        return made;
    };
    for (const std::size_t bytes : {std::size_t{12}, std::size_t{768}})
        t.run(fmt::format("images of {} bytes", bytes), [&] {
            std::vector<exercise::Image> train, test;
            for (int i = 0; i < 300; ++i) train.push_back(image(bytes));
            for (int i = 0; i < 20; ++i) test.push_back(image(bytes));
            std::vector<double> expected;
            const auto plant = [&](std::size_t at, exercise::Image made, bool same) {
                test[at] = std::move(made);
                if (same) expected.push_back(static_cast<double>(at));
            };
            plant(2, train[17], true);
            exercise::Image changed = train[40];
            std::swap(changed.front(), changed.back());
            plant(5, changed, changed == train[40]);
            changed = train[41], changed.back() ^= 1u;
            plant(6, changed, false);
            changed = train[42], changed.front() ^= 1u;
            plant(7, changed, false);
            plant(11, train[299], true);
            plant(12, test[11], true);
            plant(13, train[0], true);
            changed = train[43], changed.push_back(0);
            plant(14, changed, false);
            test[15] = test[16];  // twice among the test images only
            const std::vector<std::size_t> yours = exercise::leaked(train, test);
            t.check("indexes", Array({yours.size()}, std::vector<double>(yours.begin(), yours.end())),
                    Array({expected.size()}, expected));
        });
}

void report(Trial& t) {
    for (const std::size_t seeds : {std::size_t{2}, std::size_t{3}, std::size_t{7}})
        t.run(fmt::format("{} seeds", seeds), [&] {
            std::vector<exercise::Run> runs;
            std::vector<double> scores;
            for (std::size_t i = 0; i < seeds; ++i) {
                exercise::Run run{t.uniform({6}, 0.6, 0.8).values, t.uniform({6}, 0.6, 0.8).values};
                run.validation[4] = run.validation[1] = 0.85;  // the best twice: the first counts
                scores.push_back(run.test[1]);
                runs.push_back(run);
            }
            double sum = 0, squares = 0;
            for (const double a : scores) sum += a;
            for (const double a : scores)
                for (const double b : scores) squares += (a - b) * (a - b);
            const auto n = static_cast<double>(seeds);
            const exercise::Report yours = exercise::report(runs);
            t.number("mean", yours.mean, sum / n);
            t.number("deviation", yours.deviation, std::sqrt(squares / (2 * n * (n - 1))));
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "loops", .functions = {"rms_norm_loops"}, .run = loops, .hint = "root = √(mean of x² over the last axis + epsilon), y = gain x / root; see x (…, C) as rows of C.", .points = 2},
        {.name = "loops_backward", .functions = {"rms_norm_loops_backward"}, .run = loops_backward, .hint = "dx = gain dy / root - x Σ(gain dy x) / (C root³), the sum over the row; dgain sums over the rows.", .points = 2},
        {.name = "cpu", .functions = {"rms_norm_cpu"}, .run = cpu, .hint = "Sum in double; every element of y and r is written.", .points = 2},
        {.name = "cpu_backward", .functions = {"rms_norm_cpu_backward"}, .run = cpu_backward, .hint = "With r = 1 / root: dx = gain dy r - x r³ Σ(gain dy x) / C. dx and dgain hold nothing before.", .points = 2},
        {.name = "shader", .functions = {"rms_norm_shader"}, .run = shader, .hint = "A workgroup for a row: 64 partial sums in shared memory, a barrier, a tree, a barrier after each level.", .points = 2, .seconds = 20},
        {.name = "shaders_backward", .functions = {"rms_norm_dx_shader", "rms_norm_dgain_shader"}, .run = shaders_backward, .hint = "dx as the forward, with another sum; dgain: an invocation for each column, which adds up the rows.", .points = 3, .seconds = 20},
        {.name = "op", .functions = {"rms_norm"}, .run = op, .hint = "Check, make y, compute by the device, return autograd::differentiable(…).", .points = 3, .seconds = 20},
        {.name = "tests", .functions = {"accepts"}, .run = tests, .hint = "The lines below name what your tests let pass.", .points = 6, .seconds = 20},
        {.name = "leaked", .functions = {"leaked"}, .run = leaked, .hint = "Equal bytes, equal length; a hash only says where to look."},
        {.name = "report", .functions = {"report"}, .run = report, .hint = "For each run the epoch of its best validation accuracy; then mean and deviation of the test accuracies there."},
    }};
}

}  // namespace cairn::course
