// The recorder: what it submits and when, and that a barrier which it leaves out is noticed.
#include "cairn/backend/devices.h"
#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/instance.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::vulkan {
namespace {

using testing::Contains;
using testing::HasSubstr;

class VulkanRecorder : public ::testing::Test {
protected:
    Tensor make() { return Tensor::empty({1000}, DType::float32, device_.allocator()); }
    double first_of(const Tensor& x) {
        std::vector<float> values(static_cast<std::size_t>(x.size()));
        x.download(values.data());
        return values.front();
    }

    VulkanBackend device_{0};
    Recorder& recorder_ = device_.context().recorder;
};

// y = x + x needs x: without the barrier between the two the GPU may run them at the same time. On a software driver the
// result would still be right, so it is the validation layer that must complain; if it did not, the whole suite would
// prove nothing about barriers.
TEST_F(VulkanRecorder, AMissingBarrierIsNoticed) {
    const Tensor x = make(), y = make();
    const auto twice = [&] {
        device_.fill(x, 1);
        device_.elementwise(Binary::add, x, x, y);
        device_.synchronize();
        return Instance::get().take_messages();
    };
    EXPECT_EQ(twice(), std::vector<std::string>());
    recorder_.omit_barriers(true);
    const std::vector<std::string> messages = twice();
    recorder_.omit_barriers(false);
    EXPECT_THAT(messages, Contains(HasSubstr("SYNC-HAZARD-READ-AFTER-WRITE"))) << "of " << messages.size();
}

// The same across two submissions, where the tracker must go on with what it knew.
TEST_F(VulkanRecorder, AMissingBarrierBetweenSubmissionsIsNoticed) {
    if (std::getenv("CAIRN_VULKAN_VALIDATION") != std::string("submissions"))
        GTEST_SKIP() << "needs CAIRN_VULKAN_VALIDATION=submissions; ctest runs it as vulkan_submissions_test";
    const Tensor x = make(), y = make();
    const auto twice = [&] {
        device_.fill(x, 1);
        device_.end_step();
        device_.elementwise(Binary::add, x, x, y);
        device_.end_step();
        device_.synchronize();
        return Instance::get().take_messages();
    };
    EXPECT_EQ(twice(), std::vector<std::string>());
    recorder_.omit_barriers(true);
    const std::vector<std::string> messages = twice();
    recorder_.omit_barriers(false);
    EXPECT_THAT(messages, Contains(HasSubstr("SYNC-HAZARD"))) << "of " << messages.size();
}

TEST_F(VulkanRecorder, SubmitsAtTheEndOfAStepAndDoesNotWait) {
    const Tensor x = make(), y = make();
    device_.start_profile(ProfileDetail::counts);
    for (int step = 0; step < 3; ++step) {
        device_.fill(x, step);
        device_.elementwise(Unary::square, x, y);
        device_.elementwise(Unary::relu, y, x);
        device_.end_step();
    }
    DeviceProfile profile = device_.context().recorder.profiler().counts;  // before finish_profile, which waits
    EXPECT_EQ(profile.steps, 3);
    EXPECT_EQ(profile.submissions, 3);
    EXPECT_EQ(profile.dispatches, 6);
    EXPECT_EQ(profile.commands, 9);
    EXPECT_EQ(profile.barriers, 8);  // each needs what the one before wrote
    EXPECT_EQ(profile.waits, 0);
    device_.finish_profile();
    EXPECT_EQ(first_of(x), 4);
}

TEST_F(VulkanRecorder, TimesEveryKernel) {
    if (device_.context().gpu.timestamp_bits == 0) GTEST_SKIP() << "this device has no timestamps";
    const Tensor x = make(), y = make();
    device_.start_profile(ProfileDetail::kernel_times);
    device_.fill(x, 2);
    device_.elementwise(Unary::square, x, y);
    device_.elementwise(Unary::square, y, x);
    device_.end_step();
    const DeviceProfile profile = device_.finish_profile();
    ASSERT_EQ(profile.kernels.size(), 2u);
    for (const DeviceProfile::Kernel& kernel : profile.kernels) {
        EXPECT_EQ(kernel.dispatches, kernel.name == "fill" ? 1 : 2) << kernel.name;
        EXPECT_GT(kernel.seconds, 0) << kernel.name;
        EXPECT_LT(kernel.seconds, 1) << kernel.name;
    }
}

// Readbacks hand their memory on when they go; the next one's numbers must not show in one that is still there.
TEST_F(VulkanRecorder, ReadbacksKeepTheirNumbers) {
    const Tensor x = make();
    const auto number = [&](double value) {
        const Tensor scalar = Tensor::empty({}, DType::float32, device_.allocator());
        device_.fill(scalar, value);
        return device_.read_back(scalar);
    };
    const std::unique_ptr<Readback> first = number(1);
    number(2).reset();
    const std::unique_ptr<Readback> third = number(3);
    device_.end_step();
    EXPECT_EQ(first->values(), std::vector<double>{1});
    EXPECT_TRUE(third->ready());
    EXPECT_EQ(third->values(), std::vector<double>{3});
}

// More commands than a command buffer takes, each of which needs the one before, with uploads among them.
TEST_F(VulkanRecorder, GoesOnInTheNextCommandBuffer) {
    const Tensor x = make(), one = make();
    device_.fill(x, 0);
    const std::vector<float> ones(1000, 1);
    for (int k = 0; k < 1500; ++k) {
        if (k % 100 == 0) one.upload(ones.data());
        device_.add_scaled(1, one, x);
    }
    EXPECT_EQ(first_of(x), 1500);
}

// Catches a command buffer that grows until a step ends: the driver keeps all of a long one, and a profile has no room
// for its times.
TEST_F(VulkanRecorder, ACommandBufferTakesNoMoreThanItsShare) {
    const Tensor x = make(), y = make();
    device_.fill(x, 0);
    device_.synchronize();
    device_.start_profile(ProfileDetail::counts);
    for (int k = 0; k < 2500; ++k) device_.elementwise(Unary::square, x, y);
    EXPECT_EQ(recorder_.profiler().counts.submissions, 2);  // of 1024 each
    device_.finish_profile();
}

}  // namespace
}  // namespace cairn::vulkan
