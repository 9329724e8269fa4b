// What the pages of the course say of files, figures, code and numbers is true.
#include "cairn/core/file.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

namespace cairn {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path root = CAIRN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    const std::vector<std::uint8_t> bytes = read_file(root / file);
    return {bytes.begin(), bytes.end()};
}

// The pages: each chapter's, and those of the course in docs/. Paths are relative to the root.
std::vector<fs::path> pages() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(root / "chapters"))
        if (fs::exists(entry.path() / "README.md")) files.push_back(fs::relative(entry.path(), root) / "README.md");
    for (const char* name : {"COURSE", "COURSE_AUTHORS", "CHEATSHEET", "INSTRUCTORS"})
        if (fs::exists(root / fmt::format("docs/{}.md", name))) files.push_back(fmt::format("docs/{}.md", name));
    std::ranges::sort(files);
    return files;
}

// All of one group of a pattern in a text.
std::vector<std::string> all(const std::string& text, const std::string& pattern, int group = 1) {
    const std::regex regex(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
        found.push_back((*match)[static_cast<std::size_t>(group)]);
    return found;
}

std::string without_space(std::string code) {
    std::erase_if(code, [](unsigned char c) { return std::isspace(c) != 0; });
    return code;
}

// A page without its blocks of code, fenced or indented.
std::string prose(const std::string& text) {
    std::string result, line;
    bool fenced = false;
    std::istringstream lines(text);
    while (std::getline(lines, line)) {
        if (line.starts_with("```")) fenced = !fenced;
        else if (!fenced && !line.starts_with("    ")) result += line + '\n';
    }
    return result;
}

// What is compiled, or read by what is: the sources of all rooms, with the tests' and the chapters', but no answers.
std::string sources() {
    std::string code;
    for (const char* folder : {"framework", "chapters", "shaders", "tests", "examples", "bench", "cmake"})
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const fs::path& file = entry.path();
            static const std::set<std::string> kinds{".h", ".cpp", ".comp", ".glsl", ".py", ".sh", ".cmake", ".txt"};
            const bool answer = file.filename() == "solution.cpp" || file.parent_path().filename() == "right" ||
                                file.parent_path().filename() == "wrong";
            if (kinds.contains(file.extension()) && !answer) code += text_of(fs::relative(file, root));
        }
    return code;
}

class CoursePage : public testing::TestWithParam<fs::path> {};

// A file that was moved, and a link that leads nowhere.
TEST_P(CoursePage, NamesFilesThatExist) {
    const std::string text = text_of(GetParam());
    for (const std::string& file :
         all(text, R"(`((?:framework|chapters|tests|bench|docs|shaders|cmake|datasets|examples)/[\w./-]*)`)"))
        EXPECT_TRUE(fs::exists(root / file) || file.find("NN") != std::string::npos) << file;
    for (const std::string& link : all(prose(text), R"(\]\(([^)#\s]+)\))"))
        EXPECT_TRUE(link.starts_with("http") || fs::exists(root / GetParam().parent_path() / link)) << link;
}

// A figure that is too heavy for a page, or that no page shows; one that is dark on dark.
TEST_P(CoursePage, ShowsItsFigures) {
    const fs::path folder = root / GetParam().parent_path() / "figures";
    if (!fs::exists(folder)) return;
    const std::string text = text_of(GetParam());
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename();
        EXPECT_NE(text.find("(figures/" + name + ")"), std::string::npos) << name << " is not shown";
        EXPECT_LE(fs::file_size(entry.path()), 60'000u) << name;
        if (entry.path().extension() != ".svg") continue;
        const std::vector<std::uint8_t> bytes = read_file(entry.path());
        const std::string svg(bytes.begin(), bytes.end());
        EXPECT_TRUE(svg.find("white") != std::string::npos || svg.find("#ffffff") != std::string::npos ||
                    svg.find("#FFFFFF") != std::string::npos || svg.find("prefers-color-scheme") != std::string::npos)
            << name << " has no ground of its own";
    }
}

// Code that was changed where it is compiled, and not in the text. "…" stands for what is left out.
TEST_P(CoursePage, QuotesCodeThatIsCompiled) {
    static const std::string compiled = without_space(sources());
    for (const std::string& fence : all(text_of(GetParam()), "```(?:cpp|glsl)\n([^`]*)```")) {
        if (GetParam().filename() == "COURSE_AUTHORS.md") continue;  // its chapter is made up
        std::istringstream lines(fence);
        std::string line, piece;
        std::vector<std::string> pieces;
        while (std::getline(lines, line)) {
            if (line.find("…") == std::string::npos) piece += line + '\n';
            else pieces.push_back(std::exchange(piece, ""));
        }
        pieces.push_back(piece);
        for (const std::string& part : pieces) EXPECT_NE(compiled.find(without_space(part)), std::string::npos) << part;
    }
}

// GLSL's own names, which need not stand in a shader of cairn's.
bool is_of_glsl(const std::string& word) {
    return word.starts_with("gl_") || word.starts_with("vec") || word.starts_with("subgroup");
}

// The name of a function, a class or an option that is called otherwise by now.
TEST_P(CoursePage, NamesWhatTheSourcesHave) {
    static const std::set<std::string> known = [] {
        const std::string code = sources();
        const std::regex word(R"([A-Za-z_]\w*)");
        std::set<std::string> words;
        for (std::sregex_iterator match(code.begin(), code.end(), word), end; match != end; ++match)
            words.insert(match->str());
        return words;
    }();
    for (const std::string& name : all(prose(text_of(GetParam())), R"(`([A-Za-z_]\w*(?:(?:::|\.|->)\w+)*)(?:\(\))?`)"))
        for (const std::string& word : all(name, R"(([A-Za-z_]\w*))"))
            EXPECT_TRUE(known.contains(word) || word == "md" || name.starts_with("std::") || is_of_glsl(word)) << name;
}

// The value in a committed file that a quoted number comes from: "history.csv" with "val_accuracy 7" is the column's
// value of epoch 7, any JSON file takes a JSON pointer.
double quoted(const fs::path& file, const std::string& at) {
    const std::string text = text_of(file);
    if (file.extension() == ".json") return Json::parse(text).at(Json::json_pointer(at)).get<double>();
    const auto fields = [](const std::string& line) {
        std::vector<std::string> result;
        std::istringstream in(line);
        for (std::string field; std::getline(in, field, ',');) result.push_back(field);
        return result;
    };
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> names = fields(line);
    const std::string column = at.substr(0, at.find(' ')), row = at.substr(at.find(' ') + 1);
    const auto index = std::ranges::find(names, column) - names.begin();
    while (std::getline(lines, line))
        if (const auto values = fields(line); values.at(0) == row)
            return std::stod(values.at(static_cast<std::size_t>(index)));
    throw std::runtime_error(fmt::format("{} has no {}", file.string(), at));
}

// numbers.json beside a page says where its numbers come from: {"says": "0.6851", "from": ["FILE AT", …]}, a mean if there
// are several sources. Catches results that were made anew, and a text that still tells the old ones.
TEST_P(CoursePage, QuotesNumbersOfCommittedResults) {
    const fs::path table = GetParam().parent_path() / "numbers.json";
    if (!fs::exists(root / table)) return;
    const std::string text = text_of(GetParam());
    for (const Json& number : Json::parse(text_of(table))) {
        const std::string says = number.at("says");
        EXPECT_NE(text.find(says), std::string::npos) << "the page does not say " << says;
        double sum = 0;
        for (const std::string source : number.at("from")) {
            const std::size_t space = source.find(' ');
            sum += quoted(source.substr(0, space), source.substr(space + 1));
        }
        const double value = sum / static_cast<double>(number.at("from").size());
        const std::size_t point = says.find('.'), digits = point == std::string::npos ? 0 : says.size() - point - 1;
        EXPECT_EQ(says, fmt::format("{:.{}f}", value, digits)) << number;
    }
}

// The parts that every walkthrough has. Chapter 0 is a page of its own kind.
TEST_P(CoursePage, HasTheFormOfAWalkthrough) {
    const std::string folder = GetParam().parent_path().filename(), text = text_of(GetParam());
    if (!fs::exists(root / GetParam().parent_path() / "exercise.h") || folder == "00-start") return;
    for (const char* part :
         {"| you will |", "| you need |", "| hours |", "| you write |", "## Symbols", "## Predict before you run",
          "## What goes wrong", "## Questions", "## Where it lives in cairn"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
    EXPECT_GE(all(text, "(<details>)").size(), 5u);
    const std::size_t words = all(text, R"((\S+))").size();
    EXPECT_GE(words, 800u);
    EXPECT_LE(words, 2'900u);  // the bars of its tables count too
}

INSTANTIATE_TEST_SUITE_P(Texts, CoursePage, testing::ValuesIn(pages()), [](const auto& made) {
    std::string name = made.param.parent_path().filename().string() + "_" + made.param.stem().string();
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
});

}  // namespace
}  // namespace cairn
