// The grader: compiles an exercise alone, with the sanitizers, links it to its chapter's library, tries each part in a
// process of its own with limits of time and memory, and says of a wrong answer what was done instead.
#pragma once

#include "cairn/course/diagnoses.h"
#include "cairn/course/grading.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::course {

// How exercises are built: <build>/course.json, which CMake writes.
struct Toolchain {
    std::filesystem::path source, build;
    std::string cmake, compiler;
    std::vector<std::string> compile, link;
};
// Throws Error where cairn's own build folder is not there.
Toolchain load_toolchain();

// Builds the library of a chapter's grade.cpp, if it is not there or too old. Throws Error.
void build_library(const Toolchain& toolchain, const std::string& library);

// checked: with the sanitizers, to be graded. fast: as fast as the compiler can, with CAIRN_COURSE_FAST defined, to be timed.
enum class Build { checked, fast };

// The compiler's or the linker's complaints; empty: it is built.
std::string compile(const Toolchain& toolchain, const std::filesystem::path& source,
                    const std::filesystem::path& object, Build build = Build::checked);
std::string link(const Toolchain& toolchain, const std::vector<std::filesystem::path>& objects,
                 const std::string& library, const std::filesystem::path& program, Build build = Build::checked);

// What a part's program says of it (--list).
struct PartText {
    std::string name;
    std::vector<std::string> functions;
    std::string hint;
    int points = 1;
    double seconds = 10;
};
std::vector<PartText> parts_of(const std::filesystem::path& program);

struct PartResult {
    std::string part;
    std::string status = "failed";  // ok, todo, skipped, failed, crashed, timeout, memory, leak, build
    std::string message{};          // what was seen; one line
    std::string diagnosis{};        // what was done instead, if that is known
    std::string known_as{};         // the name of that wrong answer
    std::string hint{};
    std::vector<std::string> report{};  // lines of the chapter's own
    std::string printed{};              // what the exercise itself printed, the first lines
    int points = 0, of = 1;
    double seconds = 0;
    Observation seen{};  // for diagnoses

    bool ok() const { return status == "ok"; }
};

PartResult try_part(const std::filesystem::path& program, const PartText& part, Fake fake = Fake::none);

struct ChapterResult {
    std::string folder;  // "02-tensors"
    std::filesystem::path answer;
    std::vector<PartResult> parts;

    int points() const;
    int of() const;
    int passed() const;
};

// Grades one answer: all parts, or the one that is named. Work files go to `work`, a folder. Throws Error for a part that
// there is not.
ChapterResult grade(const Toolchain& toolchain, const std::string& folder, const std::filesystem::path& answer,
                    const std::string& part, const std::filesystem::path& work);

// The points that a chapter, or one part of it, can bring, where there is no answer that could be linked.
int points_of(const Toolchain& toolchain, const std::string& folder, const std::string& part,
              const std::filesystem::path& work);

// What a chapter's program shows of an answer, by the chapter's show.cpp.
struct Shown {
    std::string text;     // CSV
    std::string problem;  // why there is none; one line
};

// Builds the answer to be fast, and lets it make the text within this time of computing.
Shown show(const Toolchain& toolchain, const std::string& folder, const std::filesystem::path& answer,
           const std::string& name, double seconds);

// "course_02" of "02-tensors"
std::string library_of(const std::string& folder);

// Tries every wrong answer of a chapter and writes what was seen into its diagnoses.json. Returns how many there are.
int record_wrong_answers(const Toolchain& toolchain, const std::string& folder, const std::filesystem::path& work);

// An answer that has one part's functions only is completed by the chapter's solution, whose functions it replaces.
// Compiles the solution and weakens its symbols. Throws Error where there is none.
std::filesystem::path weak_solution(const Toolchain& toolchain, const std::string& folder,
                                    const std::filesystem::path& work);

// Writes the course without solutions and wrong answers into a new folder.
void write_handout(const Toolchain& toolchain, const std::filesystem::path& to);

}  // namespace cairn::course
