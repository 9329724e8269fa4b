#include "cairn/autograd/profile.h"

#include "cairn/backend/devices.h"
#include "cairn/nn/functional.h"
#include "cairn/train/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

namespace cairn::autograd {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double total(const Profile::Parts& parts) {
    double sum = 0;
    for (const Profile::Part& part : parts)
        for (const double seconds : part.seconds) sum += seconds;
    return sum;
}

const Profile::Part& part_of(const Profile::Parts& parts, const std::string& layer) {
    static const Profile::Part nothing;
    const auto found = std::ranges::find(parts, layer, &Profile::Part::layer);
    EXPECT_NE(found, parts.end()) << "nothing was measured in " << layer;
    return found == parts.end() ? nothing : *found;
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

// The weights after six steps, the last five of them under a profile if there is somewhere to put it.
std::vector<float> train(Profile::Parts* parts) {
    struct Start final : train::Callback {
        void on_step(const train::Progress& progress) override {
            if (parts && progress.step == 1) profile.emplace(*parts);
        }
        Profile::Parts* parts = nullptr;
        std::optional<Profile> profile;
    } start;
    start.parts = parts;
    nn::Functional model = model_of_everything();
    model.initialize({.seed = 1});
    optim::Adam adam;
    const data::Dataset images = noise(48);
    train::fit(model, adam, images, images.first(1), {.batch_size = 8, .callbacks = {&start}});
    return model.values().to_vector<float>();
}

// A stopwatch that changes what is computed.
TEST(Profile, ChangesNoBit) {
    Profile::Parts parts;
    EXPECT_EQ(train(&parts), train(nullptr));
}

// A node that forgets its layer, a phase that is charged to another one, a layer without a scope.
TEST(Profile, TellsLayersAndPhasesApart) {
    Profile::Parts parts;
    train(&parts);
    for (const char* layer : {"conv2d", "conv2d_1", "batch_normalization_1", "add", "activation", "max_pooling2d",
                              "dropout", "dense", "loss"}) {
        EXPECT_GT(part_of(parts, layer).of(Phase::forward), 0) << layer;
        EXPECT_GT(part_of(parts, layer).of(Phase::gradients), 0) << layer;
        EXPECT_EQ(part_of(parts, layer).of(Phase::update), 0) << layer;
    }
    EXPECT_GT(part_of(parts, "optimizer").of(Phase::update), 0);
    EXPECT_EQ(part_of(parts, "optimizer").of(Phase::forward), 0);
    EXPECT_GT(part_of(parts, "batch").of(Phase::data), 0);
}

// Time that is counted twice where scopes nest, or that falls between two of them.
TEST(Profile, PartsAddUpToTheWhole) {
    Profile::Parts parts;
    const auto start = Clock::now();
    {
        const Profile profile(parts);
        const Scope outer("outer");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        {
            const Scope inner("inner", Phase::data);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        const Scope second("second");
    }
    const double elapsed = seconds_since(start);
    EXPECT_LE(total(parts), elapsed);
    EXPECT_GE(total(parts), 0.04);
    EXPECT_GE(part_of(parts, "outer").of(Phase::forward), 0.02)
        << "what comes before a scope belongs to the one around";
    EXPECT_GE(part_of(parts, "inner").of(Phase::data), 0.02);
    EXPECT_LT(part_of(parts, "outer").of(Phase::forward), elapsed - 0.02);
    { const Scope after("after"); }
    EXPECT_EQ(std::ranges::count(parts, "after", &Profile::Part::layer), 0) << "it goes on after its end";
}

// A name that stays when its scope is over would be charged with what follows.
TEST(Profile, ScopesGiveWayToTheOneAround) {
    EXPECT_EQ(current_section().layer, "");
    {
        const Scope outer("outer");
        { const Scope inner("inner", Phase::update); }
        EXPECT_EQ(current_section().layer, "outer");
        EXPECT_EQ(current_section().phase, Phase::forward);
    }
    EXPECT_EQ(current_section().layer, "");
}

}  // namespace
}  // namespace cairn::autograd
