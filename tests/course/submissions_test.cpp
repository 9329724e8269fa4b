// A class's submissions, graded into a table.
#include "course/chapters.h"
#include "support/run_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using testing::HasSubstr;

// Catches a student who is left out of the table, points that cannot be compared since a student without a file, or with
// one that does not compile, is measured against fewer of them, and a message that breaks the table's lines.
TEST(Submissions, EveryStudentIsMeasuredAgainstTheSamePoints) {
    const TempFolder folder;
    const fs::path chapter = chapters_folder() / "00-start", students = folder / "students";
    const auto hand_in = [&](const std::string& student, const fs::path& where, const std::string& code) {
        make_folder(students / student / where);
        write_file(students / student / where / "exercise.cpp", code);
    };
    hand_in("ann", "00-start", text_of_file(chapter / "solution.cpp"));
    hand_in("bob, the second", "chapters/00-start", text_of_file(chapter / "exercise.cpp"));
    hand_in("cai", ".", "int main(");
    make_folder(students / "dan");
    write_file(students / "notes.txt", "no student");

    const CommandResult result =
        run_command({CAIRN_BINARY, "grade", "0", "--submissions", students.string(), "--csv", folder / "points.csv"});
    EXPECT_EQ(result.status, 0) << result.err;
    for (const char* line :
         {"ann: 3 of 3 points\n", "bob, the second: 0 of 3 points\n", "cai: 0 of 3 points\n", "dan: 0 of 3 points\n"})
        EXPECT_THAT(result.out, HasSubstr(line));
    const std::string table = text_of_file(folder / "points.csv");
    EXPECT_THAT(table, HasSubstr("ann,0,mean,ok,1,1,,\n"));
    EXPECT_THAT(table, HasSubstr("\"bob, the second\",0,relu,todo,0,1,"));
    EXPECT_THAT(table, HasSubstr("cai,0,all parts,build,0,3,"));
    EXPECT_THAT(table, HasSubstr("dan,0,,missing,0,3,,\n"));
    EXPECT_EQ(std::ranges::count(table, '\n'), 1 + 3 + 3 + 1 + 1) << table;
    EXPECT_NE(run_command({CAIRN_BINARY, "grade", "0", "--csv", "points.csv"}).status, 0) << "a table of nothing";
}

}  // namespace
}  // namespace cairn::test
