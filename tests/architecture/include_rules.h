// The rules of the house, as a function that finds where they are broken.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace cairn::test {

// The floors, lowest first. A room includes itself and rooms on lower floors, not its siblings on the same floor.
inline const std::map<std::string, int> floors = {{"core", 0},   {"backend", 1}, {"autograd", 2}, {"ops", 3},
                                                  {"nn", 4},     {"optim", 4},   {"data", 6},     {"metrics", 5},
                                                  {"io", 5},     {"train", 7},   {"measure", 8},  {"course", 9},
                                                  {"report", 9}, {"app", 10},    {"chapters", 11}};

// One #include "…" line.
struct Include {
    std::string file;  // relative to the source root: framework/ops/dense.cpp
    int line = 0;
    std::string included;  // as written: cairn/core/tensor.h
};

inline bool has_extension(const std::filesystem::path& path, std::initializer_list<const char*> extensions) {
    return std::ranges::any_of(extensions, [&](const char* e) { return path.extension() == e; });
}

// The files with these extensions in `folder` of the source root and below, sorted; none if there is no such folder.
inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& root, const char* folder,
                                                   std::initializer_list<const char*> extensions) {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::is_directory(root / folder)) return files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder))
        if (entry.is_regular_file() && has_extension(entry.path(), extensions)) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

inline std::vector<Include> includes_of(const std::filesystem::path& root) {
    static const std::regex pattern(R"re(\s*#\s*include\s*"([^"]+)".*)re");
    std::vector<Include> includes;
    for (const char* folder : {"framework", "chapters"})
        for (const std::filesystem::path& path : files_in(root, folder, {".h", ".cpp"})) {
            std::ifstream file(path);
            std::string text;
            std::smatch match;
            for (int line = 1; std::getline(file, text); ++line)
                if (std::regex_match(text, match, pattern))
                    includes.push_back({std::filesystem::relative(path, root).string(), line, match[1]});
        }
    return includes;
}

// The folders of a path: "backend/cpu/dense.cpp" -> {"backend", "cpu"}.
inline std::vector<std::string> folders_of(const std::filesystem::path& path) {
    std::vector<std::string> folders;
    for (const std::filesystem::path& part : path.parent_path()) folders.push_back(part.string());
    return folders;
}

// What is wrong with an include of a file of framework/ or chapters/; empty if nothing is.
inline std::string violation(const std::filesystem::path& root, const Include& include) {
    if (include.included.find("..") != std::string::npos) return "an include has no ..";
    if (include.file == "framework/cairn.h") return "";  // it includes all that a program needs
    std::vector<std::string> from = folders_of(include.file), to = folders_of(include.included);
    const bool in_framework = from[0] == "framework", of_framework = !to.empty() && to[0] == "cairn";
    if (of_framework) to.erase(to.begin());
    if (in_framework) {
        from.erase(from.begin());
        if (!to.empty() && to[0] == "chapters") return "the framework does not know the chapters";
        if (!of_framework) return "an include of the framework begins with cairn/";
        // A generated header has its template in cmake/.
        const std::filesystem::path file = std::filesystem::path(include.included).lexically_relative("cairn");
        if (!std::filesystem::is_regular_file(root / "framework" / file) &&
            !std::filesystem::is_regular_file(root / "cmake" / (file.filename().string() + ".in")))
            return "there is no such file in framework/";
    }
    if (from.empty() || !floors.contains(from[0])) return "the including file lies in no room of the house";
    if (to.empty() || !floors.contains(to[0]))
        return in_framework ? "the included file lies in no room of the house" : "";
    const int floor = floors.at(from[0]), other = floors.at(to[0]);
    if (from[0] != to[0] && other == floor) return from[0] + " and " + to[0] + " are siblings on one floor";
    if (other > floor) return to[0] + " is on a higher floor than " + from[0];
    if (from[0] == "backend" && to[0] == "backend" && from.size() > 1 && to.size() > 1 && from[1] != to[1])
        return "the backend " + from[1] + " must not know the backend " + to[1];
    return "";
}

// "framework/nn/dense.cpp:3: includes "train/fit.h": train is on a higher floor than nn", one per broken rule.
inline std::vector<std::string> violations(const std::filesystem::path& root) {
    std::vector<std::string> found;
    for (const Include& include : includes_of(root))
        if (const std::string what = violation(root, include); !what.empty())
            found.push_back(include.file + ":" + std::to_string(include.line) + ": includes \"" + include.included +
                            "\": " + what);
    return found;
}

// "framework/ops/conv2d.cpp has 512 lines" for each of our files that is longer than `limit` lines.
inline std::vector<std::string> long_files(const std::filesystem::path& root, int limit) {
    std::vector<std::string> found;
    for (const char* folder : {"framework", "shaders", "chapters", "tests", "bench"})
        for (const std::filesystem::path& path : files_in(root, folder, {".h", ".cpp", ".comp"})) {
            std::ifstream file(path);
            std::string text;
            int lines = 0;
            while (std::getline(file, text)) ++lines;
            if (lines > limit)
                found.push_back(std::filesystem::relative(path, root).string() + " has " + std::to_string(lines) +
                                " lines");
        }
    return found;
}

}  // namespace cairn::test
