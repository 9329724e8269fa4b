// The reference kernels for memory, elements, sums and products, against numbers computed by hand. If one of these is
// wrong, every device that is compared with the reference is wrong in the same way.
#include "support/host_tensors.h"

#include <cmath>
#include <limits>

namespace cairn::test {
namespace {

using Values = std::vector<double>;
using Ints = std::vector<std::int32_t>;

constexpr double inf = std::numeric_limits<double>::infinity();

Backend& device() { return backend(Device::reference()); }

TEST(ReferenceBackend, IsOnePerProcessAndHasEveryType) {
    EXPECT_EQ(&device(), &backend(Device::reference()));
    EXPECT_EQ(device().device(), Device::reference());
    for (const DType dtype : {DType::float32, DType::float64, DType::int32, DType::uint8}) {
        EXPECT_TRUE(device().supports(dtype));
    }
}

TEST(ReferenceMemory, FillTakesFloatsAndInts) {
    EXPECT_EQ(values(full({3}, 0.1, DType::float64, Device::reference())), Values({0.1, 0.1, 0.1}));
    EXPECT_EQ(full({2}, 0.1, DType::float32, Device::reference()).to_vector<float>(), std::vector<float>({0.1f, 0.1f}));
    EXPECT_EQ(int_values(full({2}, -7, DType::int32, Device::reference())), Ints({-7, -7}));
}

TEST(ReferenceMemory, CopyIgnoresTheShape) {
    const Tensor y = output({3, 2});
    device().copy(tensor({2, 3}, {1, 2, 3, 4, 5, 6}), y);
    EXPECT_EQ(values(y), Values({1, 2, 3, 4, 5, 6}));

    const Tensor bytes = empty({2}, DType::uint8, Device::reference());
    device().copy(from_values({2}, std::vector<std::uint8_t>{0, 255}, Device::reference()), bytes);
    EXPECT_EQ(bytes.to_vector<std::uint8_t>(), std::vector<std::uint8_t>({0, 255}));
}

TEST(ReferenceMemory, ConvertDividesAndChangesTheType) {
    const Tensor y = output({3});
    device().convert(from_values({3}, std::vector<std::uint8_t>{0, 51, 255}, Device::reference()), 255, y);
    EXPECT_EQ(values(y), Values({0, 0.2, 1}));
    device().convert(int_tensor({3}, {-3, 0, 4}), 2, y);
    EXPECT_EQ(values(y), Values({-1.5, 0, 2}));
    EXPECT_EQ(to_dtype(tensor({1}, {0.1}), DType::float32).to_vector<float>(), std::vector<float>({0.1f}));
}

TEST(ReferenceMemory, ReadBackIsReadyAtOnce) {
    const std::unique_ptr<Readback> readback = device().read_back(tensor({2}, {3, 4}));
    EXPECT_TRUE(readback->ready());
    EXPECT_EQ(readback->values(), Values({3, 4}));
    EXPECT_EQ(device().read_back(int_tensor({2}, {-1, 7}))->values(), Values({-1, 7}));
}

TEST(ReferenceElementwise, Unary) {
    struct Case {
        Unary op;
        Values x, y, backward;  // backward: dx for dy = 10
    };
    const std::vector<Case> cases{
        {Unary::exp, {0, 1}, {1, std::exp(1)}, {10, 10 * std::exp(1)}},
        {Unary::log, {1, 4}, {0, std::log(4)}, {10, 2.5}},
        {Unary::sqrt, {4, 0.25}, {2, 0.5}, {2.5, 10}},
        {Unary::square, {-3, 0.5}, {9, 0.25}, {-60, 10}},
        {Unary::relu, {-2, 3}, {0, 3}, {0, 10}},
        {Unary::relu, {0, -0.0}, {0, 0}, {0, 0}},  // the gradient at the kink is 0
    };
    for (const Case& c : cases) {
        const Tensor x = tensor({2}, c.x), y = output({2}), dx = output({2});
        device().elementwise(c.op, x, y);
        expect_near(y, c.y);
        device().elementwise_backward(c.op, keeps_input(c.op) ? x : y, tensor({2}, {10, 10}), dx);
        expect_near(dx, c.backward);
        device().elementwise(c.op, x, x);  // in place
        expect_near(x, c.y);
    }
}

TEST(ReferenceElementwise, ReluPassesNaNOn) {
    const Tensor x = tensor({3}, {-inf, std::numeric_limits<double>::quiet_NaN(), inf});
    device().elementwise(Unary::relu, x, x);
    EXPECT_EQ(values(x)[0], 0);
    EXPECT_TRUE(std::isnan(values(x)[1]));
    EXPECT_EQ(values(x)[2], inf);
}

TEST(ReferenceElementwise, BinaryOfEqualShapes) {
    const Tensor a = tensor({2}, {6, -1}), b = tensor({2}, {2, 4}), y = output({2});
    const std::vector<std::pair<Binary, Values>> cases{
        {Binary::add, {8, 3}}, {Binary::sub, {4, -5}}, {Binary::mul, {12, -4}}, {Binary::div, {3, -0.25}}};
    for (const auto& [op, wanted] : cases) {
        device().elementwise(op, a, b, y);
        EXPECT_EQ(values(y), wanted);
    }
}

// Subtraction, so that an exchange of a and b shows.
TEST(ReferenceElementwise, BroadcastsInAllDirections) {
    struct Case {
        Shape a_shape;
        Values a;
        Shape b_shape;
        Values b;
        Shape y_shape;
        Values y;
    };
    const std::vector<Case> cases{
        {{2, 3}, {1, 2, 3, 4, 5, 6}, {3}, {10, 20, 30}, {2, 3}, {-9, -18, -27, -6, -15, -24}},
        {{3}, {10, 20, 30}, {2, 3}, {1, 2, 3, 4, 5, 6}, {2, 3}, {9, 18, 27, 6, 15, 24}},
        {{2, 3}, {1, 2, 3, 4, 5, 6}, {2, 1}, {10, 20}, {2, 3}, {-9, -8, -7, -16, -15, -14}},
        {{2, 1}, {1, 2}, {1, 3}, {10, 20, 30}, {2, 3}, {-9, -19, -29, -8, -18, -28}},
        {{}, {1}, {2}, {10, 20}, {2}, {-9, -19}},
        {{2}, {10, 20}, {}, {1}, {2}, {9, 19}},
        {{2, 1, 2}, {1, 2, 3, 4}, {2, 1}, {10, 20}, {2, 2, 2}, {-9, -8, -19, -18, -7, -6, -17, -16}},
    };
    for (const Case& c : cases) {
        const Tensor y = output(c.y_shape);
        device().elementwise(Binary::sub, tensor(c.a_shape, c.a), tensor(c.b_shape, c.b), y);
        EXPECT_EQ(values(y), c.y) << c.a_shape.str() << " - " << c.b_shape.str();
    }
}

TEST(ReferenceElementwise, AddScaledAccumulates) {
    const Tensor y = tensor({2}, {1, 2});
    device().add_scaled(-0.5, tensor({2}, {4, 8}), y);
    EXPECT_EQ(values(y), Values({-1, -2}));
}

TEST(ReferenceReduce, ToEveryBroadcastableShape) {
    // x[a,b,c] = 100 a + 10 b + c, so every sum shows which elements went in.
    const Tensor x = tensor({2, 2, 3}, {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112});
    struct Case {
        Shape shape;
        Values sum, max;
    };
    const std::vector<Case> cases{
        {{}, {672}, {112}},
        {{1, 1, 1}, {672}, {112}},
        {{3}, {220, 224, 228}, {110, 111, 112}},
        {{2, 3}, {100, 102, 104, 120, 122, 124}, {100, 101, 102, 110, 111, 112}},
        {{2, 1}, {306, 366}, {102, 112}},
        {{2, 1, 1}, {36, 636}, {12, 112}},
        {{2, 1, 3}, {10, 12, 14, 210, 212, 214}, {10, 11, 12, 110, 111, 112}},
        {{2, 2, 1}, {3, 33, 303, 333}, {2, 12, 102, 112}},
        {{2, 2, 3}, values(x), values(x)},
    };
    for (const Case& c : cases) {
        const Tensor y = output(c.shape);
        device().reduce(Reduction::sum, x, y);
        EXPECT_EQ(values(y), c.sum) << c.shape.str();
        device().reduce(Reduction::max, x, y);
        EXPECT_EQ(values(y), c.max) << c.shape.str();

        Values mean = c.sum;
        for (double& value : mean) value /= 12.0 / static_cast<double>(c.shape.size());
        device().reduce(Reduction::mean, x, y);
        expect_near(y, mean);
    }
}

TEST(ReferenceReduce, MaximumOfNegativeNumbersIsNegative) {
    const Tensor y = output({});
    device().reduce(Reduction::max, tensor({3}, {-3, -1, -2}), y);
    EXPECT_EQ(values(y), Values({-1}));
}

TEST(ReferenceReduce, Backward) {
    const Tensor dy = tensor({2, 1}, {10, 20}), dx = output({2, 3});
    device().reduce_backward(Reduction::sum, Tensor(), Tensor(), dy, dx);
    EXPECT_EQ(values(dx), Values({10, 10, 10, 20, 20, 20}));
    device().reduce_backward(Reduction::mean, Tensor(), Tensor(), dy.view({2, 1}), dx);
    expect_near(dx, {10 / 3.0, 10 / 3.0, 10 / 3.0, 20 / 3.0, 20 / 3.0, 20 / 3.0});
    // A tie: the first of the two maxima takes all.
    device().reduce_backward(Reduction::max, tensor({2, 3}, {1, 7, 7, 9, 0, 9}), tensor({2, 1}, {7, 9}), dy, dx);
    EXPECT_EQ(values(dx), Values({0, 10, 0, 20, 0, 0}));
}

TEST(ReferenceReduce, ArgmaxTakesTheFirst) {
    const Tensor y = int_output({2, 2});
    device().argmax(tensor({2, 2, 3}, {1, 5, 5, 0, 0, 0, -3, -2, -1, 9, 8, 9}), y);
    EXPECT_EQ(int_values(y), Ints({1, 0, 2, 0}));
}

// The first NaN is the maximum: max yields it, its gradient goes to it, and argmax names it.
TEST(ReferenceReduce, NaNIsTheMaximum) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Tensor x = tensor({2, 3}, {1, nan, nan, nan, 9, 3}), y = output({2, 1}), dx = output({2, 3});
    device().reduce(Reduction::max, x, y);
    for (const double maximum : values(y)) EXPECT_TRUE(std::isnan(maximum)) << maximum;
    device().reduce_backward(Reduction::max, x, y, tensor({2, 1}, {10, 20}), dx);
    EXPECT_EQ(values(dx), Values({0, 10, 0, 20, 0, 0}));
    const Tensor argmax = int_output({2});
    device().argmax(x, argmax);
    EXPECT_EQ(int_values(argmax), Ints({1, 0}));
}

TEST(ReferenceMatmul, AllTransposesGiveTheSameProduct) {
    // (1 2 3; 4 5 6) (7 8; 9 10; 11 12) = (58 64; 139 154)
    const Tensor a = tensor({2, 3}, {1, 2, 3, 4, 5, 6}), at = tensor({3, 2}, {1, 4, 2, 5, 3, 6});
    const Tensor b = tensor({3, 2}, {7, 8, 9, 10, 11, 12}), bt = tensor({2, 3}, {7, 9, 11, 8, 10, 12});
    for (const bool transpose_a : {false, true}) {
        for (const bool transpose_b : {false, true}) {
            const Tensor c = output({2, 2});
            device().matmul(transpose_a ? at : a, transpose_a, transpose_b ? bt : b, transpose_b, c);
            EXPECT_EQ(values(c), Values({58, 64, 139, 154}));
            device().matmul(transpose_a ? at : a, transpose_a, transpose_b ? bt : b, transpose_b, c, true);
            EXPECT_EQ(values(c), Values({116, 128, 278, 308}));
        }
    }
}

// Sums of float32 tensors are taken in double: the small term survives beside the large ones.
TEST(ReferenceMatmul, SumsInDouble) {
    const std::vector<float> a{1e8f, 1, -1e8f}, ones{1, 1, 1};
    const Tensor c = empty({1, 1}, DType::float32, Device::reference());
    device().matmul(from_values({1, 3}, a, Device::reference()), false, from_values({3, 1}, ones, Device::reference()),
                    false, c);
    EXPECT_EQ(c.item(), 1);
}

TEST(ReferenceDense, ForwardAndBackward) {
    // z = (1 2; 3 4) (1 -1; 2 -2) + (0.5, 1) = (5 -5; 11 -11) + (0.5, 1): the second column does not pass ReLU.
    const Tensor x = tensor({2, 2}, {1, 2, 3, 4}), kernel = tensor({2, 2}, {1, -1, 2, -2}),
                 bias = tensor({2}, {0.5, 1});
    const Tensor y = output({2, 2});
    device().dense({x, kernel}, y);
    EXPECT_EQ(values(y), Values({5, -5, 11, -11}));
    device().dense({x, kernel, bias}, y);
    EXPECT_EQ(values(y), Values({5.5, -4, 11.5, -10}));
    device().dense({x, kernel, bias, true}, y);
    EXPECT_EQ(values(y), Values({5.5, 0, 11.5, 0}));

    // dz = (1 0; 3 0)
    const Tensor dy = tensor({2, 2}, {1, 2, 3, 4}), dx = output({2, 2}), dkernel = output({2, 2}), dbias = output({2});
    device().dense_backward({x, kernel, bias, true}, y, dy, {dx, dkernel, dbias});
    EXPECT_EQ(values(dx), Values({1, 2, 3, 6}));
    EXPECT_EQ(values(dkernel), Values({10, 0, 14, 0}));
    EXPECT_EQ(values(dbias), Values({4, 0}));

    device().dense_backward({x, kernel}, y, dy, {.dbias = dbias});  // absent outputs
    EXPECT_EQ(values(dbias), Values({4, 6}));
}

TEST(ReferenceSizes, EmptyTensorsAreAccepted) {
    const Tensor none = tensor({0, 3}, {});
    device().elementwise(Binary::add, none, tensor({3}, {1, 2, 3}), none);
    const Tensor y = output({3});
    device().reduce(Reduction::sum, none, y);
    EXPECT_EQ(values(y), Values({0, 0, 0}));
    device().reduce(Reduction::max, none, y);
    EXPECT_EQ(values(y), Values({-inf, -inf, -inf}));
}

}  // namespace
}  // namespace cairn::test
