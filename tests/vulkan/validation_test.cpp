// Runs every test of this program under the validation layer, with synchronization validation: any message of it fails the
// test in which it came.
#include "backend/vulkan/instance.h"

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
        ::setenv("CAIRN_VULKAN_VALIDATION", "1", 1);
        // Before the printer, so that the failures are told as the test's own.
        ::testing::TestEventListeners& listeners = ::testing::UnitTest::GetInstance()->listeners();
        ::testing::TestEventListener* printer = listeners.Release(listeners.default_result_printer());
        listeners.Append(new NoMessages);
        listeners.Append(printer);
    }
};

[[maybe_unused]] const ::testing::Environment* const validation = ::testing::AddGlobalTestEnvironment(new Validation);

}  // namespace
}  // namespace cairn::test
