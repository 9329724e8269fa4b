#include "cairn/app/registry.h"

#include "support/error_message.h"

#include <gtest/gtest.h>

namespace {

using namespace cairn;
using app::ModelEntry;
using app::Registry;
using test::error_message;

ModelEntry entry(const std::string& name) {
    return {name, 1, "", 1, 32, [] {
                return nn::Sequential(nn::Input({4}), nn::Dense(2)); }};
}

TEST(Registry, KeepsTheOrderAndFindsByName) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    registry.add(entry("mlp-l2"));
    EXPECT_EQ(registry.names(), (std::vector<std::string>{"simple-cnn", "mlp-l2"}));
    EXPECT_EQ(registry.model("mlp-l2").name, "mlp-l2");
    EXPECT_EQ(registry.model("mlp-l2").make().count_parameters(true), 10);
}

TEST(Registry, UnknownNamesSuggestTheNearest) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    EXPECT_EQ(error_message([&] { registry.model("simple-cn"); }),
              "unknown model 'simple-cn'; did you mean simple-cnn? './cairn models' lists them");
    EXPECT_EQ(error_message([&] { registry.model("vgg"); }), "unknown model 'vgg'; './cairn models' lists them");
}

// Catches a chapter that takes another one's name: its model would never be found.
TEST(Registry, ANameIsTakenOnce) {
    Registry registry;
    registry.add(entry("simple-cnn"));
    EXPECT_EQ(error_message<BugError>([&] { registry.add(entry("simple-cnn")); }),
              "two models are registered as 'simple-cnn'");
}

}  // namespace
