// The commands that the pages name exist, with their options.
#include "cairn/core/file.h"
#include "cli/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
const fs::path root = CAIRN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    const std::vector<std::uint8_t> bytes = read_file(file);
    return {bytes.begin(), bytes.end()};
}

std::vector<fs::path> pages() {
    std::vector<fs::path> files{root / "README.md", root / "CONTRIBUTING.md"};
    for (const char* folder : {"chapters", "docs"})
        for (const auto& entry : fs::recursive_directory_iterator(root / folder))
            if (entry.path().extension() == ".md") files.push_back(entry.path());
    return files;
}

// The words of each "./cairn …" of a page, up to the end of its line, its backquote or its sentence.
std::vector<std::vector<std::string>> commands_of(const std::string& text) {
    const std::regex pattern(R"(\./cairn ([^`\n#&|;>]*))");
    std::vector<std::vector<std::string>> commands;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
        std::string line = (*match)[1];
        if (const std::size_t dots = line.find("…"); dots != std::string::npos) line.replace(dots, 3, " ");
        std::istringstream in(line);
        std::vector<std::string> words;
        for (std::string word; in >> word;) {
            std::erase_if(word, [](char c) { return c == '[' || c == ']'; });
            const bool last = word.ends_with(',') || word.ends_with('.') || word.ends_with(')');
            while (!word.empty() && (word.back() == ',' || word.back() == '.' || word.back() == ')')) word.pop_back();
            if (!word.empty()) words.push_back(word);
            if (last) break;
        }
        if (!words.empty()) commands.push_back(words);
    }
    return commands;
}

bool has_word(const std::string& text, const std::string& word) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const char next = at + word.size() < text.size() ? text[at + word.size()] : ' ';
        if (std::isalnum(static_cast<unsigned char>(next)) == 0 && next != '-') return true;
    }
    return false;
}

// A command, an option, a model or a chapter's part that a page names and that is called otherwise by now.
TEST(CommandsInTexts, ThereAreSuch) {
    std::map<std::string, std::string> helps;
    const std::string models = run_cairn({"models"}).out;
    int seen = 0;
    for (const fs::path& page : pages())
        for (const std::vector<std::string>& words : commands_of(text_of(page))) {
            const std::string line = fmt::format("{}: ./cairn {}", page.string(), fmt::join(words, " "));
            std::string command = words[0];
            if (command == "test" || command.starts_with('-') ||
                std::isupper(static_cast<unsigned char>(command[0])) != 0)
                continue;
            std::vector<std::string> call{command};
            if (command == "data" && words.size() > 1) call.push_back(words[1]), command += " " + words[1];
            if (!helps.contains(command)) {
                call.push_back("--help");
                const CommandResult result = run_cairn(call);
                EXPECT_EQ(result.status, 0) << line;
                helps[command] = result.out;
            }
            ++seen;
            for (const std::string& word : words)
                if (word.starts_with("--")) {
                    EXPECT_TRUE(has_word(helps[command], word.substr(0, word.find('=')))) << line << " has no " << word;
                }
            static const std::regex name("[a-z][a-z0-9-]*");
            const bool takes_model =
                command == "train" || command == "summary" || command == "grads" || command == "diverge";
            if (takes_model && words.size() > 1 && std::regex_match(words[1], name) &&
                !words[1].starts_with("tiny")) {  // CONTRIBUTING's example of a model that is yet to be written
                EXPECT_TRUE(has_word("\n" + models, "\n" + words[1])) << line;
            }
            if (command == "grade" && words.size() > 2 && std::regex_match(words[2], std::regex("[a-z_]+"))) {
                bool found = false;
                for (const auto& entry : fs::directory_iterator(root / "chapters"))
                    if (entry.path().filename().string().starts_with(fmt::format("{:0>2}-", words[1])))
                        for (const auto& file : fs::directory_iterator(entry.path()))
                            found = found || (file.path().filename().string().starts_with("grade") &&
                                              text_of(file.path()).find("\"" + words[2] + "\"") != std::string::npos);
                EXPECT_TRUE(found) << line << ": there is no such part";
            }
        }
    EXPECT_GT(seen, 50);
}

}  // namespace
}  // namespace cairn::test
