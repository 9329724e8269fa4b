// Mutants whose gradient is wrong, and mutants that break what README.md promises of shapes, messages and memory.
#include "chapters/14-capstone/grade_mutants.h"

#include "cairn/core/error.h"

#include <cmath>
#include <memory>
#include <stdexcept>

namespace cairn::course {

using exercise::Gradients;
using exercise::Implementation;

namespace {

// The right forward, and a backward with one piece exchanged.
template <typename Exchange>
Implementation exchanged(const Exchange& exchange) {
    Pieces p = right_pieces();
    exchange(p);
    return {right_op().forward, made_of(p).backward};
}

// The right gradients, changed afterwards.
template <typename Change>
Implementation changed(const Change& change) {
    const Implementation right = right_op();
    return {right.forward, [=](const Array& x, const Array& gain, double epsilon, const Array& dy) {
                Gradients d = right.backward(x, gain, epsilon, dy);
                change(d, x, gain);
                return d;
            }};
}

double plain(const Array& x, std::size_t row, std::size_t columns) { return right_root(x, row, columns, 1e-300); }

std::vector<Judged> wrong_dx() {
    return {
        {"dx: root a constant", "the root is taken for a constant: the second term of dx is missing", exchanged([](Pieces& p) { p.correction = [](double, double, std::size_t, double) { return 0.0; }; })},
        {"dx: sign", "the second term of dx is added, not subtracted", exchanged([](Pieces& p) { p.correction = [](double x, double dot, std::size_t n, double r) { return -x * dot / (static_cast<double>(n) * r * r * r); }; })},
        {"dx: no 1/C", "the second term of dx is not divided by C", exchanged([](Pieces& p) { p.correction = [](double x, double dot, std::size_t, double r) { return x * dot / (r * r * r); }; })},
        {"dx: twice", "the second term of dx is doubled: the root's derivative has a factor 1/2", exchanged([](Pieces& p) { p.correction = [](double x, double dot, std::size_t n, double r) { return 2 * x * dot / (static_cast<double>(n) * r * r * r); }; })},
        {"dx: root squared", "the root stands in the second term squared, not cubed", exchanged([](Pieces& p) { p.correction = [](double x, double dot, std::size_t n, double r) { return x * dot / (static_cast<double>(n) * r * r); }; })},
        {"dx: x normed twice", "the second term takes the normed x twice, and the root once too often", exchanged([](Pieces& p) { p.correction = [](double x, double dot, std::size_t n, double r) { return x * dot / (static_cast<double>(n) * r * r * r * r); }; })},
        {"dx: no gain in front", "the first term of dx lacks the gain", exchanged([](Pieces& p) { p.direct = [](double, double dy, double r) { return dy / r; }; })},
        {"dx: no gain in the sum", "the sum in the second term lacks the gain", exchanged([](Pieces& p) { p.dot_term = [](double, double dy, double x, double) { return dy * x; }; })},
        {"dx: no x in the sum", "the sum in the second term lacks x, as a layer norm's first one does", exchanged([](Pieces& p) { p.dot_term = [](double gain, double dy, double, double) { return gain * dy; }; })},
        {"dx: dy passed on", "the first term of dx is not divided by the root", exchanged([](Pieces& p) { p.direct = [](double gain, double dy, double) { return gain * dy; }; })},
        {"dx: no epsilon", "backward forgets epsilon, which forward has", exchanged([](Pieces& p) { p.root = [](const Array& x, std::size_t row, std::size_t n, double) { return plain(x, row, n); }; })},
        {"dx: epsilon outside", "backward adds epsilon to the root, forward below it", exchanged([](Pieces& p) { p.root = [](const Array& x, std::size_t row, std::size_t n, double e) { return plain(x, row, n) + e; }; })},
        {"dx: the first row's root", "backward takes the first row's root for all rows", exchanged([](Pieces& p) { p.root = [](const Array& x, std::size_t, std::size_t n, double e) { return right_root(x, 0, n, e); }; })},
        {"dx: last element", "the last element of dx is half of what it should be", changed([](Gradients& d, const Array&, const Array&) { if (d.dx.size() > 1) d.dx.values.back() /= 2; })},
        {"dx: one percent", "dx is one percent too large", changed([](Gradients& d, const Array&, const Array&) { for (double& v : d.dx.values) v *= 1.01; })},
        {"dx: last rows", "rows of dx from 128 on stay 0", changed([](Gradients& d, const Array&, const Array& gain) { for (std::size_t i = 128 * gain.size(); i < d.dx.size(); ++i) d.dx[i] = 0; })},
    };
}

std::vector<Judged> wrong_dgain() {
    return {
        {"dgain: x not normed", "dgain takes x, not x / root", exchanged([](Pieces& p) { p.dgain_term = [](double dy, double x, double, double) { return dy * x; }; })},
        {"dgain: y for x", "dgain takes y, in which the gain stands already", exchanged([](Pieces& p) { p.dgain_term = [](double dy, double x, double gain, double r) { return dy * gain * x / r; }; })},
        {"dgain: dy alone", "dgain is the sum of dy: that is the gradient of a bias", exchanged([](Pieces& p) { p.dgain_term = [](double dy, double, double, double) { return dy; }; })},
        {"dgain: mean", "dgain is averaged over the rows, not summed", changed([](Gradients& d, const Array& x, const Array& gain) { for (double& v : d.dgain.values) v *= static_cast<double>(gain.size()) / static_cast<double>(x.size()); })},
        {"dgain: last row", "dgain keeps the last row's numbers: = in place of +=", {right_op().forward, [](const Array& x, const Array& gain, double e, const Array& dy) {
                                                                                         Gradients d = right_op().backward(x, gain, e, dy);
                                                                                         const std::size_t n = gain.size(), begin = x.size() < n ? 0 : x.size() - n;
                                                                                         for (std::size_t c = 0; c < n && x.size() > 0; ++c) d.dgain[c] = dy[begin + c] * x[begin + c] / right_root(x, begin / n, n, e);
                                                                                         return d;
                                                                                     }}},
        {"dgain: never set to 0", "a second call adds its dgain to the first one's", {right_op().forward, [kept = std::make_shared<Array>()](const Array& x, const Array& gain, double e, const Array& dy) {
                                                                                          Gradients d = right_op().backward(x, gain, e, dy);
                                                                                          for (std::size_t c = 0; kept->shape == gain.shape && c < gain.size(); ++c) d.dgain[c] += (*kept)[c];
                                                                                          *kept = d.dgain;
                                                                                          return d;
                                                                                      }}},
        {"dgain: sign of the gain", "dgain is wrong in sign where the gain is negative", changed([](Gradients& d, const Array&, const Array& gain) { for (std::size_t c = 0; c < gain.size(); ++c) if (gain[c] < 0) d.dgain[c] *= -1; })},
        {"dgain: 64 columns", "dgain has 64 columns at most, the others stay 0: one workgroup was started", changed([](Gradients& d, const Array&, const Array&) { for (std::size_t c = 64; c < d.dgain.size(); ++c) d.dgain[c] = 0; })},
        {"dgain: of the first sample", "of x (N, T, C) only the first n is summed", {right_op().forward, [](const Array& x, const Array& gain, double e, const Array& dy) {
                                                                                         Gradients d = right_op().backward(x, gain, e, dy);
                                                                                         if (x.shape.size() < 3 || x.shape[0] < 2) return d;
                                                                                         Array part = dy;
                                                                                         for (std::size_t i = x.size() / x.shape[0]; i < x.size(); ++i) part[i] = 0;
                                                                                         d.dgain = right_op().backward(x, gain, e, part).dgain;
                                                                                         return d;
                                                                                     }}},
    };
}

// Forward and backward that pass their arguments, after `change`, to the right op.
template <typename Change>
Implementation lenient(const Change& change) {
    return {[=](const Array& x, const Array& gain, double epsilon) {
                Array fitting = gain;
                change(x, fitting, epsilon);
                return right_op().forward(x, fitting, epsilon);
            },
            [=](const Array& x, const Array& gain, double epsilon, const Array& dy) {
                Array fitting = gain;
                change(x, fitting, epsilon);
                return right_op().backward(x, fitting, epsilon, dy);
            }};
}

// Takes a gain of another size as if it had the right one.
void resize(const Array& x, Array& gain, double&) {
    if (x.shape.empty() || gain.shape == Sizes{x.shape.back()}) return;
    gain.shape = {x.shape.back()};
    gain.values.resize(gain.shape[0], 1.0);
}

void stretch_single(const Array& x, Array& gain, double&) {
    if (!x.shape.empty() && gain.shape == Sizes{1}) gain = Array({x.shape.back()}, gain[0]);
}

void mend_epsilon(const Array&, Array&, double& epsilon) {
    if (!(epsilon > 0)) epsilon = 1e-6;
}

// Passes on what the op throws as another exception.
template <typename Other>
Implementation rethrowing(const char* message) {
    return {[=](const Array& x, const Array& gain, double epsilon) {
                try {
                    return right_op().forward(x, gain, epsilon);
                } catch (const Error&) {
                    throw Other(message);
                }
            },
            right_op().backward};
}

template <typename T>
T& writable(const T& value) {
    return const_cast<T&>(value);
}

}  // namespace

std::vector<Judged> backward_mutants() {
    std::vector<Judged> mutants = wrong_dx();
    for (const Judged& mutant : wrong_dgain()) mutants.push_back(mutant);
    return mutants;
}

std::vector<Judged> contract_mutants() {
    const Implementation right = right_op();
    return {
        {"any gain", "a gain of the wrong length is cut, or filled with ones, without a message", lenient(resize)},
        {"a single gain", "a gain of one number is stretched without a message", lenient(stretch_single)},
        {"any epsilon", "an epsilon that is not above 0 is accepted", lenient(mend_epsilon)},
        {"says nothing", "the message names neither the op nor the shapes", rethrowing<Error>("bad input")},
        {"another exception", "it throws std::invalid_argument, not cairn::Error", rethrowing<std::invalid_argument>("rms_norm: gain (3) must be (4), x (2, 4)")},
        {"any dy", "a dy of another shape than x is accepted if it has as many numbers", {right.forward, [=](const Array& x, const Array& gain, double e, const Array& dy) { return right.backward(x, gain, e, dy.size() == x.size() ? Array(x.shape, dy.values) : dy); }}},
        {"x written over", "forward puts its result into x, too", {[=](const Array& x, const Array& gain, double e) {
                                                                       const Array y = right.forward(x, gain, e);
                                                                       writable(x).values = y.values;
                                                                       return y;
                                                                   },
                                                                   right.backward}},
        {"dy written over", "backward scales dy in place", {right.forward, [=](const Array& x, const Array& gain, double e, const Array& dy) {
                                                                const Gradients d = right.backward(x, gain, e, dy);
                                                                for (double& value : writable(dy).values) value *= 0.5;
                                                                return d;
                                                            }}},
        {"flat", "y of x (N, T, C) has the shape (N T, C)", {[=](const Array& x, const Array& gain, double e) {
                                                                 Array y = right.forward(x, gain, e);
                                                                 if (x.shape.size() > 2) y.shape = {x.size() / gain.size(), gain.size()};
                                                                 return y;
                                                             },
                                                             right.backward}},
        {"dgain like x", "dgain of x (1, C) has the shape (1, C)", {right.forward, [=](const Array& x, const Array& gain, double e, const Array& dy) {
                                                                        Gradients d = right.backward(x, gain, e, dy);
                                                                        if (x.shape.size() == 2 && x.shape[0] == 1) d.dgain.shape = x.shape;
                                                                        return d;
                                                                    }}},
        {"empty refused", "x (0, C), a batch without images, is refused", {[=](const Array& x, const Array& gain, double e) {
                                                                               check(x.size() > 0, "rms_norm: x {} is empty", text_of(x.shape));
                                                                               return right.forward(x, gain, e);
                                                                           },
                                                                           right.backward}},
        {"remembers", "a second call with the same shape gives the first one's y", {[=, kept = std::make_shared<Array>()](const Array& x, const Array& gain, double e) {
                                                                                        const Array y = right.forward(x, gain, e);
                                                                                        if (kept->shape != x.shape) *kept = y;
                                                                                        return *kept;
                                                                                    },
                                                                                    right.backward}},
    };
}

}  // namespace cairn::course
