// Whole trainings with each optimizer and each loss on a GPU beside the processor: catches a kernel that is right alone and
// called with the wrong operands, and numbers that are made on the host in a type that a GPU does not have.
#include "cairn/data/shapes10.h"
#include "cairn/optim/optimizers.h"
#include "cairn/train/fit.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

std::vector<double> losses_on(const Device& device, const optim::Choice& choice, const nn::Loss& loss) {
    static const data::Split images = data::make_shapes10(0, 40, 10);
    nn::Sequential model{nn::Input({32, 32, 3}), nn::MaxPooling2D({8, 8}), nn::Flatten(),
                         nn::Dense(6),           nn::BatchNormalization(), nn::Dense(10)};
    model.initialize({.device = device, .seed = 3});
    model.freeze("dense/bias");
    const auto optimizer = optim::make_optimizer(choice);
    const train::History history = train::fit(model, *optimizer, images.train, images.test,
                                              {.epochs = 2,
                                               .batch_size = 16,
                                               .loss = loss,
                                               .class_weight = {1, 2, 1, 1, 0.5, 1, 1, 1, 0, 1},
                                               .groups = {{"dense_1/", 0.5}}});
    std::vector<double> losses;
    for (const train::EpochRecord& epoch : history.epochs) {
        losses.push_back(epoch.loss);
        losses.push_back(epoch.val_loss);
    }
    return losses;
}

void expect_same(const optim::Choice& choice, const nn::Loss& loss) {
    const std::vector<double> right = losses_on(Device::cpu(), choice, loss),
                              found = losses_on(Device::vulkan(), choice, loss);
    for (std::size_t i = 0; i < right.size(); ++i)
        EXPECT_NEAR(found[i], right[i], 1e-3 * right[i]) << choice.name << ", " << loss.name();
}

TEST(VulkanRecipe, EveryOptimizerTrainsAsOnTheProcessor) {
    for (const optim::Named& named : optim::named_optimizers) {
        // The whole of what they share; Lion's steps are of one size each, so that rounding can turn one around.
        optim::Choice choice{.name = named.name, .learning_rate = 1e-4};
        if (named.takes_momentum) choice.momentum = 0.5;
        choice.shared = {.weight_decay = 0.5, .global_clipnorm = 0.5, .use_ema = true, .ema_momentum = 0.5};
        expect_same(choice, {});
        choice.shared = {.clipvalue = 0.01};
        expect_same(choice, {});
    }
}

TEST(VulkanRecipe, EveryLossTrainsAsOnTheProcessor) {
    for (const std::string& name : nn::loss_names()) expect_same({.learning_rate = 1e-3}, nn::loss_named(name));
    expect_same({.learning_rate = 1e-3}, nn::categorical_crossentropy({.label_smoothing = 0.1}));
    expect_same({.learning_rate = 1e-3}, nn::binary_crossentropy({.label_smoothing = 0.1}));
}

}  // namespace
}  // namespace cairn
