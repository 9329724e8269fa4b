#include "cairn/measure/process.h"

#include "cairn/core/error.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>

#include <unistd.h>

namespace cairn::measure {
namespace {

using Json = nlohmann::ordered_json;

std::string error_of(const std::function<Json()>& measure) {
    try {
        in_own_process(measure);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

// A result that is cut at the size of a pipe's buffer (64 KB), or a measurement that runs in this process after all.
TEST(Process, ReturnsWhatTheChildComputed) {
    int touched = 0;
    const Json result = in_own_process([&] {
        touched = 1;
        return Json{{"long", std::string(300'000, 'x')}, {"pid", ::getpid()}};
    });
    EXPECT_EQ(touched, 0);
    EXPECT_EQ(result["long"].get<std::string>().size(), 300'000u);
    EXPECT_NE(result["pid"], ::getpid());
}

// A failure that looks like a result, or that loses its message.
TEST(Process, PassesFailuresOn) {
    EXPECT_EQ(error_of([]() -> Json { fail("a line to read"); }), "a line to read");
    EXPECT_THROW(in_own_process([]() -> Json { throw BugError("broken"); }), BugError);
    EXPECT_NE(error_of([]() -> Json {
                  std::raise(SIGKILL);
                  return {};
              }).find("signal 9"),
              std::string::npos);
}

// The address sanitizer keeps what is freed in quarantine, and so in memory.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
// A peak that still holds what was freed before the model was made.
TEST(Process, ForgetsThePeak) {
    const Json result = in_own_process([] {
        constexpr std::size_t size = 64 << 20;
        { const std::string large(size, 'x'); }
        const std::int64_t large_peak = resident_memory().peak;
        forget_peak();
        const ResidentMemory after = resident_memory();
        return Json{{"large", large_peak - after.now}, {"left", after.peak - after.now}};
    });
    EXPECT_GT(result["large"], 60 << 20);
    EXPECT_LT(result["left"], 16 << 20);
}
#endif

}  // namespace
}  // namespace cairn::measure
