// A handout has the course and none of its answers.
#include "course/chapters.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace cairn::test {
namespace {

// The lines of an answer's code that are long enough to be its own; a line that opens a function stands in the exercise too, and
// one that opens a loop stands everywhere.
std::vector<std::string> telling_lines(const fs::path& file) {
    std::istringstream lines(text_of_file(file));
    std::vector<std::string> telling;
    for (std::string line; std::getline(lines, line);) {
        line.erase(0, line.find_first_not_of(' '));
        if (line.size() > 40 && !line.starts_with("//") && !line.starts_with("#include") && !line.ends_with("{") &&
            !line.starts_with("for (") && !line.starts_with("layout("))  // how a shader sees buffers is told
            telling.push_back(line);
    }
    return telling;
}

// Catches an answer that is handed out: as a file, as lines of one, or as the sentence of a diagnosis.
TEST(Handout, HoldsNoAnswer) {
    const course::Toolchain toolchain = course::load_toolchain();
    const TempFolder folder;
    course::write_handout(toolchain, folder / "course");
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "course" / "chapters")) {
        const std::string name = entry.path().filename();
        EXPECT_TRUE(name != "solution.cpp" && name != "wrong" && name != "right") << entry.path();
        if (entry.is_regular_file()) all += text_of_file(entry.path());
    }
    EXPECT_TRUE(fs::exists(folder / "course" / "cairn"));
    EXPECT_TRUE(fs::exists(folder / "course" / "CMakeLists.txt"));
    for (const std::string& chapter : graded_chapters()) {
        const fs::path source = chapters_folder() / chapter;
        EXPECT_TRUE(fs::exists(folder / "course" / "chapters" / chapter / "diagnoses.json"));
        std::vector<fs::path> answers = sources_in(source / "right");
        answers.push_back(source / "solution.cpp");
        std::set<std::string> known;  // lines that the grading and the exercise have anyway
        for (const fs::path& file : sources_in(source))
            if (file.filename() != "solution.cpp")
                for (const std::string& line : telling_lines(file)) known.insert(line);
        for (const fs::path& answer : answers)
            for (const std::string& line : telling_lines(answer))
                if (!known.contains(line)) {
                    EXPECT_EQ(all.find(line), std::string::npos) << answer << ": " << line;
                }
        for (const fs::path& wrong : sources_in(source / "wrong"))
            EXPECT_EQ(all.find(course::described_in(wrong).sentence), std::string::npos) << wrong;
    }
}

// Catches a handout that is written over something, or into the sources.
TEST(Handout, NeedsANewFolderOutsideOfCairn) {
    const course::Toolchain toolchain = course::load_toolchain();
    const TempFolder folder;
    write_file(folder / "mine.txt", "keep");
    EXPECT_THROW(course::write_handout(toolchain, folder.path()), Error);
    EXPECT_THROW(course::write_handout(toolchain, toolchain.source / "handout"), Error);
    EXPECT_FALSE(fs::exists(toolchain.source / "handout"));
}

}  // namespace
}  // namespace cairn::test
