// Exercises that crash, hang or eat the memory, and what the grader makes of them: always a result, never its own end. The
// exercise is chapter 0's, with one function replaced.
#include "course/chapters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace cairn::test {
namespace {

using testing::HasSubstr;

constexpr const char* folder = "00-start";

// Grades an exercise whose relu has this body.
course::PartResult with_body(const std::string& body) {
    static const TempFolder work;
    const course::Toolchain toolchain = course::load_toolchain();
    write_file(work / "exercise.cpp",
               "#include \"chapters/00-start/exercise.h\"\n#include <cstdio>\n#include <cstdlib>\n#include <memory>\n"
               "#include <stdexcept>\n#include <string>\n#include <unistd.h>\nnamespace exercise {\n"
               "double multiply_add(double a, double b, double c) { return a * b + c; }\n"
               "double mean(const std::vector<double>& x) { return x[0]; }\n" +
                   body + "\n}\n");
    return course::grade(toolchain, folder, work / "exercise.cpp", "relu", work.path()).parts.at(0);
}

struct Bad {
    const char *name, *body, *status, *message;
};

// Each kind of end that an exercise can come to.
const Bad endings[] = {
    {"Loop", "double relu(double x) { volatile bool go = true; while (go) {} return x; }", "timeout",
     "did not end within"},
    {"Sleep", "double relu(double x) { ::sleep(1000); return x; }", "timeout", "did not end within"},
    {"Overflow",
     "double relu(double x) { std::unique_ptr<double[]> a(new double[3]); volatile int i = 3; return a[i] + x; }",
     "crashed", "beyond the end of an array was used at exercise.cpp:11"},
    {"VectorIndex",
     "double relu(double x) { std::vector<double> a(3); a.reserve(9); volatile std::size_t i = 5; return a[i] + x; }",
     "crashed", "outside of a vector at exercise.cpp:11"},
    {"Recursion", "double relu(double x) { volatile double y = x; return relu(y + 1) + y; }", "crashed",
     "the stack is full"},
    {"Null", "double relu(double x) { double* volatile p = nullptr; return *p + x; }", "crashed", "at exercise.cpp:11"},
    {"Freed", "double relu(double x) { double* p = new double(x); delete p; return *p; }", "crashed",
     "after it had been freed"},
    {"Abort", "double relu(double) { std::abort(); }", "crashed", "ended"},
    {"Exit", "double relu(double) { std::exit(0); }", "crashed", "ended the program"},
    {"Throws", "double relu(double) { throw std::runtime_error(\"no idea\"); }", "failed", "threw \"no idea\""},
    {"ThrowsInt", "double relu(double) { throw 3; }", "failed", "no std::exception"},
    {"Integer", "double relu(double x) { volatile int big = 2147483647; return big + 1 + x; }", "crashed",
     "signed integer overflow"},
    {"Leak",
     "double relu(double x) { double* p = new double[100]; p[0] = x; volatile double y = p[0]; return y > 0 ? y : 0; }",
     "leak", "not freed"},
    {"TenGigabytes", "double relu(double x) { std::vector<double> a(1'250'000'000); return a[7] + x; }", "memory",
     "1 GB"},
    {"Grows",
     "double relu(double x) { std::vector<std::string> a; for (;;) a.push_back(std::string(1 << 20, 'x')); return x; }",
     "memory", "memory"},
    {"Prints", "double relu(double x) { for (;;) std::puts(\"hello\"); return x; }", "failed", "printed more than"},
    {"Forks", "double relu(double x) { if (::fork() == 0) ::sleep(1000); return x > 0 ? x : 0; }", "timeout",
     "did not end"},
    {"Syntax", "double relu(double x) { return x }", "build", "expected ';'"},
    {"Missing", "double relu2(double x) { return x; }", "build", "exercise::relu(double)"},
};

class Ending : public testing::TestWithParam<Bad> {};

// Catches a limit that is not set, a sanitizer's word that is not known, and a child that outlives its part.
TEST_P(Ending, IsAResult) {
    const auto start = std::chrono::steady_clock::now();
    const course::PartResult result = with_body(GetParam().body);
    EXPECT_EQ(result.status, GetParam().status) << result.message;
    EXPECT_THAT(result.message, HasSubstr(GetParam().message));
    EXPECT_EQ(result.points, 0);
    if (result.status != "failed" || std::string(GetParam().name) == "Prints") {
        EXPECT_THAT(result.hint, testing::Not("")) << result.message;
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

INSTANTIATE_TEST_SUITE_P(Course, Ending, testing::ValuesIn(endings), [](const auto& made) { return made.param.name; });

// Catches a placeholder that counts as a mistake.
TEST(Grader, KnowsWhatIsNotWrittenYet) {
    const course::PartResult result = with_body("double relu(double) { not_written_yet(); }");
    EXPECT_EQ(result.status, "todo");
    EXPECT_THAT(result.message, HasSubstr("line 11"));
    EXPECT_EQ(result.diagnosis, "");
}

// Catches a diagnosis that stands beside a right answer, output that is lost, and a hint in place of the diagnosis.
TEST(Grader, SaysWhatWasDoneInstead) {
    const course::PartResult wrong =
        with_body("double relu(double x) { std::puts(\"I was here\"); return x < 0 ? -x : x; }");
    EXPECT_EQ(wrong.status, "failed");
    EXPECT_EQ(wrong.known_as, "absolute");
    EXPECT_THAT(wrong.diagnosis, HasSubstr("|x|"));
    EXPECT_THAT(wrong.message, HasSubstr("x = -2: relu(x): is 2, expected 0"));
    EXPECT_THAT(wrong.printed, HasSubstr("I was here\n"));
    const course::PartResult unknown = with_body("double relu(double x) { return x + 17; }");
    EXPECT_EQ(unknown.diagnosis, "");
    EXPECT_EQ(unknown.hint, "Of x and 0, the larger one.");
    EXPECT_EQ(with_body("double relu(double x) { return x * std::strtod(\"nan\", nullptr); }").status, "failed")
        << "NaN is no answer";
    const course::PartResult right = with_body("double relu(double x) { return x > 0 ? x : 0; }");
    EXPECT_TRUE(right.ok()) << right.message;
    EXPECT_EQ(right.points, 1);
    EXPECT_EQ(right.diagnosis, "");
}

}  // namespace
}  // namespace cairn::test
