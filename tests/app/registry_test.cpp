#include "cairn/app/registry.h"

#include "support/error_message.h"

#include <gtest/gtest.h>

namespace {

using namespace cairn;
using app::ModelEntry;
using app::Registry;
using test::error_message;

ModelEntry entry(const std::string& name) {
    return {name, 1, "", 1, 32, [](const data::Description& images) {
                return nn::Sequential(nn::Input(images.image_shape), nn::MaxPooling2D({4, 4}), nn::Flatten(),
                                      nn::Dense(images.class_count()));
            }};
}

TEST(Registry, KeepsTheOrderAndFindsByName) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    registry.add(entry("mlp-l2"));
    EXPECT_EQ(registry.names(), (std::vector<std::string>{"simple-cnn", "mlp-l2"}));
    EXPECT_EQ(registry.model("mlp-l2").name, "mlp-l2");
    EXPECT_EQ(registry.model("mlp-l2").make({"set", {4, 5, 1}, {"a", "b"}}).count_parameters(true), 4);
}

TEST(Registry, UnknownNamesSuggestTheNearest) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    EXPECT_EQ(error_message([&] { registry.model("simple-cn"); }),
              "unknown model 'simple-cn'; did you mean simple-cnn? './cairn models' lists them");
    EXPECT_EQ(error_message([&] { registry.model("vgg"); }), "unknown model 'vgg'; './cairn models' lists them");
}

// Catches a model that is trained on images that it cannot take, or for more or fewer classes than there are; and a message that
// does not say which images those are.
TEST(Registry, AModelThatDoesNotFitTheImagesSaysSoInOneLine) {
    const data::Description small{"pets", {3, 8, 1}, {"cat", "dog"}};
    const std::string message = error_message([&] { app::make_model(entry("cnn"), small); });
    EXPECT_TRUE(
        message.starts_with("cnn cannot be made for images (3, 8, 1) of pets: MaxPooling2D: the window (4, 4) is "
                            "larger than the image (3, 8)"))
        << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
    ModelEntry fixed = entry("fixed");
    fixed.make = [](const data::Description& images) {
        return nn::Sequential(nn::Input(images.image_shape), nn::Flatten(), nn::Dense(3));
    };
    EXPECT_EQ(error_message([&] { app::make_model(fixed, small); }),
              "fixed cannot be made for images (3, 8, 1) of pets: its output is (3,), but pets has 2 classes: let it "
              "end with "
              "nn::Dense(images.class_count())");
    EXPECT_EQ(app::make_model(entry("cnn"), {"pets", {8, 4, 3}, {"cat", "dog", "cow"}}).output_shape(), Shape{3});
}

// Catches a chapter that takes another one's name: its model would never be found.
TEST(Registry, ANameIsTakenOnce) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    EXPECT_EQ(error_message<BugError>([&] { registry.add(entry("simple-cnn")); }),
              "two models are registered as 'simple-cnn'");
}

}  // namespace
