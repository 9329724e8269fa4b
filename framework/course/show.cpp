// What a chapter's program shows of the student's own code.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/course/endings.h"
#include "cairn/course/grader.h"

#include <chrono>
#include <csignal>

#include <unistd.h>

namespace cairn::course {

namespace fs = std::filesystem;

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// A new folder that goes with this object.
struct WorkFolder {
    explicit WorkFolder(fs::path at) : path(std::move(at)) { make_folder(path); }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

// Ends a program that takes longer than this.
std::function<void(const RunningProcess&)> ended_after(double seconds) {
    const auto start = std::chrono::steady_clock::now();
    return [=](const RunningProcess& running) {
        if (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() > seconds)
            ::kill(running.id, SIGKILL);
    };
}

}  // namespace

Shown show(const Toolchain& toolchain, const std::string& folder, const fs::path& answer, const std::string& name,
           double seconds) {
    check(fs::exists(answer), "there is no {}", answer.string());
    const std::string library = library_of(folder);
    build_library(toolchain, library);
    // A folder of its own: two programs may show an exercise at the same time.
    const WorkFolder here(toolchain.build / "course" / folder / fmt::format("shown-{}", ::getpid()));
    const fs::path& work = here.path;
    const fs::path program = work / "program", file = work / (name + ".csv");
    fs::remove(file);
    std::string problem;
    std::vector<fs::path> objects;
    for (const fs::path& source : {answer, toolchain.source / "chapters" / folder / "show.cpp",
                                   toolchain.source / "framework/course/program/show.cpp"}) {
        objects.push_back(work / fmt::format("{}.o", objects.size()));
        if (problem.empty()) problem = compile(toolchain, source, objects.back(), Build::fast);
    }
    if (problem.empty()) problem = link(toolchain, objects, library, program, Build::fast);
    if (!problem.empty()) return {"", "does not compile: " + first_line(problem)};
    const auto result = run_program({"env", "OPENBLAS_NUM_THREADS=1", program.string(), name, file.string()},
                                    {.watch = ended_after(seconds)});
    check(result.has_value(), "there is no program 'env'; it belongs to coreutils");
    if (result->status == 4) return {"", "is not written yet (line " + result->out + ")"};
    if (result->status != 0 || result->signal != 0)
        return {"", fmt::format("did not get to its end within {:g} s", seconds)};
    const std::vector<std::uint8_t> bytes = read_file(file);
    return {{bytes.begin(), bytes.end()}, ""};
}

}  // namespace cairn::course
