// Chapter 14: one right answer.
#include "chapters/14-capstone/exercise.h"

#include "cairn/core/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace exercise {

using cairn::check;
using cairn::RandomStream;
using cairn::course::text_of;

namespace {

void check_arguments(const Array& x, const Array& gain, double epsilon) {
    check(!x.shape.empty(), "rms_norm: x {} is a single number; it needs an axis to norm", text_of(x.shape));
    check(gain.shape == Sizes{x.shape.back()}, "rms_norm: gain {} must be ({}), the last axis of x {}",
          text_of(gain.shape), x.shape.back(), text_of(x.shape));
    check(epsilon > 0 && std::isfinite(epsilon), "rms_norm: epsilon {} must be above 0", epsilon);
}

double root_of(const double* x, std::size_t columns, double epsilon) {
    double squares = 0;
    for (std::size_t c = 0; c < columns; ++c) squares += x[c] * x[c];
    return std::sqrt(squares / static_cast<double>(columns) + epsilon);
}

// A shader with these buffers, in the order of their bindings; `body` stands in main().
std::string shader(const std::vector<std::string>& read, const std::vector<std::string>& written,
                   const std::string& body) {
    std::string text = "#version 450\nlayout(local_size_x = 64) in;\nshared float sums[64];\n";
    text += "layout(push_constant) uniform Push { uint rows, columns; float epsilon; };\n";
    std::size_t binding = 0;
    for (const auto& [names, access] : {std::pair{read, "readonly"}, std::pair{written, "writeonly"}})
        for (const std::string& name : names)
            text += fmt::format("layout(binding = {0}) {1} buffer B{0} {{ float {2}[]; }};\n", binding++, access, name);
    return text + "void main() {\n" + body + "}\n";
}

// A workgroup for a row: each invocation sums `term` over its columns, then all are added into sums[0].
std::string row_sum(const std::string& term) {
    return R"(
    const uint row = gl_WorkGroupID.x, lane = gl_LocalInvocationID.x, begin = row * columns;
    float sum = 0;
    for (uint c = lane; c < columns; c += 64) sum += )" +
           term + R"(;
    sums[lane] = sum;
    barrier();
    for (uint left = 32; left > 0; left /= 2) {
        if (lane < left) sums[lane] += sums[lane + left];
        barrier();
    }
)";
}

// The op as it runs on one device.
struct Operands {
    Tensor x, gain;
    double epsilon;

    std::int64_t columns() const { return gain.size(); }
    std::int64_t rows() const { return columns() == 0 ? 0 : x.size() / columns(); }
    bool on_gpu() const { return x.device() != cairn::Device::cpu() && x.device() != cairn::Device::reference(); }
    bool fast() const { return x.device() == cairn::Device::cpu() && x.dtype() == cairn::DType::float32; }
    Push push() const {
        return {static_cast<std::uint32_t>(rows()), static_cast<std::uint32_t>(columns()), static_cast<float>(epsilon)};
    }
};

std::span<float> floats(const Tensor& t) { return {t.data<float>(), static_cast<std::size_t>(t.size())}; }

Array array_of(const Tensor& t) {
    Array array(Sizes(t.shape().begin(), t.shape().end()));
    cairn::with_float(t.dtype(), [&]<typename T>() { std::ranges::copy(t.to_vector<T>(), array.values.begin()); });
    return array;
}

void put(const Array& from, const Tensor& to) {
    cairn::with_float(to.dtype(), [&]<typename T>() {
        const std::vector<T> values(from.values.begin(), from.values.end());
        to.upload(values.data());
    });
}

void forward(const Operands& o, const Tensor& y, const Tensor& r) {
    using namespace cairn::vulkan;
    if (o.on_gpu())
        run_shader(rms_norm_shader(), {reads(o.x), reads(o.gain), writes(y), writes(r)},
                   static_cast<std::size_t>(o.rows()), o.push());
    else if (o.fast())
        rms_norm_cpu(floats(o.x), floats(o.gain), static_cast<float>(o.epsilon), floats(y), floats(r));
    else put(rms_norm_loops(array_of(o.x), array_of(o.gain), o.epsilon), y);
}

void backward(const Operands& o, const Tensor& r, const Tensor& dy, const Tensor& dx, const Tensor& dgain) {
    using namespace cairn::vulkan;
    if (o.on_gpu()) {
        run_shader(rms_norm_dx_shader(), {reads(o.x), reads(o.gain), reads(r), reads(dy), writes(dx)},
                   static_cast<std::size_t>(o.rows()), o.push());
        run_shader(rms_norm_dgain_shader(), {reads(o.x), reads(r), reads(dy), writes(dgain)},
                   static_cast<std::size_t>((o.columns() + 63) / 64), o.push());
    } else if (o.fast()) {
        rms_norm_cpu_backward(floats(o.x), floats(o.gain), floats(r), floats(dy), floats(dx), floats(dgain));
    } else {
        const Gradients d = rms_norm_loops_backward(array_of(o.x), array_of(o.gain), o.epsilon, array_of(dy));
        put(d.dx, dx);
        put(d.dgain, dgain);
    }
}

Array normal(const Sizes& shape, RandomStream& random) {
    Array array(shape);
    for (double& value : array.values) value = random.normal();
    return array;
}

bool same(const Array& a, const Array& b) { return a.shape == b.shape && a.values == b.values; }

// Up to rounding of float32, relative to the largest number.
bool near(const Array& yours, const Array& expected) {
    double most = 1e-30;
    for (const double value : expected.values) most = std::max(most, std::abs(value));
    for (std::size_t i = 0; i < yours.size() && yours.shape == expected.shape; ++i)
        if (!(std::abs(yours[i] - expected[i]) <= 1e-4 * most)) return false;
    return yours.shape == expected.shape;
}

// Compares with the loops; a second call must give the same, and the arguments be as they were.
bool agrees(const Implementation& op, const Array& x, const Array& gain, double epsilon, const Array& dy) {
    const Array x_before = x, dy_before = dy, right = rms_norm_loops(x, gain, epsilon);
    const Gradients right_d = rms_norm_loops_backward(x, gain, epsilon, dy);
    for (int call = 0; call < 2; ++call) {
        if (!near(op.forward(x, gain, epsilon), right)) return false;
        const Gradients d = op.backward(x, gain, epsilon, dy);
        if (!near(d.dx, right_d.dx) || !near(d.dgain, right_d.dgain)) return false;
    }
    return same(x, x_before) && same(dy, dy_before);
}

template <typename Body>
bool refuses(const Body& body, const std::vector<Sizes>& named) {
    try {
        body();
        return false;
    } catch (const cairn::Error& error) {
        const std::string text = error.what();
        return text.find("rms_norm") != std::string::npos && std::ranges::all_of(named, [&](const Sizes& shape) {
                   return text.find(text_of(shape)) != std::string::npos;
               });
    } catch (...) {
        return false;
    }
}

bool refuses_what_does_not_fit(const Implementation& op) {
    const Array x({2, 4}, 1.0), gain({4}, 1.0);
    for (const Sizes& wrong : {Sizes{3}, Sizes{5}, Sizes{1}, Sizes{1, 4}})
        if (!refuses([&] { op.forward(x, Array(wrong, 1.0), 1e-5); }, {wrong, x.shape})) return false;
    for (const Sizes& wrong : {Sizes{2, 3}, Sizes{4, 2}, Sizes{8}})
        if (!refuses([&] { op.backward(x, gain, 1e-5, Array(wrong, 1.0)); }, {wrong, x.shape})) return false;
    return refuses([&] { op.forward(x, gain, 0); }, {}) && refuses([&] { op.forward(x, gain, -1e-3); }, {});
}

// A row that holds a NaN becomes NaN, and no other.
bool keeps_nan_in_its_row(const Implementation& op, RandomStream& random) {
    Array x = normal({3, 5}, random);
    x[7] = std::numeric_limits<double>::quiet_NaN();
    const Array y = op.forward(x, Array({5}, 1.0), 1e-5);
    for (std::size_t i = 0; i < y.size(); ++i)
        if (std::isnan(y[i]) != (i / 5 == 1)) return false;
    return true;
}

}  // namespace

Array rms_norm_loops(const Array& x, const Array& gain, double epsilon) {
    check_arguments(x, gain, epsilon);
    const std::size_t columns = gain.size(), rows = columns == 0 ? 0 : x.size() / columns;
    Array y(x.shape);
    for (std::size_t m = 0; m < rows; ++m) {
        const double root = root_of(&x.values[m * columns], columns, epsilon);
        for (std::size_t c = 0; c < columns; ++c) y[m * columns + c] = gain[c] * x[m * columns + c] / root;
    }
    return y;
}

Gradients rms_norm_loops_backward(const Array& x, const Array& gain, double epsilon, const Array& dy) {
    check_arguments(x, gain, epsilon);
    check(dy.shape == x.shape, "rms_norm: dy {} must have the shape of x {}", text_of(dy.shape), text_of(x.shape));
    const std::size_t columns = gain.size(), rows = columns == 0 ? 0 : x.size() / columns;
    Gradients d{Array(x.shape), Array(gain.shape)};
    for (std::size_t m = 0; m < rows; ++m) {
        const double root = root_of(&x.values[m * columns], columns, epsilon);
        double dot = 0;
        for (std::size_t i = m * columns; i < (m + 1) * columns; ++i) dot += gain[i % columns] * dy[i] * x[i];
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            d.dx[i] = gain[c] * dy[i] / root - x[i] * dot / (static_cast<double>(columns) * root * root * root);
            d.dgain[c] += dy[i] * x[i] / root;
        }
    }
    return d;
}

void rms_norm_cpu(std::span<const float> x, std::span<const float> gain, float epsilon, std::span<float> y,
                  std::span<float> r) {
    const std::size_t columns = gain.size();
    for (std::size_t m = 0; m < r.size(); ++m) {
        double squares = 0;
        for (const float value : x.subspan(m * columns, columns)) squares += static_cast<double>(value) * value;
        r[m] = static_cast<float>(1 / std::sqrt(squares / static_cast<double>(columns) + epsilon));
        for (std::size_t c = 0; c < columns; ++c) y[m * columns + c] = gain[c] * x[m * columns + c] * r[m];
    }
}

void rms_norm_cpu_backward(std::span<const float> x, std::span<const float> gain, std::span<const float> r,
                           std::span<const float> dy, std::span<float> dx, std::span<float> dgain) {
    const std::size_t columns = gain.size();
    std::vector<double> sums(columns, 0.0);
    for (std::size_t m = 0; m < r.size(); ++m) {
        double dot = 0;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            dot += static_cast<double>(gain[c]) * dy[i] * x[i];
            sums[c] += static_cast<double>(dy[i]) * x[i] * r[m];
        }
        const auto factor = static_cast<float>(dot * r[m] * r[m] * r[m] / static_cast<double>(columns));
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t i = m * columns + c;
            dx[i] = gain[c] * dy[i] * r[m] - x[i] * factor;
        }
    }
    for (std::size_t c = 0; c < columns; ++c) dgain[c] = static_cast<float>(sums[c]);
}

std::string rms_norm_shader() {
    return shader({"x", "gain"}, {"y", "r"}, row_sum("x[begin + c] * x[begin + c]") + R"(
    const float inverse = 1 / sqrt(sums[0] / columns + epsilon);
    if (lane == 0) r[row] = inverse;
    for (uint c = lane; c < columns; c += 64) y[begin + c] = gain[c] * x[begin + c] * inverse;
)");
}

std::string rms_norm_dx_shader() {
    return shader({"x", "gain", "r", "dy"}, {"dx"}, row_sum("gain[c] * dy[begin + c] * x[begin + c]") + R"(
    const float inverse = r[row], factor = sums[0] * inverse * inverse * inverse / columns;
    for (uint c = lane; c < columns; c += 64) dx[begin + c] = gain[c] * dy[begin + c] * inverse - x[begin + c] * factor;
)");
}

std::string rms_norm_dgain_shader() {
    return shader({"x", "r", "dy"}, {"dgain"}, R"(
    const uint c = gl_GlobalInvocationID.x;
    if (c >= columns) return;
    float sum = 0;
    for (uint m = 0; m < rows; ++m) sum += dy[m * columns + c] * x[m * columns + c] * r[m];
    dgain[c] = sum;
)");
}

Tensor rms_norm(const Tensor& x, const Tensor& gain, double epsilon) {
    check(x.rank() > 0, "rms_norm: x {} is a single number; it needs an axis to norm", x.shape());
    check(gain.shape() == cairn::Shape{x.dim(-1)}, "rms_norm: gain {} must be ({},), the last axis of x {}",
          gain.shape(), x.dim(-1), x.shape());
    check(gain.dtype() == x.dtype() && gain.device() == x.device(),
          "rms_norm: x is {} on {} and gain {} on {}; they must be alike", name_of(x.dtype()), x.device(),
          name_of(gain.dtype()), gain.device());
    const Operands operands{x.detach(), gain.detach(), epsilon};
    const Tensor y = cairn::empty_like(x), r = cairn::empty_like(x, {operands.rows()});
    forward(operands, y, r);
    return cairn::autograd::differentiable(
        "rms_norm", {x, gain}, y, [=](const Tensor& dy, cairn::autograd::Gradients& to) {
            Tensor dx = to.slot(0), dgain = to.slot(1);
            // Where one is not wanted, its numbers go nowhere.
            if (!dx.defined()) dx = cairn::empty_like(operands.x);
            if (!dgain.defined()) dgain = cairn::empty_like(operands.gain);
            backward(operands, r, dy, dx, dgain);
        });
}

bool accepts(const Implementation& op) {
    RandomStream random({.seed = 14, .stream = cairn::stream_of(cairn::Purpose::test), .step = 0});
    const std::vector<Sizes> shapes = {{1, 1}, {1, 5}, {4, 1}, {7}, {2, 3}, {5, 4}, {3, 17}, {2, 3, 5}, {2, 1, 3, 4}, {2, 67}, {131, 3}, {2, 300}, {600, 2}, {0, 4}, {2, 1300}};
    try {
        for (const Sizes& shape : shapes)
            for (const double epsilon : {0.5, 0.05}) {
                const Array x = normal(shape, random), gain = normal({shape.back()}, random);
                if (!agrees(op, x, gain, epsilon, normal(shape, random))) return false;
            }
        // Rows that are 0, tiny, large, and far from 0.
        for (const auto& [factor, shift] : {std::pair{0.0, 0.0}, {1e-4, 0.0}, {1e5, 0.0}, {1.0, 50.0}}) {
            Array x = normal({2, 5}, random);
            for (double& value : x.values) value = factor * value + shift;
            if (!agrees(op, x, normal({5}, random), 1e-6, normal({2, 5}, random))) return false;
        }
        return keeps_nan_in_its_row(op, random) && refuses_what_does_not_fit(op);
    } catch (...) {
        return false;
    }
}

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    const std::set<Image> known(train.begin(), train.end());
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        if (known.contains(test[i])) found.push_back(i);
    return found;
}

Report report(const std::vector<Run>& runs) {
    std::vector<double> scores;
    for (const Run& run : runs)
        scores.push_back(run.test[static_cast<std::size_t>(std::ranges::max_element(run.validation) - run.validation.begin())]);
    const auto n = static_cast<double>(scores.size());
    double mean = 0, squares = 0;
    for (const double score : scores) mean += score / n;
    for (const double score : scores) squares += (score - mean) * (score - mean);
    return {mean, std::sqrt(squares / (n - 1))};
}

}  // namespace exercise
