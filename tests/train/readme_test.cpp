// The README's snippet, which must compile as it stands there and train.
#include "cairn/data/shapes10.h"
#include "cairn/nn/layers.h"
#include "cairn/nn/model.h"
#include "cairn/train/fit.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

TEST(Readme, SnippetTrains) {
    const data::Split data = data::make_shapes10(0, 64, 16);
    // snippet
    nn::Sequential model{
        nn::Input({32, 32, 3}),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(10),
    };
    model.initialize({.device = Device::cpu(), .seed = 1});

    optim::Adam adam;
    train::History history = train::fit(model, adam, data.train, data.test, {.epochs = 1, .batch_size = 32});
    // end of snippet
    ASSERT_EQ(history.epochs.size(), 1u);
    EXPECT_GT(history.epochs[0].val_accuracy, 0);
}

}  // namespace
}  // namespace cairn
