// Tries the wrong answers of a chapter, and records what they compute.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/parallel.h"
#include "cairn/course/diagnoses.h"
#include "cairn/course/grader.h"

#include <algorithm>

namespace cairn::course {

namespace fs = std::filesystem;

namespace {

// A wrong answer, with what the grader sees of it.
WrongAnswer recorded(const Toolchain& toolchain, const std::string& folder, const fs::path& file,
                     const fs::path& solution) {
    WrongAnswer answer = described_in(file);
    const fs::path program = solution.parent_path() / ("wrong_" + answer.name);
    const fs::path object = program.string() + ".o";
    std::string problem = compile(toolchain, file, object);
    if (problem.empty()) problem = link(toolchain, {object, solution}, library_of(folder), program);
    check(problem.empty(), "{} does not compile:\n{}", file.string(), problem);
    const std::vector<PartText> parts = parts_of(program);
    const auto part = std::ranges::find(parts, answer.part, &PartText::name);
    check(part != parts.end(), "{} names the part '{}', which there is not", file.string(), answer.part);
    const PartResult result = try_part(program, *part);
    check(result.status != "skipped", "{} cannot be tried here: {}", file.string(), result.message);
    check(!result.ok(), "{} passes: no case of part {} sees it", file.string(), answer.part);
    answer.seen = result.seen;
    fs::remove(object);
    fs::remove(program);
    return answer;
}

}  // namespace

int record_wrong_answers(const Toolchain& toolchain, const std::string& folder, const fs::path& work) {
    make_folder(work);
    const fs::path solution = weak_solution(toolchain, folder, work), chapter = toolchain.source / "chapters" / folder;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(chapter / "wrong"))
        if (entry.path().extension() == ".cpp") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<WrongAnswer> answers(files.size());
    parallel_for(static_cast<std::int64_t>(files.size()), 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
            answers[i] = recorded(toolchain, folder, files[i], solution);
    });
    Diagnoses diagnoses;
    for (WrongAnswer& answer : answers) diagnoses.add(std::move(answer));
    diagnoses.write(chapter / "diagnoses.json", sources_hash(chapter));
    return static_cast<int>(files.size());
}

}  // namespace cairn::course
