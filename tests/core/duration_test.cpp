#include "cairn/core/duration.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

// Catches "60 s", "1 min 60 s" and minutes that are lost.
TEST(Duration, ChangesUnitsWhereTheNumbersGrow) {
    const std::pair<double, const char*> cases[] = {{0, "0 s"},
                                                    {0.4213, "0.42 s"},
                                                    {8, "8 s"},
                                                    {9.96, "10 s"},
                                                    {59.4, "59 s"},
                                                    {59.6, "1 min 00 s"},
                                                    {119.7, "2 min 00 s"},
                                                    {221.6, "3 min 42 s"},
                                                    {3599.6, "1 h 00 min"},
                                                    {4325, "1 h 12 min"}};
    for (const auto& [seconds, text] : cases) EXPECT_EQ(duration(seconds), text) << seconds;
}

}  // namespace
}  // namespace cairn
