// The reference kernels of a training step: the L2 penalty, the check for finite gradients, and the optimizers.
#include "support/host_tensors.h"

#include <cmath>
#include <limits>

namespace cairn::test {
namespace {

using Values = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

Backend& device() { return backend(Device::reference()); }

TEST(ReferenceL2Penalty, HasNoFactorOneHalf) {
    const Tensor w = tensor({2}, {3, -4}), loss = output({}), dw = output({2});
    device().l2_penalty(w, 0.1, loss);
    expect_near(loss, {2.5});
    device().l2_penalty_backward(w, 0.1, tensor({}, {10}), dw, false);
    expect_near(dw, {6, -8});
    device().l2_penalty_backward(w, 0.1, tensor({}, {10}), dw, true);
    expect_near(dw, {12, -16});
}

TEST(ReferenceAllFinite, OneBadNumberAnywhere) {
    const Tensor flag = int_output({});
    device().all_finite(tensor({3}, {0, -1e308, 1e308}), flag);
    EXPECT_EQ(flag.item(), 1);
    for (const double bad : {nan, inf, -inf}) {
        for (std::size_t i = 0; i < 3; ++i) {
            Values x{1, 2, 3};
            x[i] = bad;
            device().all_finite(tensor({3}, x), flag);
            EXPECT_EQ(flag.item(), 0) << bad << " at " << i;
        }
    }
}

// From m = v = 0 the first step is -lr sign(g), whatever the size of g: m / sqrt(v) = (1 - beta1) g / sqrt((1 - beta2)
// g^2), and the step size holds sqrt(1 - beta2) / (1 - beta1).
TEST(ReferenceAdam, FirstStepIsTheSignOfTheGradient) {
    const double lr = 1e-3;
    AdamStep step;
    step.step_size = lr * std::sqrt(1 - step.beta2) / (1 - step.beta1);
    const Tensor m = tensor({3}, {0, 0, 0}), v = tensor({3}, {0, 0, 0}), w = tensor({3}, {1, 1, 1});
    device().adam(step, tensor({3}, {5, -0.2, 0}), m, v, w, Tensor());
    expect_near(w, {1 - lr, 1 + lr, 1}, lr * 2e-5);  // epsilon beside sqrt(v) = 0.2 * 0.03: 1.6e-5 of the step
    expect_near(m, {0.5, -0.02, 0});
    expect_near(v, {0.025, 0.00004, 0});
}

TEST(ReferenceAdam, LaterStepByHand) {
    // m = 0.5 * 2 + 0.5 * 4 = 3, v = 0.75 * 4 + 0.25 * 16 = 7, w = 1 - 0.1 * 3 / (sqrt(7) + 1)
    const Tensor m = tensor({1}, {2}), v = tensor({1}, {4}), w = tensor({1}, {1});
    device().adam(AdamStep{0.1, 0.5, 0.75, 1}, tensor({1}, {4}), m, v, w, int_tensor({}, {1}));
    expect_near(m, {3});
    expect_near(v, {7});
    expect_near(w, {1 - 0.3 / (std::sqrt(7) + 1)});
}

TEST(ReferenceSgd, PlainMomentumAndNesterov) {
    const Tensor g = tensor({1}, {10}), w = tensor({1}, {1}), velocity = tensor({1}, {2});
    device().sgd(SgdStep{0.1}, g, Tensor(), w, Tensor());
    expect_near(w, {0});  // 1 - 0.1 * 10
    device().sgd(SgdStep{0.1, 0.5, false}, g, velocity, w, Tensor());
    expect_near(velocity, {0});  // 0.5 * 2 - 1
    expect_near(w, {0});
    device().sgd(SgdStep{0.1, 0.5, false}, g, velocity, w, Tensor());
    expect_near(velocity, {-1});
    expect_near(w, {-1});
    device().sgd(SgdStep{0.1, 0.5, true}, g, velocity, w, Tensor());
    expect_near(velocity, {-1.5});
    expect_near(w, {-1 + 0.5 * -1.5 - 1});
}

// One bad batch must not destroy the parameters, even where the gradient is NaN.
TEST(ReferenceOptimizers, ClosedGateChangesNothing) {
    const Tensor g = tensor({1}, {nan}), m = tensor({1}, {2}), v = tensor({1}, {3}), w = tensor({1}, {1});
    const Tensor closed = int_tensor({}, {0});
    device().adam(AdamStep{0.1}, g, m, v, w, closed);
    device().sgd(SgdStep{0.1}, g, Tensor(), w, closed);
    device().sgd(SgdStep{0.1, 0.9, true}, g, m, w, closed);
    EXPECT_EQ(values(m), Values({2}));
    EXPECT_EQ(values(v), Values({3}));
    EXPECT_EQ(values(w), Values({1}));
}

}  // namespace
}  // namespace cairn::test
