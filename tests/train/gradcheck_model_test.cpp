#include "cairn/train/gradcheck_model.h"

#include <gtest/gtest.h>

namespace cairn::train {
namespace {

// Catches a check of the inference, in which batch norm has other formulas and dropout none, and a parameter that is left
// out: only a training moves the averages.
TEST(GradcheckModel, ChecksTheLossOfTraining) {
    nn::Sequential model{nn::Input({6}), nn::Dense(5, {.kernel_regularizer = nn::l2(0.1)}), nn::BatchNormalization(),
                         nn::Dropout(0.25), nn::Dense(3)};
    const autograd::GradcheckReport report = gradcheck_model(model, Device::cpu(), 1);
    EXPECT_TRUE(report.passed()) << report.error();
    std::vector<std::string> names;
    for (const auto& part : report.parts) names.push_back(part.name);
    EXPECT_EQ(names,
              (std::vector<std::string>{"dense/kernel", "dense/bias", "batch_normalization/gamma",
                                        "batch_normalization/beta", "dense_1/kernel", "dense_1/bias", "directions"}));
    for (const double mean : model.state().view(0, {5}).to_vector<double>()) EXPECT_NE(mean, 0) << "a moving mean";
}

}  // namespace
}  // namespace cairn::train
