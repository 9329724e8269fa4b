// The course to hand out: all that git tracks, without solutions, right and wrong answers.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/course/grader.h"

#include <algorithm>
#include <sstream>

namespace cairn::course {

namespace fs = std::filesystem;

namespace {

// Is this file of the course an answer? chapters/NN-name/solution.cpp, …/wrong/…, …/right/…
bool is_answer(const fs::path& file) {
    std::vector<std::string> names;
    for (const fs::path& name : file) names.push_back(name.string());
    if (names.size() < 3 || names[0] != "chapters") return false;
    return names[2] == "solution.cpp" || names[2] == "wrong" || names[2] == "right";
}

// The files of the source tree, relative to it: those that git knows, or all but what is built and trained.
std::vector<fs::path> files_of(const fs::path& source) {
    std::vector<fs::path> files;
    const auto listed =
        run_program({"git", "-C", source.string(), "ls-files", "--cached", "--others", "--exclude-standard"});
    if (listed && listed->status == 0 && !listed->out.empty()) {
        std::istringstream lines(listed->out);
        for (std::string line; std::getline(lines, line);)
            if (fs::is_regular_file(source / line)) files.emplace_back(line);
        // A file whose merge is not decided is listed several times.
        std::ranges::sort(files);
        files.erase(std::unique(files.begin(), files.end()), files.end());
        return files;
    }
    for (auto entry = fs::recursive_directory_iterator(source); entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename();
        if (entry->is_directory() && (name == "build" || name == "runs" || name == ".git"))
            entry.disable_recursion_pending();
        else if (entry->is_regular_file()) files.push_back(fs::relative(entry->path(), source));
    }
    return files;
}

}  // namespace

void write_handout(const Toolchain& toolchain, const fs::path& to) {
    check(names_in(to).empty(), "the folder {} is not empty; name another one, or empty it", to.string());
    const fs::path inside = fs::absolute(to).lexically_normal().lexically_relative(toolchain.source);
    check(inside.empty() || *inside.begin() == "..", "{} lies inside of cairn itself; name a folder outside of it",
          to.string());
    for (const fs::path& file : files_of(toolchain.source)) {
        if (is_answer(file)) continue;
        make_folder((to / file).parent_path());
        std::error_code problem;
        fs::copy_file(toolchain.source / file, to / file, problem);
        check(!problem, "cannot copy {} to {}: {}", file.string(), to.string(), problem.message());
    }
}

}  // namespace cairn::course
