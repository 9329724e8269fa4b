// Runs every test of this program under the validation layer, with synchronization validation: any message of it fails the
// test in which it came.
#include "cairn/backend/vulkan/instance.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::test {
namespace {

class NoMessages : public ::testing::EmptyTestEventListener {
    void OnTestEnd(const ::testing::TestInfo&) override {
        for (const std::string& message : vulkan::Instance::get().take_messages()) ADD_FAILURE() << message;
    }
};

class Validation : public ::testing::Environment {
public:
    void SetUp() override {
        ::setenv("CAIRN_VULKAN_VALIDATION", "1", 0);
        ::testing::UnitTest::GetInstance()->listeners().Append(new NoMessages);
    }
};

[[maybe_unused]] const ::testing::Environment* const validation = ::testing::AddGlobalTestEnvironment(new Validation);

}  // namespace
}  // namespace cairn::test
