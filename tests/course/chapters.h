// The chapters that are graded, built for the tests in folders of their own.
#pragma once

#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/course/grader.h"
#include "support/temp_folder.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace cairn::test {

namespace fs = std::filesystem;

inline const fs::path& chapters_folder() {
    static const fs::path folder = fs::path(CAIRN_SOURCE_DIR) / "chapters";
    return folder;
}

// The folders of chapters/ with a grade.cpp and a solution: a handout has none of these.
inline std::vector<std::string> graded_chapters() {
    std::vector<std::string> folders;
    for (const auto& entry : fs::directory_iterator(chapters_folder()))
        if (fs::exists(entry.path() / "grade.cpp") && fs::exists(entry.path() / "solution.cpp"))
            folders.push_back(entry.path().filename());
    std::ranges::sort(folders);
    return folders;
}

inline std::vector<fs::path> sources_in(const fs::path& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".cpp") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

inline std::string text_of_file(const fs::path& file) {
    const std::vector<std::uint8_t> bytes = read_file(file);
    return {bytes.begin(), bytes.end()};
}

// A chapter's answers, linked into programs. The objects of solution and exercise are compiled once.
class Chapter {
public:
    explicit Chapter(std::string folder)
        : folder_(std::move(folder)), library_(course::library_of(folder_)), toolchain_(course::load_toolchain()) {
        weak_ = course::weak_solution(toolchain_, folder_, work_.path());
        must(course::compile(toolchain_, path() / "exercise.cpp", work_ / "exercise.o"));
    }

    fs::path path() const { return chapters_folder() / folder_; }
    const course::Toolchain& toolchain() const { return toolchain_; }
    fs::path solution() const { return work_ / "solution.o"; }
    fs::path exercise() const { return work_ / "exercise.o"; }

    fs::path program_of(const std::vector<fs::path>& objects, const std::string& name) const {
        must(course::link(toolchain_, objects, library_, work_ / name));
        return work_ / name;
    }
    // The answer of this file, completed by the solution.
    fs::path completed(const fs::path& source) const {
        must(course::compile(toolchain_, source, work_ / "answer.o"));
        return program_of({work_ / "answer.o", weak_}, "answer");
    }
    // The solution, but for the functions of one part, which are as handed out.
    fs::path without(const course::PartText& part) const {
        objcopy({"--weaken"}, exercise(), work_ / "weak_exercise.o");
        std::vector<std::string> hidden;
        for (const std::string& symbol : symbols_of(part)) hidden.push_back("--weaken-symbol=" + symbol);
        objcopy(hidden, solution(), work_ / "most.o");
        // The weak definition that is linked first is taken.
        return program_of({work_ / "weak_exercise.o", work_ / "most.o"}, "without");
    }

private:
    static void must(const std::string& problem) { check(problem.empty(), "{}", problem); }

    static void objcopy(std::vector<std::string> options, const fs::path& from, const fs::path& to) {
        options.insert(options.begin(), "objcopy");
        options.insert(options.end(), {from.string(), to.string()});
        const auto result = run_program(options);
        check(result && result->status == 0, "objcopy failed: {}", result ? result->err : "");
    }

    // The linker's names of the functions of a part: "_ZN8exercise3add…", told by their readable names "exercise::add(".
    std::vector<std::string> symbols_of(const course::PartText& part) const {
        const auto names = run_program({"nm", "-p", "--defined-only", solution().string()});
        check(names && names->status == 0, "nm failed");
        const auto readable = run_program({"nm", "-p", "--defined-only", "-C", solution().string()});
        std::istringstream all(names->out), told(readable->out);
        std::vector<std::string> symbols;
        for (std::string line, words; std::getline(all, line) && std::getline(told, words);)
            for (const std::string& function : part.functions)
                if (words.find(" exercise::" + function + "(") != std::string::npos ||
                    words.find(" exercise::" + function + "[abi:") != std::string::npos)  // returns a std::string
                    symbols.push_back(line.substr(line.rfind(' ') + 1));
        check(!symbols.empty(), "part {}: the solution has none of its functions", part.name);
        return symbols;
    }

    std::string folder_, library_;
    course::Toolchain toolchain_;
    TempFolder work_;
    fs::path weak_;
};

}  // namespace cairn::test
