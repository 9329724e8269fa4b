// Inputs at the edge of what numbers and shapes can be. Infinity, NaN and denormal numbers go through every op as its formula
// says in IEEE arithmetic, which is what PyTorch and TensorFlow do as well. Where cairn differs from one of them:
//   - denormal numbers count as zero on the cpu, as in TensorFlow (PyTorch keeps them);
//   - dropout gives 0 where an element is dropped, whatever it was, since its formula chooses; PyTorch multiplies by the mask,
//     and NaN times 0 is NaN;
//   - max, argmax and max pooling take NaN for larger than any number, as PyTorch does; TensorFlow's pooling skips it;
//   - Winograd's convolution computes tiles by sums and differences: an infinite pixel gives NaN in all outputs of its tile;
//   - a window that holds nothing but padding, under an infinite kernel, gives NaN (0 times infinity) or 0, as the algorithm
//     has it.
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"
#include "support/op_extremes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

using testing::HasSubstr;

constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

using Values = std::vector<double>;

// Bits of NaN do not matter, and 0 may have either sign.
bool same(const Values& a, const Values& b, double tolerance) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool nans = std::isnan(a[i]) && std::isnan(b[i]);
        if (!nans && a[i] != b[i] && !(std::abs(a[i] - b[i]) <= tolerance)) return false;
    }
    return a.size() == b.size();
}

const Values at{-inf, -0.0, 0, inf, nan};

struct Row {
    const char* name;
    std::function<Tensor(const Tensor&)> f;
    Values y, dx;  // at -inf, -0, 0, inf and NaN
};

// By the formulas of backend/elementwise.h; the gradients by those of backend/backend.h, for dy = 1. gelu and silu are products
// with a factor that is 0 at -inf, hence NaN there, in PyTorch as well.
const std::vector<Row> rows{
    {"exp", ops::exp, {0, 1, 1, inf, nan}, {0, 1, 1, inf, nan}},
    {"log", ops::log, {nan, -inf, -inf, inf, nan}, {-0.0, -inf, inf, 0, nan}},
    {"sqrt", ops::sqrt, {nan, 0, 0, inf, nan}, {nan, -inf, inf, 0, nan}},
    {"square", ops::square, {inf, 0, 0, inf, nan}, {-inf, 0, 0, inf, nan}},
    {"relu", ops::relu, {0, 0, 0, inf, nan}, {0, 0, 0, 1, 0}},
    {"abs", ops::abs, {inf, 0, 0, inf, nan}, {-1, 0, 0, 1, nan}},
    {"pow 3", [](const Tensor& x) { return ops::pow(x, 3); }, {-inf, 0, 0, inf, nan}, {inf, 0, 0, inf, nan}},
    {"pow 0", [](const Tensor& x) { return ops::pow(x, 0); }, {1, 1, 1, 1, 1}, {0, 0, 0, 0, 0}},
    {"pow -2", [](const Tensor& x) { return ops::pow(x, -2); }, {0, inf, inf, 0, nan}, {0, inf, -inf, 0, nan}},
    {"pow 0.5", [](const Tensor& x) { return ops::pow(x, 0.5); }, {inf, 0, 0, inf, nan}, {0, inf, inf, 0, nan}},
    {"pow 2.5", [](const Tensor& x) { return ops::pow(x, 2.5); }, {inf, 0, 0, inf, nan}, {inf, 0, 0, inf, nan}},
    {"reciprocal", [](const Tensor& x) { return ops::reciprocal(x); }, {0, -inf, inf, 0, nan}, {0, -inf, -inf, 0, nan}},
    {"sigmoid", ops::sigmoid, {0, 0.5, 0.5, 1, nan}, {0, 0.25, 0.25, 0, nan}},
    {"tanh", ops::tanh, {-1, 0, 0, 1, nan}, {0, 1, 1, 0, nan}},
    {"softplus", ops::softplus, {0, M_LN2, M_LN2, inf, nan}, {0, 0.5, 0.5, 1, nan}},
    {"elu", [](const Tensor& x) { return ops::elu(x); }, {-1, 0, 0, inf, nan}, {0, 1, 1, 1, nan}},
    {"leaky_relu",
     [](const Tensor& x) { return ops::leaky_relu(x, 0.25); },
     {-inf, 0, 0, inf, nan},
     {0.25, 0.25, 0.25, 1, 0.25}},
};

TEST(Extremes, UnaryOpsByTheirFormulas) {
    for (const Row& row : rows)
        for (const Device& device : {Device::reference(), Device::cpu()})
            for (const DType dtype : {DType::float32, DType::float64}) {
                SCOPED_TRACE(fmt::format("{} {} {}", row.name, device, name_of(dtype)));
                const Tensor x = autograd::variable(to_dtype(from_values({5}, at, device), dtype));
                const Tensor y = row.f(x);
                autograd::backward(y, full({5}, 1, dtype, device));
                EXPECT_TRUE(same(numbers(y), row.y, 1e-6)) << ::testing::PrintToString(numbers(y));
                const Values dx = numbers(autograd::gradient(x));
                EXPECT_TRUE(same(dx, row.dx, 1e-6)) << "gradient " << ::testing::PrintToString(dx);
            }
}

// Every pair, on either side, in vectors and at their end.
TEST(Extremes, BinaryOpsByIeeeArithmetic) {
    struct Operation {
        const char* name;
        std::function<Tensor(const Tensor&, const Tensor&)> f;
        std::function<double(double, double)> exact;
    };
    const Operation operations[] = {
        {"add", ops::add, std::plus<>()},
        {"sub", ops::sub, std::minus<>()},
        {"mul", ops::mul, std::multiplies<>()},
        {"div", ops::div, std::divides<>()},
        {"maximum", ops::maximum, [](double a, double b) { return a != a || b != b ? nan : std::max(a, b); }},
        {"minimum", ops::minimum, [](double a, double b) { return a != a || b != b ? nan : std::min(a, b); }}};
    const Values kinds{-inf, -2, -0.0, 0, 3, inf, nan};
    for (const auto& [name, f, exact] : operations) {
        Values a, b, wanted;
        for (const double left : kinds)
            for (const double right : kinds) {
                a.push_back(left), b.push_back(right);
                wanted.push_back(exact(left, right));
            }
        for (const Device& device : {Device::reference(), Device::cpu()})
            for (const DType dtype : {DType::float32, DType::float64}) {
                const auto there = [&](const Values& v) { return to_dtype(from_values({49}, v, device), dtype); };
                const Values y = numbers(f(there(a), there(b)));
                EXPECT_TRUE(same(y, wanted, 1e-6)) << name << " " << device.str() << ::testing::PrintToString(y);
            }
    }
}

// A class that cannot be (-inf) costs nothing unless it is the label, and all of them, or one of +inf, give NaN.
TEST(Extremes, SoftmaxAndLosses) {
    for (const Device& device : {Device::reference(), Device::cpu()}) {
        const Tensor x = from_values<double>({4, 2}, {-inf, 0, 0, inf, -inf, -inf, nan, 0}, device);
        EXPECT_TRUE(same(numbers(ops::softmax(x)), {0, 1, nan, nan, nan, nan, nan, nan}, 0));
        EXPECT_TRUE(same(numbers(ops::log_softmax(x)), {-inf, 0, nan, nan, nan, nan, nan, nan}, 0));
        const Tensor one = autograd::variable(from_values<double>({1, 2}, {-inf, 0}, device));
        const auto loss = [&](std::int32_t label) {
            return ops::softmax_cross_entropy(one, from_values<std::int32_t>({1}, {label}, device));
        };
        EXPECT_EQ(loss(0).item(), inf) << device.str();
        EXPECT_EQ(loss(1).item(), 0) << device.str();
        autograd::backward(loss(1));
        EXPECT_TRUE(same(numbers(autograd::gradient(one)), {0, 0}, 0)) << device.str();
    }
}

// The maximum of a window that holds nothing but -inf, and lies half in the padding, is a pixel of the image.
TEST(Extremes, PoolingOfNothingButMinusInfinity) {
    for (const Device& device : {Device::reference(), Device::cpu()}) {
        const Tensor x = autograd::variable(full({1, 3, 3, 17}, -inf, DType::float64, device));
        const Tensor y = ops::max_pool2d(x, {.pool_size = {3, 3}, .strides = {1, 1}, .padding = ops::Padding::same});
        for (const double value : numbers(y)) EXPECT_EQ(value, -inf);
        autograd::backward(ops::sum(y));
        double all = 0;
        for (const double dx : numbers(autograd::gradient(x))) all += dx;
        EXPECT_EQ(all, 9 * 17) << device.str();
    }
}

// Every output that sees the NaN is NaN, by whatever algorithm; and but for Winograd's tiles no other is.
TEST(Extremes, ConvolutionOfOneNaN) {
    for (const auto algorithm : {ConvolutionAlgorithm::automatic, ConvolutionAlgorithm::im2col,
                                 ConvolutionAlgorithm::direct, ConvolutionAlgorithm::winograd})
        for (std::int64_t pixel = 0; pixel < 49; ++pixel) {
            std::vector<float> image(49 * 16, 1.0f);
            image[static_cast<std::size_t>(pixel) * 16 + 5] = std::nanf("");
            const Tensor x = from_values({1, 7, 7, 16}, image, Device::cpu());
            const Tensor kernel = full({3, 3, 16, 16}, 1, DType::float32, Device::cpu());
            const Values y =
                numbers(ops::conv2d(x, kernel, {}, {.padding = ops::Padding::same, .algorithm = algorithm}));
            for (std::int64_t i = 0; i < 49; ++i) {
                const bool sees = std::abs(i / 7 - pixel / 7) <= 1 && std::abs(i % 7 - pixel % 7) <= 1;
                const bool is_nan = std::isnan(y[static_cast<std::size_t>(i) * 16]);
                const bool tiles =
                    algorithm == ConvolutionAlgorithm::winograd || algorithm == ConvolutionAlgorithm::automatic;
                EXPECT_TRUE(is_nan == sees || (tiles && is_nan)) << "pixel " << i << " beside " << pixel;
            }
        }
}

// On the cpu every op, and its gradients, make of such an element what the loops of the reference make of it. It would catch a
// factor of 0 that stands for "not at all", since 0 times infinity is NaN. Left out are convolutions, which compute with more
// numbers than the formula names, padding and sums of tiles: there a NaN may come out more often, never less.
TEST(Extremes, EveryOpAgreesWithTheReference) {
    for (const ops::OpCase& c : ops::op_cases())
        for (const double value : {inf, -inf, nan, -0.0}) {
            if (c.op.starts_with("conv2d") || c.op == "depthwise_conv2d") continue;
            const auto what = disagreement_with(c, value, Device::cpu());
            EXPECT_FALSE(what) << what.value_or("");
        }
}

// What every op of one tensor makes of two numbers, and its gradients. Results that are denormal themselves count as zero too: ReLU
// hands a number on.
Values of_two_numbers(const Row& row, const Values& values, DType dtype) {
    const std::vector<float> floats(values.begin(), values.end());
    const bool single = dtype == DType::float32;
    const Tensor x =
        autograd::variable(single ? from_values({2}, floats, Device::cpu()) : from_values({2}, values, Device::cpu()));
    const Tensor y = row.f(x);
    autograd::backward(y, full({2}, 1, dtype, Device::cpu()));
    Values all = numbers(y), dx = numbers(autograd::gradient(x));
    all.insert(all.end(), dx.begin(), dx.end());
    const double least = single ? std::numeric_limits<float>::min() : std::numeric_limits<double>::min();
    for (double& value : all)
        if (std::abs(value) < least) value = 0;
    return all;
}

// A denormal number gives what the zero of its sign gives. It would catch the library's log and pow, which look at a number's bits
// and not at how the processor takes it.
TEST(Extremes, DenormalNumbersCountAsZero) {
    for (const auto& [dtype, tiny] : {std::pair{DType::float32, 1e-40}, std::pair{DType::float64, 1e-310}})
        for (const Row& row : rows) {
            const Values got = of_two_numbers(row, {-tiny, tiny}, dtype),
                         wanted = of_two_numbers(row, {-0.0, 0}, dtype);
            EXPECT_TRUE(same(got, wanted, 0))
                << row.name << ::testing::PrintToString(got) << " not " << ::testing::PrintToString(wanted);
        }
    const Tensor x = from_values({37}, std::vector<float>(37, 1e-40f), Device::cpu());
    for (const double y : numbers(ops::affine(x, 1e3, 0))) EXPECT_EQ(y, 0);
    EXPECT_EQ(ops::sum(x).item(), 0);
}

// A batch without images must not end in a crash, a NaN or a message that speaks of a bug.
TEST(Extremes, SizeZeroIsRefusedWithWordsOrHarmless) {
    for (const ops::OpCase& c : ops::op_cases())
        for (const Device& device : {Device::reference(), Device::cpu()}) {
            const auto what = wrong_answer_to_size_zero(c, device);
            EXPECT_FALSE(what) << what.value_or("") << " on " << device.str();
        }
}

// The same of the ops without gradients, which have no cases.
TEST(Extremes, ChoicesAmongNothing) {
    for (const Device& device : {Device::reference(), Device::cpu()}) {
        const auto without = [&](const Shape& shape) { return empty(shape, DType::float32, device); };
        EXPECT_EQ(ops::argmax(without({0, 3})).shape(), Shape{0});
        EXPECT_THAT(error_message([&] { ops::argmax(without({3, 0})); }), HasSubstr("at least one element"));
        const Tensor labels = empty({0}, DType::int32, device);
        EXPECT_EQ(ops::one_hot(labels, 3, DType::float32).shape(), (Shape{0, 3}));
        EXPECT_THAT(error_message([&] { ops::count_correct(without({0, 3}), labels); }), HasSubstr("at least one"));
        EXPECT_EQ(ops::scale_pixels(empty({0, 2, 2, 1}, DType::uint8, device)).size(), 0);
        for (const Shape& shape : {Shape{0, 4}, Shape{4, 0}}) {
            EXPECT_THAT(error_message([&] { ops::layer_norm(without(shape), {}, {}); }), HasSubstr("at least one"));
            EXPECT_THAT(error_message([&] { ops::group_norm(without(shape), 1, {}, {}); }), HasSubstr("at least one"));
        }
    }
}

}  // namespace
}  // namespace cairn::test
