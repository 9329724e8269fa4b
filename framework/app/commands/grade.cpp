// cairn grade: what a student has written in chapters/NN-name/exercise.cpp, tried part by part.
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/course/grader.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using course::ChapterResult;
using course::PartResult;
using course::Toolchain;

constexpr const char* details =
    "Compiles chapters/NN-name/exercise.cpp with the address and undefined-behaviour sanitizers, runs each part by\n"
    "itself with limits of time and memory, and compares with a reference in float64. A wrong answer that is known is\n"
    "named. Without NN it grades all chapters, a line each.\n"
    "--submissions DIR grades every folder in DIR, each with chapters/NN-name/exercise.cpp, NN-name/exercise.cpp or\n"
    "(with NN) exercise.cpp, and writes a table. The exercises' code is run: do that in a container of its own.\n"
    "The exit status is 1 if a part is not ok.";

struct Options {
    int number = -1;  // all
    std::string part, submissions, csv;
    bool solution = false, json = false, record = false;
};

// The chapters that can be graded, in their order.
std::vector<ChapterEntry> graded(const Session& session, const Toolchain& toolchain, int number) {
    std::vector<ChapterEntry> chapters;
    for (const ChapterEntry& entry : session.registry.chapters())
        if ((number < 0 || entry.number == number) &&
            fs::exists(toolchain.source / "chapters" / entry.folder / "grade.cpp"))
            chapters.push_back(entry);
    std::ranges::sort(chapters, {}, &ChapterEntry::number);
    if (number >= 0) {
        const std::string& folder = session.registry.chapter(number).folder;
        check(!chapters.empty(), "chapter {} ({}) has no exercise", number, folder);
    }
    return chapters;
}

std::string indented(const std::string& text) {
    std::string result;
    for (const char c : text) result += c == '\n' ? std::string("\n      ") : std::string(1, c);
    return result;
}

void print_part(const PartResult& part, std::size_t width) {
    const std::string word = part.ok()                  ? "ok"
                             : part.status == "todo"    ? ""
                             : part.status == "skipped" ? "SKIPPED"
                                                        : "FAILED";
    fmt::print("  {:<{}}  {}{}{}\n", part.part, width, word, word.empty() || part.message.empty() ? "" : "  ",
               indented(part.message));
    if (!part.diagnosis.empty()) fmt::print("      This is what you get if {}\n", part.diagnosis);
    else if (!part.hint.empty() && !part.ok()) fmt::print("      {}\n", part.hint);
    for (const std::string& line : part.report) fmt::print("      {}\n", line);
    if (!part.printed.empty()) fmt::print("      Your code printed:\n      {}\n", indented(part.printed));
}

Json json_of(const ChapterEntry& entry, const ChapterResult& result) {
    Json parts = Json::array();
    for (const PartResult& part : result.parts)
        parts.push_back({{"part", part.part},
                         {"status", part.status},
                         {"points", part.points},
                         {"of", part.of},
                         {"message", part.message},
                         {"diagnosis", part.diagnosis},
                         {"mistake", part.known_as},
                         {"hint", part.hint},
                         {"report", part.report},
                         {"printed", part.printed},
                         {"seconds", part.seconds}});
    return {{"chapter", entry.number},   {"folder", entry.folder}, {"answer", result.answer.string()},
            {"points", result.points()}, {"of", result.of()},      {"parts", parts}};
}

void print_chapter(const ChapterEntry& entry, const ChapterResult& result) {
    fmt::print("Chapter {}: {}\n\n", entry.number, entry.title);
    std::size_t width = 0;
    for (const PartResult& part : result.parts) width = std::max(width, part.part.size());
    bool red = false;  // a part before this one, which this one may use
    for (const PartResult& part : result.parts) {
        print_part(part, width);
        const bool failed = !part.ok() && part.status != "todo" && part.status != "skipped";
        if (failed && red) fmt::print("      A part above is not right yet. If this one uses it, mend that first.\n");
        red = red || failed;
    }
    fmt::print("\n{} of {} parts, {} of {} points\n", result.passed(), result.parts.size(), result.points(),
               result.of());
}

// Where a student's folder has the exercise of a chapter; empty if nowhere.
fs::path exercise_in(const fs::path& student, const std::string& folder, bool alone) {
    for (const fs::path& file : {student / "chapters" / folder / "exercise.cpp", student / folder / "exercise.cpp",
                                 alone ? student / "exercise.cpp" : fs::path()})
        if (!file.empty() && fs::exists(file)) return file;
    return {};
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string quoted_text = "\"";
    for (const char c : text) quoted_text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted_text + "\"";
}

// The beginning of a message, of a compiler's its first error: a field of a table has one line.
std::string in_one_line(std::string text) {
    const std::size_t first = text.find('\n');
    if (first == std::string::npos) return text;
    text = text.substr(0, text.find('\n', first + 1));
    text[first] = ' ';
    return text;
}

// A line per student, chapter and part.
int grade_submissions(const Toolchain& toolchain, const std::vector<ChapterEntry>& chapters, const Options& options) {
    check(fs::is_directory(options.submissions), "{} is no folder", options.submissions);
    std::vector<std::string> students = names_in(options.submissions);
    std::erase_if(students,
                  [&](const std::string& name) { return !fs::is_directory(fs::path(options.submissions) / name); });
    std::ranges::sort(students);
    check(!students.empty(), "there are no students' folders in {}", options.submissions);
    std::string csv = "student,chapter,part,status,points,of,message,mistake\n";
    for (const std::string& student : students) {
        int points = 0, of = 0;
        for (const ChapterEntry& entry : chapters) {
            const fs::path answer =
                exercise_in(fs::path(options.submissions) / student, entry.folder, options.number >= 0);
            const fs::path work = toolchain.build / "course" / "submission";
            if (answer.empty()) {
                const int missing = course::points_of(toolchain, entry.folder, options.part, work);
                csv += fmt::format("{},{},,missing,0,{},,\n", csv_field(student), entry.number, missing);
                of += missing;
                continue;
            }
            const ChapterResult result = course::grade(toolchain, entry.folder, answer, options.part, work);
            for (const PartResult& part : result.parts)
                csv +=
                    fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(student), entry.number, part.part, part.status,
                                part.points, part.of, csv_field(in_one_line(part.message)), part.known_as);
            points += result.points(), of += result.of();
        }
        fmt::print("{}: {} of {} points\n", student, points, of);
    }
    if (!options.csv.empty()) write_file(options.csv, csv);
    return 0;
}

int grade(const Session& session, const Options& options) {
    const Toolchain toolchain = course::load_toolchain();
    const std::vector<ChapterEntry> chapters = graded(session, toolchain, options.number);
    for (const ChapterEntry& entry : chapters) course::build_library(toolchain, course::library_of(entry.folder));
    if (!options.submissions.empty()) return grade_submissions(toolchain, chapters, options);
    bool all_ok = true;
    Json json = Json::array();
    for (const ChapterEntry& entry : chapters) {
        const fs::path work = toolchain.build / "course" / entry.folder;
        if (options.record) {
            fmt::print("chapter {}: {} wrong answers recorded\n", entry.number,
                       course::record_wrong_answers(toolchain, entry.folder, work));
            continue;
        }
        const fs::path answer =
            toolchain.source / "chapters" / entry.folder / (options.solution ? "solution.cpp" : "exercise.cpp");
        const ChapterResult result = course::grade(toolchain, entry.folder, answer, options.part, work);
        all_ok = all_ok && result.passed() == static_cast<int>(result.parts.size());
        if (options.json) json.push_back(json_of(entry, result));
        else if (options.number >= 0) print_chapter(entry, result);
        else
            fmt::print("chapter {:2}  {:2} of {:2} parts  {:2} of {:2} points  {}\n", entry.number, result.passed(),
                       result.parts.size(), result.points(), result.of(), entry.title);
    }
    if (options.json) fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    else if (options.number < 0 && !options.record)
        fmt::print("\nOne chapter, part by part: {} grade N\n", program().command);
    return all_ok ? 0 : 1;
}

}  // namespace

void add_grade_command(const Command& program, Session& session) {
    if (session.registry.chapters().empty()) return;
    add_command<Options>(
        program, session, {"grade", "tell whether the exercises of the chapters are right", details},
        [](const Command& command, Options& options) {
            command.whole("NN", options.number, "the chapter's number (default: all)", {0, 1'000});
            command.text("PART", options.part, "", "one part of it");
            const Option solution = command.flag("--solution", options.solution, "grade the solution instead");
            const Option submissions =
                command.text("--submissions", options.submissions, "DIR", "grade the folders of students in DIR");
            submissions.excludes(solution);
            command.text("--csv", options.csv, "OUT", "with --submissions: a table, a line per student and part")
                .needs(submissions);
            command.flag("--record", options.record, "for authors: try the wrong answers, write diagnoses.json")
                .excludes(solution);
            add_json_option(command, options.json);
        },
        grade);
}

}  // namespace cairn::app
