// Initializers: catches a fan that is mistaken for the other, a window that is left out, a variance that truncating has made
// smaller, and vectors that are not quite orthogonal.
#include "cairn/nn/initializers.h"
#include "cairn/nn/model.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cairn::nn {

using test::error_message;

namespace {

RandomStream stream(std::uint32_t ordinal) { return RandomStream({7, stream_of(Purpose::test, ordinal), 0}); }

struct Moments {
    double mean = 0, variance = 0, largest = 0;
};

Moments moments(const std::vector<double>& values) {
    Moments m;
    for (const double v : values) m.mean += v / static_cast<double>(values.size());
    for (const double v : values) {
        m.variance += (v - m.mean) * (v - m.mean) / static_cast<double>(values.size());
        m.largest = std::max(m.largest, std::abs(v));
    }
    return m;
}

// What Keras says of the fans, with its variances: tests/golden checks those against Keras's own draws.
TEST(Initializers, HaveTheVariancesOfTheirFans) {
    const Shape shape{3, 5, 20, 120};  // 300 in, 1800 out
    struct {
        const char* name;
        Initializer initializer;
        double variance;
        double largest;  // in deviations
    } const rows[] = {
        {"glorot_uniform", glorot_uniform(), 2. / 2100, std::sqrt(3)},
        {"glorot_normal", glorot_normal(), 2. / 2100, 2 / 0.8796256610342398},
        {"he_uniform", he_uniform(), 2. / 300, std::sqrt(3)},
        {"he_normal", he_normal(), 2. / 300, 2 / 0.8796256610342398},
        {"lecun_uniform", lecun_uniform(), 1. / 300, std::sqrt(3)},
        {"lecun_normal", lecun_normal(), 1. / 300, 2 / 0.8796256610342398},
        {"random_uniform", random_uniform(), 0.05 * 0.05 / 3, std::sqrt(3)},
        {"random_normal", random_normal(), 0.05 * 0.05, 10},
        {"truncated_normal", truncated_normal(), std::pow(0.05 * 0.8796256610342398, 2), 2 / 0.8796256610342398},
    };
    for (const auto& row : rows) {
        RandomStream random = stream(1);
        const std::vector<double> values = row.initializer(shape, random);
        ASSERT_EQ(values.size(), 36000u) << row.name;
        const Moments m = moments(values);
        const double deviation = std::sqrt(row.variance);
        // Five standard errors: of the mean, and of the variance, which is sqrt(2 / n) for normal numbers and less for these.
        EXPECT_NEAR(m.mean, 0, 5 * deviation / std::sqrt(36000)) << row.name;
        EXPECT_NEAR(m.variance / row.variance, 1, 5 * std::sqrt(2 / 36000.)) << row.name;
        EXPECT_LE(m.largest, row.largest * deviation * 1.0000001) << row.name;
        if (row.largest < 10) {
            EXPECT_GT(m.largest, 0.99 * row.largest * deviation) << row.name;
        }
    }
}

TEST(Initializers, TellTheFansByTheShapeAsKerasDoes) {
    const auto expect = [](const Shape& shape, double in, double out) {
        EXPECT_EQ(fans_of(shape).in, in) << shape.str();
        EXPECT_EQ(fans_of(shape).out, out) << shape.str();
    };
    expect({}, 1, 1);
    expect({7}, 7, 7);
    expect({7, 5}, 7, 5);
    expect({3, 2, 7, 5}, 42, 30);
}

TEST(Initializers, Constants) {
    RandomStream random = stream(2);
    EXPECT_EQ(zeros()({2}, random), (std::vector<double>{0, 0}));
    EXPECT_EQ(ones()({2}, random), (std::vector<double>{1, 1}));
    EXPECT_EQ(constant(0.1)({1, 2}, random), (std::vector<double>{0.1, 0.1}));
    EXPECT_EQ(random.next(), stream(2).next()) << "constants draw nothing";
}

// The products of all pairs of the shorter side's vectors, for tall, wide, square and window-shaped parameters.
TEST(Initializers, OrthogonalVectorsAreOrthogonal) {
    for (const Shape& shape :
         {Shape{64, 10}, Shape{10, 64}, Shape{33, 33}, Shape{3, 3, 4, 16}, Shape{1, 1}, Shape{2, 2, 1, 9}}) {
        RandomStream random = stream(3);
        const std::vector<double> w = orthogonal(1.5)(shape, random);
        const std::int64_t columns = shape[-1], rows = shape.size() / columns;
        const bool tall = rows >= columns;
        const std::int64_t count = tall ? columns : rows, length = tall ? rows : columns;
        const auto at = [&](std::int64_t vector, std::int64_t i) {
            return w[static_cast<std::size_t>(tall ? i * columns + vector : vector * columns + i)];
        };
        for (std::int64_t a = 0; a < count; ++a)
            for (std::int64_t b = 0; b <= a; ++b) {
                double dot = 0;
                for (std::int64_t i = 0; i < length; ++i) dot += at(a, i) * at(b, i);
                EXPECT_NEAR(dot, a == b ? 2.25 : 0, 1e-13) << shape.str() << " " << a << " " << b;
            }
    }
    RandomStream random = stream(3), again = stream(3);
    EXPECT_EQ(orthogonal()({9, 4}, random), orthogonal()({9, 4}, again));
    EXPECT_EQ(error_message([&] { orthogonal()({9}, random); }), "orthogonal: a parameter (9,) needs two axes or more");
}

// Catches an option that is stored and not used, and kernel and bias taken for each other.
TEST(Initializers, AreOptionsOfDenseAndConv2D) {
    Sequential model{Input({6, 6, 2}),
                     Conv2D(3, {3, 3}, {.kernel_initializer = ones(), .bias_initializer = constant(0.5)}), Flatten(),
                     Dense(4, {.kernel_initializer = constant(2), .bias_initializer = constant(-1)})};
    model.initialize({.dtype = DType::float64});
    const std::vector<double> expected{1, 0.5, 2, -1};
    for (std::size_t i = 0; i < expected.size(); ++i)
        for (const double v : model.parameters()[i].parameter->value.to_vector<double>()) EXPECT_EQ(v, expected[i]);

    Sequential wrong{Input({3}), Dense(2, {.kernel_initializer = [](const Shape&, RandomStream&) {
                                           return std::vector<double>{1, 2};
                                       }})};
    EXPECT_EQ(error_message([&] { wrong.initialize({}); }),
              "dense/kernel: its initializer gives 2 values for a parameter (3, 2)");
}

}  // namespace
}  // namespace cairn::nn
