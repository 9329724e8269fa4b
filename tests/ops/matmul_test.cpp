// matmul and dense
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cairn::test {
namespace {

Tensor filled(const Shape& shape, DType dtype = DType::float64) { return full(shape, 1, dtype, Device::cpu()); }

// The transposed forms are the plain product of matrices that were transposed by hand.
TEST(Matmul, TransposedFormsOnPaper) {
    const Tensor a = from_values<double>({2, 3}, {1, 2, 3, 4, 5, 6}, Device::cpu());
    const Tensor b = from_values<double>({3, 1}, {1, 10, 100}, Device::cpu());
    const Tensor at = from_values<double>({3, 2}, {1, 4, 2, 5, 3, 6}, Device::cpu());
    const Tensor bt = b.view({1, 3});
    const std::vector<double> expected{321, 654};
    for (const Tensor& c : {ops::matmul(a, b), ops::matmul(at, b, true), ops::matmul(a, bt, false, true),
                            ops::matmul(at, bt, true, true)}) {
        EXPECT_EQ(c.shape(), (Shape{2, 1}));
        EXPECT_EQ(numbers(c), expected);
    }
}

// A gradient that is there already must be added to, not overwritten: c = a a^T uses a twice, and here a second time
// over.
TEST(Matmul, GradientsAccumulateInTheKernel) {
    const Tensor slot = full({2, 2}, std::nan(""), DType::float64, Device::cpu());
    const Tensor a = autograd::variable(from_values<double>({2, 2}, {1, 2, 3, 4}, Device::cpu()), slot);
    for (int times = 1; times <= 2; ++times) {
        autograd::backward(ops::sum(ops::matmul(a, a, false, true)));
        // d(sum of a a^T) / da[i,k] = 2 (sum of column k)
        const std::vector<double> expected{8. * times, 12. * times, 8. * times, 12. * times};
        EXPECT_EQ(numbers(slot), expected);
    }
}

// Catches a factor whose gradient replaces what is there already, whichever of the two it is and however it lies: the
// second time is twice the first.
TEST(Matmul, GradientsOfEitherFactorAccumulate) {
    for (const bool transpose_a : {false, true})
        for (const bool transpose_b : {false, true}) {
            const Shape of_a = transpose_a ? Shape{3, 2} : Shape{2, 3}, of_b = transpose_b ? Shape{4, 3} : Shape{3, 4};
            const Tensor a =
                autograd::variable(random_tensor(of_a, Device::cpu(), 1), zeros(of_a, DType::float64, Device::cpu()));
            const Tensor b =
                autograd::variable(random_tensor(of_b, Device::cpu(), 2), zeros(of_b, DType::float64, Device::cpu()));
            const auto step = [&] { autograd::backward(ops::sum(ops::matmul(a, b, transpose_a, transpose_b))); };
            step();
            const Tensor da = ops::affine(autograd::gradient(a), 2, 0), db = ops::affine(autograd::gradient(b), 2, 0);
            step();
            EXPECT_LT(relative_error(autograd::gradient(a), da), 1e-14) << transpose_a << transpose_b;
            EXPECT_LT(relative_error(autograd::gradient(b), db), 1e-14) << transpose_a << transpose_b;
        }
}

TEST(Matmul, Messages) {
    EXPECT_EQ(error_message([] {
                  ops::matmul(filled({2, 3}), filled({2, 3}));
              }),
              "matmul: (2, 3) has 3 columns but (2, 3) has 2 rows");
    EXPECT_EQ(error_message([] {
                  ops::matmul(filled({2, 3}), filled({2, 3}), true, true);
              }),
              "matmul: (2, 3) transposed has 2 columns but (2, 3) transposed has 3 rows");
    EXPECT_EQ(error_message([] {
                  ops::matmul(filled({2, 3, 4}), filled({4, 2}));
              }),
              "matmul: inputs (2, 3, 4) and (4, 2) must be matrices; reshape them");
}

TEST(Dense, Messages) {
    EXPECT_EQ(error_message([] {
                  ops::dense(filled({8, 4, 4}), filled({16, 10}), {});
              }),
              "dense: input (8, 4, 4) must be (batch, features); put a Flatten before it");
    EXPECT_EQ(error_message([] {
                  ops::dense(filled({8, 4}), filled({5, 10}), {});
              }),
              "dense: input (8, 4) has 4 features but the kernel (5, 10) expects 5");
    EXPECT_EQ(error_message([] {
                  ops::dense(filled({8, 5}), filled({5, 10}), filled({5}));
              }),
              "dense: bias (5,) must be (10,), one per output");
    EXPECT_EQ(error_message([] {
                  ops::dense(filled({8, 5}), filled({5, 10}), filled({10}, DType::float32));
              }),
              "dense: inputs (8, 5) of float64 and (10,) of float32 differ in dtype; convert one with to_dtype");
}

// The fused layer is the composition of the plain ops.
TEST(Dense, IsMatmulPlusBiasThenRelu) {
    const Tensor x = random_tensor({5, 7}, Device::cpu(), 1), kernel = random_tensor({7, 3}, Device::cpu(), 2);
    const Tensor bias = random_tensor({3}, Device::cpu(), 3);
    const Tensor composed = ops::relu(ops::add(ops::matmul(x, kernel), bias));
    EXPECT_LT(relative_error(ops::dense(x, kernel, bias, true), composed), 1e-14);
}

}  // namespace
}  // namespace cairn::test
