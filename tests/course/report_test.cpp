// Results that are more than right or wrong: shares of points, lines of a report, and parts that a machine cannot try.
#include "course/chapters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace cairn::test {
namespace {

using course::PartResult;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

PartResult try_named(const std::filesystem::path& program, const std::string& name) {
    for (const course::PartText& part : course::parts_of(program))
        if (part.name == name) return course::try_part(program, part);
    throw std::runtime_error("no part " + name);
}

// Catches a score that does not count what the student's tests let pass, that is not told, or that a test which refuses
// everything gets too; and a table of mutants that has become short.
TEST(Report, ChapterFourteenScoresTheTestsOfTheStudent) {
    const Chapter chapter("14-capstone");
    const PartResult some = try_named(chapter.completed(chapter.path() / "wrong/tests_one_shape.cpp"), "tests");
    EXPECT_EQ(some.status, "failed");
    EXPECT_THAT(some.report, Contains(StartsWith("not caught  64 lanes, one turn: ")));
    EXPECT_THAT(some.report, Contains(AllOf(StartsWith("caught: "), HasSubstr("dx: sign"))));
    int caught = 0, mutants = 0;
    ASSERT_EQ(std::sscanf(some.report.back().c_str(), "%d of %d mutants are caught", &caught, &mutants), 2)
        << some.report.back();
    EXPECT_GE(mutants, 40);
    EXPECT_LT(caught, mutants);
    EXPECT_EQ(some.points, some.of * caught / mutants);
    EXPECT_GT(some.points, 0);

    const PartResult none = try_named(chapter.completed(chapter.path() / "wrong/tests_refuse_all.cpp"), "tests");
    EXPECT_EQ(none.points, 0);
    EXPECT_THAT(none.report.back(), HasSubstr("a right implementation is refused too"));
}

// While it lives, the loader of Vulkan finds no driver.
class WithoutDrivers {
public:
    WithoutDrivers() {
        for (const char* name : names) ::setenv(name, "/nowhere/driver.json", 1);
    }
    ~WithoutDrivers() {
        for (const char* name : names) ::unsetenv(name);
    }

private:
    static constexpr const char* names[] = {"VK_ICD_FILENAMES", "VK_DRIVER_FILES"};
};

// Catches a grader that takes a machine without Vulkan for a mistake of the student, or for an answer that is right.
TEST(Report, WithoutVulkanItsPartsAreSkippedAndTheOthersGraded) {
    const Chapter chapter("13-vulkan");
    const std::filesystem::path program = chapter.program_of({chapter.solution()}, "solution");
    const WithoutDrivers none;
    for (const char* part : {"axpy", "brightness", "matmul", "sum_shader", "sum"}) {
        const PartResult result = try_named(program, part);
        EXPECT_EQ(result.status, "skipped") << part << ": " << result.message;
        EXPECT_EQ(result.points, 0) << part;
        EXPECT_THAT(result.message, HasSubstr("Vulkan")) << part;
    }
    EXPECT_TRUE(try_named(program, "culprit").ok());
}

}  // namespace
}  // namespace cairn::test
