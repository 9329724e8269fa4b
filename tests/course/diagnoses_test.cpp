// What wrong answers compute, written and read back.
#include "cairn/course/diagnoses.h"
#include "cairn/course/grading.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>

namespace cairn::test {
namespace {

// Catches a diagnoses.json that cannot be written where a wrong answer computes denormal numbers, as one does that begins a
// maximum with numeric_limits<double>::min().
TEST(Diagnoses, TinyNumbersAreReadBack) {
    const TempFolder folder;
    course::WrongAnswer answer{"tiny", "pool", "the maximum begins with the smallest positive number.", {}};
    answer.seen.checks["case | y"] = {false, "(2)", 0, {5e-324, -3e-310}, 5e-324};
    course::Diagnoses written;
    written.add(answer);
    written.write(folder / "diagnoses.json", "0123");
    const course::Diagnoses read(folder / "diagnoses.json");
    const course::WrongAnswer* const found = read.explain("pool", answer.seen);
    EXPECT_EQ(read.sources(), "0123");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->name, "tiny");
}

// Catches a sum or a slack that is not finite, which JSON cannot hold: the file would be damaged for the whole chapter.
TEST(Diagnoses, NumbersThatOverflowAreCountedAsStrange) {
    std::vector<std::string> lines;
    course::Trial trial("part", course::Fake::none, [&](const std::string& line) { lines.push_back(line); });
    trial.run("case", [&] { trial.check("y", course::Array({4}, {1, 1e300, -INFINITY, 1e160}), course::Array({4})); });
    const nlohmann::json seen = nlohmann::json::parse(lines.at(1));
    EXPECT_EQ(seen["seen"][1], 3);
    for (const auto& number : {seen["seen"][2], seen["seen"][3], seen["slack"]})
        EXPECT_TRUE(std::isfinite(std::strtod(number.get<std::string>().c_str(), nullptr))) << number;
}

}  // namespace
}  // namespace cairn::test
