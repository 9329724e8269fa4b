#include "cairn/course/grader.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/parallel.h"
#include "cairn/core/process.h"
#include "cairn/course/endings.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

namespace cairn::course {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_printed = 1u << 20;  // bytes that an exercise may print
constexpr long most_memory = 2048;              // MB that it may use, the sanitizer's own included

// MB that a process has in memory.
long resident_memory(pid_t id) {
    std::ifstream file(fmt::format("/proc/{}/statm", id));
    long whole = 0, resident = 0;
    file >> whole >> resident;
    return resident * 4 / 1024;
}

// Seconds that a process has computed.
double computing_time(pid_t id) {
    std::ifstream file(fmt::format("/proc/{}/stat", id));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(std::min(text.find(") "), text.size())));
    std::string skipped;
    double user = 0, system = 0;
    for (int field = 2; field < 14; ++field) fields >> skipped;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// What the grader itself put an end to.
struct Ended {
    std::string status, message, hint;
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

ProcessResult run_limited(const fs::path& program, const PartText& part, const fs::path& records, Fake fake,
                          Ended& ended) {
    const auto start = Clock::now();
    const auto end = [&](const RunningProcess& running, Ended why) {
        if (ended.status.empty()) ended = std::move(why);
        ::kill(-running.id, SIGKILL);
        ::kill(running.id, SIGKILL);
    };
    const auto watch = [&](const RunningProcess& running) {
        // A busy machine may let a part wait for long; a part that waits by itself must end too.
        const bool late = computing_time(running.id) > part.seconds || seconds_since(start) > 4 * part.seconds;
        const long megabytes = resident_memory(running.id);
        // On a slow machine the time may be over before the memory is: its size tells what is going on all the same.
        if (megabytes > (late ? most_memory / 4 : most_memory))
            end(running, {"memory", fmt::format("it used more than {} MB of memory", megabytes - 1),
                          "Something grows without end: a vector in a loop, or a size that is wrong."});
        else if (late)
            end(running,
                {"timeout", fmt::format("it did not end within {:g} s", part.seconds),
                 "Is there a loop that does not end? Look at its condition and at what changes it: an unsigned number "
                 "is never below 0."});
        else if (running.out.size() > most_printed)
            end(running, {"failed", "it printed more than 1 MB", "Is there a loop that prints without end?"});
    };
    const std::string sanitizer =
        "detect_leaks=1:handle_abort=1:handle_sigfpe=1:max_allocation_size_mb=1024:allocator_may_return_null=0:"
        "detect_stack_use_after_return=0:exitcode=66:color=never";
    std::vector<std::string> words{"env",
                                   "ASAN_OPTIONS=" + sanitizer,
                                   "UBSAN_OPTIONS=exitcode=66:color=never",
                                   "OPENBLAS_NUM_THREADS=1",
                                   program.string(),
                                   part.name,
                                   records.string(),
                                   std::to_string(static_cast<int>(fake))};
    const auto result = run_program(words, {.watch = watch});
    check(result.has_value(), "there is no program 'env'; it belongs to coreutils");
    return *result;
}

// What the program wrote of the part, line by line.
struct Records {
    Observation seen;
    std::string last_case, first_problem, hint, cannot;
    std::vector<std::string> told;
    int reached = 0, share_of = 0;  // the share of the points; share_of is 0 without one
    int todo = 0;                   // the line of the placeholder
    bool done = false;
};

void read_check(Records& records, const Json& line) {
    const std::string key = line["case"].get<std::string>() + " | " + line["check"].get<std::string>();
    const auto number = [](const Json& text) { return std::strtod(text.get<std::string>().c_str(), nullptr); };
    const Json& seen = line["seen"];
    records.seen.checks[key] = {
        line["ok"], seen[0], seen[1], {number(seen[2]), number(seen[3])}, number(line["slack"])};
    if (line["ok"] == true || !records.first_problem.empty()) return;
    records.first_problem = line["case"].get<std::string>() + ": " + line["message"].get<std::string>();
    records.hint = line["hint"];
}

Records read_records(const fs::path& file) {
    Records records;
    std::ifstream lines(file);
    for (std::string text; std::getline(lines, text);) {
        const Json line = Json::parse(text, nullptr, false);
        if (line.is_discarded()) continue;
        if (line.contains("case")) records.last_case = line["case"];
        if (line.contains("check")) read_check(records, line);
        if (line.contains("todo")) records.todo = line["todo"];
        if (line.contains("tell")) records.told.push_back(line["tell"]);
        if (line.contains("share")) records.reached = line["share"][0], records.share_of = line["share"][1];
        if (line.contains("cannot")) records.cannot = line["cannot"];
        if (line.contains("done")) records.done = true;
        if (!line.contains("threw")) continue;
        const std::string what = fmt::format("{}: threw \"{}\"", records.last_case, line["threw"].get<std::string>());
        records.seen.checks[records.last_case + " | threw"] = {};
        if (records.first_problem.empty()) records.first_problem = what;
    }
    return records;
}

std::string first_lines(const std::string& text, int most) {
    std::size_t end = 0;
    for (; most > 0 && end < text.size(); --most) end = std::min(text.find('\n', end), text.size() - 1) + 1;
    return text.substr(0, end) + (end < text.size() ? "…\n" : "");
}

void fill(PartResult& result, const Records& records, const Ending& ending) {
    const std::string during = records.last_case.empty() ? "" : records.last_case + ": ";
    if (records.todo > 0) {
        result.status = "todo";
        result.message = fmt::format("not written yet (line {})", records.todo);
    } else if (!records.cannot.empty()) {
        result.status = "skipped";
        result.message = records.cannot;
    } else if (!ending.status.empty()) {
        result.status = ending.status;
        result.message = ending.status == "leak" ? ending.message : during + ending.message;
        result.hint = ending.hint;
        result.seen.end = ending.kind;
    } else if (!records.done) {
        result.status = "crashed";
        result.message = during + "it ended the program";
        result.hint = "An exercise returns its results; it does not call exit().";
        result.seen.end = "exit";
    } else if (!records.first_problem.empty()) {
        result.message = records.first_problem;
        result.hint = records.hint;
        if (records.share_of > 0) result.points = result.of * records.reached / records.share_of;
    } else if (records.seen.checks.empty()) {
        result.message = "nothing was checked; that is a mistake in grade.cpp";
    } else {
        result.status = "ok";
        result.points = result.of;
    }
}

}  // namespace

std::vector<PartText> parts_of(const fs::path& program) {
    const auto result = run_program({"env", "ASAN_OPTIONS=detect_leaks=0", program.string(), "--list"});
    check(result && result->status == 0, "{} does not list its parts: {}", program.string(),
          result ? result->message() : "");
    std::vector<PartText> parts;
    for (const Json& part : Json::parse(result->out))
        parts.push_back({part["name"], part["functions"], part["hint"], part["points"], part["seconds"]});
    return parts;
}

PartResult try_part(const fs::path& program, const PartText& part, Fake fake) {
    const auto start = Clock::now();
    const fs::path file = program.parent_path() / (program.filename().string() + "." + part.name + ".records");
    fs::remove(file);
    Ended ended;
    const ProcessResult process = run_limited(program, part, file, fake, ended);
    const Records records = read_records(file);
    PartResult result{.part = part.name, .of = part.points};
    result.seen = records.seen;
    result.report = records.told;
    if (ended.status.empty()) {
        fill(result, records, ending_of(process, "exercise.cpp"));
    } else {
        result.status = ended.status;
        result.message = (records.last_case.empty() ? "" : records.last_case + ": ") + ended.message;
        result.hint = ended.hint;
        result.seen.end = ended.status;
    }
    if (result.status == "failed" && result.hint.empty()) result.hint = part.hint;
    result.printed = first_lines(process.out, 20);
    result.seconds = seconds_since(start);
    fs::remove(file);
    return result;
}

int ChapterResult::points() const {
    int sum = 0;
    for (const PartResult& part : parts) sum += part.points;
    return sum;
}

int ChapterResult::of() const {
    int sum = 0;
    for (const PartResult& part : parts) sum += part.of;
    return sum;
}

int ChapterResult::passed() const { return static_cast<int>(std::ranges::count_if(parts, &PartResult::ok)); }

int points_of(const Toolchain& toolchain, const std::string& folder, const std::string& part, const fs::path& work) {
    make_folder(work);
    const std::string problem = link(toolchain, {}, library_of(folder), work / "parts");
    check(problem.empty(), "the parts of {} cannot be listed: {}", folder, problem);
    int sum = 0;
    for (const PartText& text : parts_of(work / "parts"))
        if (part.empty() || text.name == part) sum += text.points;
    return sum;
}

ChapterResult grade(const Toolchain& toolchain, const std::string& folder, const fs::path& answer,
                    const std::string& part, const fs::path& work) {
    check(fs::exists(answer), "there is no {}", answer.string());
    make_folder(work);
    const std::string library = library_of(folder);
    const fs::path object = work / "exercise.o", program = work / "exercise";
    std::string problem = compile(toolchain, answer, object);
    if (problem.empty()) problem = link(toolchain, {object}, library, program);
    ChapterResult result{folder, answer, {}};
    if (!problem.empty()) {
        result.parts.push_back({.part = part.empty() ? "all parts" : part,
                                .status = "build",
                                .message = "it does not compile:\n" + problem,
                                .hint = problem.find("error:") == problem.rfind("error:")
                                            ? "Look at the line that the message names."
                                            : "Mend the first message first; those after it often follow from it.",
                                .of = points_of(toolchain, folder, part, work)});
        return result;
    }
    const Diagnoses diagnoses(toolchain.source / "chapters" / folder / "diagnoses.json");
    std::string names;
    for (const PartText& text : parts_of(program)) {
        names += " " + text.name;
        if (!part.empty() && text.name != part) continue;
        result.parts.push_back(try_part(program, text));
        PartResult& last = result.parts.back();
        if (last.ok() || last.status == "todo" || last.status == "skipped") continue;
        if (const WrongAnswer* known = diagnoses.explain(text.name, last.seen))
            last.diagnosis = known->sentence, last.known_as = known->name;
    }
    check(!result.parts.empty(), "chapter {} has no part '{}'; it has:{}", folder, part, names);
    return result;
}

}  // namespace cairn::course
