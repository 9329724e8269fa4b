// What a chapter's program shows of an exercise.
#include "course/chapters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* folder = "01-scalars";

course::Shown shown_with(const std::string& backward) {
    const TempFolder work;
    const std::string solution = text_of_file(chapters_folder() / folder / "solution.cpp");
    const std::size_t begin = solution.find("void backward("), end = solution.find("\n}\n", begin);
    write_file(work / "exercise.cpp", solution.substr(0, begin) + "void backward(const Value& root) { (void)root; " +
                                          backward + " }\n" + solution.substr(end + 3));
    return course::show(course::load_toolchain(), folder, work / "exercise.cpp", "graph", 5);
}

// Catches a graph that is not the exercise's own.
TEST(Show, MakesTheTextByTheExercise) {
    const course::Shown shown =
        course::show(course::load_toolchain(), folder, chapters_folder() / folder / "solution.cpp", "graph", 60);
    EXPECT_EQ(shown.problem, "");
    EXPECT_THAT(shown.text, StartsWith("node,name,value,gradient"));
    EXPECT_THAT(shown.text, HasSubstr(",x,2,64,"));
    EXPECT_THAT(shown.text, HasSubstr(",y,3,32,"));
}

// Catches an exercise that ends the chapter's program: one that is not written, does not compile, loops or throws.
TEST(Show, SaysWhyThereIsNothing) {
    EXPECT_THAT(shown_with("not_written_yet();").problem, StartsWith("is not written yet (line "));
    EXPECT_THAT(shown_with("return 3;").problem, HasSubstr("does not compile: "));
    for (const char* body : {"for (volatile int i = 0;;) i = i + 1;", "throw 3;", "std::abort();"}) {
        const course::Shown shown = shown_with(body);
        EXPECT_EQ(shown.problem, "did not get to its end within 5 s") << body;
        EXPECT_EQ(shown.text, "");
    }
}

}  // namespace
}  // namespace cairn::test
