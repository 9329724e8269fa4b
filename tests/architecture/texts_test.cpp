// What the README and docs/ say of the code is true of it.
#include "cairn/core/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>

namespace cairn {
namespace {

namespace fs = std::filesystem;

const fs::path root = CAIRN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    const std::vector<std::uint8_t> bytes = read_file(root / file);
    return {bytes.begin(), bytes.end()};
}

// The reading path would grow, or name a file that has moved, without anybody noticing.
TEST(Texts, TheReadingPathIsThereAndShort) {
    const std::string text = text_of("docs/READING.md");
    const std::regex link(R"(\| \[([^\]]+)\]\(\.\./([^)]+)\))");
    std::ptrdiff_t lines = 0;
    int files = 0;
    for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match, ++files) {
        EXPECT_EQ((*match)[1], (*match)[2]);
        const std::string file = (*match)[2];
        ASSERT_TRUE(fs::exists(root / file)) << file;
        const std::string code = text_of(file);
        lines += std::ranges::count(code, '\n');
    }
    EXPECT_GT(files, 20);
    EXPECT_GT(lines, 1500);
    EXPECT_LT(lines, 2500);
}

// Lines of the C++ files in a folder and below, in thousands.
double thousands(const char* folder) {
    std::ptrdiff_t lines = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
            lines += std::ranges::count(text_of(fs::relative(entry.path(), root)), '\n');
    return static_cast<double>(lines) / 1000;
}

// What the README says of the house's size, which grows without anybody thinking of it.
TEST(Texts, TheReadmeKnowsTheSizeOfTheHouse) {
    const std::string text = text_of("README.md");
    const std::regex sizes(
        R"(library has some (\d+) thousand lines[^;]*;\s*(\d+) thousand[^.]*\. The tests have another (\d+)\s)");
    std::smatch said;
    ASSERT_TRUE(std::regex_search(text, said, sizes));
    EXPECT_NEAR(std::stod(said[1]), thousands("framework"), 2.5);
    EXPECT_NEAR(std::stod(said[2]), thousands("framework/backend"), 1.5);
    EXPECT_NEAR(std::stod(said[3]), thousands("tests"), 2.5);
}

// Files that the texts name in backquotes, with a folder: one that is renamed would leave them wrong.
TEST(Texts, NameFilesThatExist) {
    const std::regex quoted(R"(`((?:framework|chapters|tests|bench|docs|shaders|cmake|datasets)/[\w./-]*)`)");
    for (const char* name : {"README.md", "CONTRIBUTING.md", "docs/READING.md", "bench/README.md"}) {
        const std::string text = text_of(name);
        for (std::sregex_iterator match(text.begin(), text.end(), quoted), end; match != end; ++match) {
            const std::string file = (*match)[1];
            if (file.find("foo") == std::string::npos) {
                EXPECT_TRUE(fs::exists(root / file)) << name << " names " << file;
            }
        }
    }
}

// The README's snippet is compiled: it stands in tests/train/readme_test.cpp between two comments.
TEST(Texts, TheReadmesSnippetIsCompiled) {
    const auto words = [](std::string code) {
        std::erase_if(code, [](unsigned char c) { return std::isspace(c) != 0; });
        return code;
    };
    const auto between = [](const std::string& text, const std::string& from, const std::string& to) {
        const std::size_t begin = text.find(from);
        EXPECT_NE(begin, std::string::npos) << from;
        const std::size_t start = begin == std::string::npos ? 0 : begin + from.size();
        return text.substr(start, text.find(to, start) - start);
    };
    const std::string readme = text_of("README.md"), code = text_of("tests/train/readme_test.cpp");
    const std::string section = readme.substr(std::min(readme.find("## In code"), readme.size()));
    EXPECT_EQ(words(between(section, "```cpp\n", "```")), words(between(code, "// snippet\n", "// end of snippet")));
}

}  // namespace
}  // namespace cairn
