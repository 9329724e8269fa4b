// Compiling and linking an exercise.
#include "cairn/core/build_info.h"
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/course/grader.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace cairn::course {

namespace fs = std::filesystem;

namespace {

// One build at a time, as the script ./cairn has it.
class BuildLock {
public:
    explicit BuildLock(const fs::path& file) : file_(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
        if (file_ >= 0) ::flock(file_, LOCK_EX);
    }
    BuildLock(const BuildLock&) = delete;
    BuildLock& operator=(const BuildLock&) = delete;
    ~BuildLock() {
        if (file_ >= 0) ::close(file_);
    }

private:
    int file_;
};

// The lines of a compiler's output that tell of an error, and the code below each; at most `most` of them.
std::string first_errors(const std::string& text, int most) {
    std::istringstream lines(text);
    std::string kept;
    bool inside = false;
    for (std::string line; most > 0 && std::getline(lines, line);) {
        if (line.find("error:") != std::string::npos) inside = true;
        else if (line.find("warning:") != std::string::npos || line.find("note:") != std::string::npos) inside = false;
        if (!inside || line.empty()) continue;
        kept += (kept.empty() ? "" : "\n") + line;
        --most;
    }
    return kept.empty() ? text.substr(0, 2000) : kept;
}

std::string undefined_functions(const std::string& text) {
    std::string names;
    const std::string mark = "undefined reference to `";
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += mark.size()) {
        const std::size_t begin = at + mark.size();
        const std::string name = text.substr(begin, text.find('\'', begin) - begin);
        if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

}  // namespace

Toolchain load_toolchain() {
    const fs::path file = fs::path(build::folder) / "course.json";
    check(fs::exists(file), "the course is graded in a clone of cairn, where it was built; there is no {}",
          file.string());
    const nlohmann::json json = nlohmann::json::parse(read_file(file));
    return {json["source"].get<std::string>(),
            json["build"].get<std::string>(),
            json["cmake"],
            json["compiler"],
            json["compile"],
            json["link"]};
}

std::string library_of(const std::string& folder) { return "course_" + folder.substr(0, folder.find('-')); }

void build_library(const Toolchain& toolchain, const std::string& library) {
    const BuildLock lock(toolchain.build / ".lock");
    if (!fs::exists(toolchain.build / ("lib" + library + ".a")))
        fmt::print(stderr, "cairn: building the grader of this chapter, once\n");
    const auto result = run_program({toolchain.cmake, "--build", toolchain.build.string(), "--target", library});
    check(result.has_value(), "there is no program {}", toolchain.cmake);
    check(result->status == 0, "the grader of this chapter could not be built:\n{}", first_errors(result->out, 20));
}

std::string compile(const Toolchain& toolchain, const fs::path& source, const fs::path& object, Build build) {
    std::vector<std::string> words{toolchain.compiler};
    words.insert(words.end(), toolchain.compile.begin(), toolchain.compile.end());
    if (build == Build::fast) words.insert(words.end(), {"-O3", "-march=native", "-DCAIRN_COURSE_FAST"});
    else
        words.insert(words.end(), {"-O1", "-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                                   "-fno-omit-frame-pointer", "-D_GLIBCXX_ASSERTIONS"});
    words.insert(words.end(), {"-Wall", "-Wextra", "-Wno-unused-parameter", "-fdiagnostics-color=never", "-c",
                               source.string(), "-o", object.string()});
    // A compilation that does not end is a mistake of the exercise too.
    words.insert(words.begin(), {"sh", "-c", "ulimit -t 60; export LC_ALL=C; exec \"$@\"", "sh"});
    const auto result = run_program(words);
    check(result.has_value(), "there is no program 'sh'");
    if (result->status == 0) return "";
    if (result->err.find("CPU time limit exceeded") != std::string::npos) return "it took the compiler more than 60 s";
    return first_errors(result->err, 12);
}

std::string link(const Toolchain& toolchain, const std::vector<fs::path>& objects, const std::string& library,
                 const fs::path& program, Build build) {
    std::vector<std::string> words{"env", "LC_ALL=C", toolchain.compiler, "-rdynamic"};
    if (build == Build::checked) words.emplace_back("-fsanitize=address,undefined");
    for (const fs::path& object : objects) words.push_back(object.string());
    if (objects.empty()) words.push_back("-Wl,--unresolved-symbols=ignore-all");  // good for --list alone
    words.push_back((toolchain.build / ("lib" + library + ".a")).string());
    words.insert(words.end(), toolchain.link.begin(), toolchain.link.end());
    words.insert(words.end(), {"-o", program.string()});
    const auto result = run_program(words);
    check(result.has_value(), "there is no compiler {}", toolchain.compiler);
    if (result->status == 0) return "";
    const std::string missing = undefined_functions(result->err);
    if (!missing.empty()) return fmt::format("exercise.cpp does not define what exercise.h declares: {}", missing);
    return result->err.substr(0, 2000);
}

fs::path weak_solution(const Toolchain& toolchain, const std::string& folder, const fs::path& work) {
    const fs::path source = toolchain.source / "chapters" / folder / "solution.cpp", object = work / "solution.o",
                   weak = work / "weak_solution.o";
    check(fs::exists(source), "there is no {}: this course was handed out without solutions", source.string());
    const std::string problem = compile(toolchain, source, object);
    check(problem.empty(), "the solution does not compile:\n{}", problem);
    const auto result = run_program({"objcopy", "--weaken", object.string(), weak.string()});
    check(result && result->status == 0, "objcopy (package binutils) could not weaken {}", object.string());
    return weak;
}

}  // namespace cairn::course
