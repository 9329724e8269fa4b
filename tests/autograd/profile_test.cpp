#include "autograd/profile.h"

#include "backend/backends.h"
#include "nn/functional.h"
#include "train/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace cairn::autograd {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double total(const Profile& profile) {
    double sum = 0;
    for (const Profile::Part& part : profile.parts())
        for (const double seconds : part.seconds) sum += seconds;
    return sum;
}

const Profile::Part& part_of(const Profile& profile, const std::string& layer) {
    static const Profile::Part nothing;
    const auto found = std::ranges::find(profile.parts(), layer, &Profile::Part::layer);
    EXPECT_NE(found, profile.parts().end()) << "nothing was measured in " << layer;
    return found == profile.parts().end() ? nothing : *found;
}

// One of each layer, a penalty, and a value that is used twice, so that gradients from two layers meet.
nn::Functional model_of_everything() {
    return nn::Functional({8, 8, 3}, [](nn::Value x) {
        x = x | nn::Conv2D(4, {3, 3}, {.activation = nn::relu, .padding = nn::same});
        nn::Value shortcut = x;
        x = x | nn::Conv2D(4, {3, 3}, {.padding = nn::same, .kernel_regularizer = nn::l2(0.01)});
        x = x | nn::BatchNormalization();
        x = nn::add(x, shortcut);
        x = x | nn::BatchNormalization();  // one that is not computed together with a convolution
        x = x | nn::Activation(nn::relu);
        x = x | nn::MaxPooling2D({2, 2});
        x = x | nn::Flatten();
        x = x | nn::Dropout(0.2);
        return x | nn::Dense(2, {.kernel_regularizer = nn::l2(0.01)});
    });
}

data::Dataset noise(std::int64_t size) {
    data::Dataset set;
    set.name = "noise";
    set.classes = {"a", "b"};
    set.image_shape = {8, 8, 3};
    RandomStream random({3, stream_of(Purpose::test), 0});
    for (std::int64_t i = 0; i < size; ++i) {
        set.labels.push_back(static_cast<std::int32_t>(random.below(2)));
        for (int p = 0; p < 192; ++p) set.images.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return set;
}

// The weights after six steps, the last five of them under a profile if there is one.
std::vector<float> train(Profile* profile) {
    struct Start final : train::Callback {
        void on_step(const train::Progress& progress) override {
            if (profile && progress.step == 1) profile->start();
        }
        Profile* profile = nullptr;
    } start;
    start.profile = profile;
    nn::Functional model = model_of_everything();
    model.initialize({.seed = 1});
    optim::Adam adam;
    const data::Dataset images = noise(48);
    train::fit(model, adam, images, images.first(1), {.batch_size = 8, .callbacks = {&start}});
    if (profile) profile->stop();
    return model.values().to_vector<float>();
}

// A stopwatch that changes what is computed: above all a gradient that is added twice, or left out, where backward()
// asks for those of the inputs and those of the weights in two calls.
TEST(Profile, ChangesNoBit) {
    Profile together(Profile::Gradients::together), apart(Profile::Gradients::apart);
    const std::vector<float> plain = train(nullptr);
    EXPECT_EQ(train(&together), plain);
    EXPECT_EQ(train(&apart), plain);
}

// A node that forgets its layer, a phase that is charged to another one, a layer without a scope.
TEST(Profile, TellsLayersAndPhasesApart) {
    Profile together(Profile::Gradients::together), apart(Profile::Gradients::apart);
    train(&together);
    train(&apart);
    for (const char* layer : {"conv2d", "conv2d_1", "batch_normalization_1", "add", "activation", "max_pooling2d",
                              "dropout", "dense", "loss"})
        EXPECT_GT(part_of(together, layer).of(Phase::forward), 0) << layer;
    for (const char* layer : {"conv2d_1", "batch_normalization_1", "dense"}) {
        EXPECT_GT(part_of(together, layer).of(Phase::gradients), 0) << layer;
        EXPECT_LT(part_of(together, layer).of(Phase::input_gradient), part_of(together, layer).of(Phase::gradients));
        EXPECT_EQ(part_of(apart, layer).of(Phase::gradients), 0) << layer;
        EXPECT_GT(part_of(apart, layer).of(Phase::input_gradient), 0) << layer;
        EXPECT_GT(part_of(apart, layer).of(Phase::weight_gradient), 0) << layer;
    }
    // The images want no gradient, and a pooling has no weights.
    EXPECT_EQ(part_of(apart, "conv2d").of(Phase::input_gradient), 0);
    EXPECT_GT(part_of(apart, "conv2d").of(Phase::weight_gradient), 0);
    EXPECT_GT(part_of(together, "max_pooling2d").of(Phase::input_gradient), 0);
    EXPECT_EQ(part_of(together, "max_pooling2d").of(Phase::weight_gradient), 0);
    EXPECT_GT(part_of(together, "optimizer").of(Phase::update), 0);
    EXPECT_GT(part_of(together, "batch").of(Phase::data), 0);
}

// Time that is counted twice where scopes nest, or that falls between two of them.
TEST(Profile, PartsAddUpToTheWhole) {
    Profile profile;
    const auto start = Clock::now();
    profile.start();
    {
        const Scope outer("outer");
        {
            const Scope inner("inner", Phase::data);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        const Scope second("second");
    }
    profile.stop();
    const double elapsed = seconds_since(start);
    EXPECT_LE(total(profile), elapsed);
    EXPECT_GE(total(profile), 0.02);
    EXPECT_GE(part_of(profile, "inner").of(Phase::data), 0.02);
    EXPECT_LT(part_of(profile, "outer").of(Phase::forward), elapsed - 0.02);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    { const Scope after("after"); }
    EXPECT_LE(total(profile), elapsed) << "it goes on after stop()";
}

// A name that stays when its scope is over would be charged with what follows.
TEST(Profile, ScopesGiveWayToTheOneAround) {
    EXPECT_EQ(place().layer, "");
    {
        const Scope outer("outer");
        { const Scope inner("inner", Phase::update); }
        EXPECT_EQ(place().layer, "outer");
        EXPECT_EQ(place().phase, Phase::forward);
    }
    EXPECT_EQ(place().layer, "");
}

}  // namespace
}  // namespace cairn::autograd
