// The wrong answers that people give, by what they compute: chapters/NN-name/diagnoses.json, which `cairn grade NN --record`
// writes from wrong/*.cpp. So an answer is recognized without the sources of the wrong ones, which a handout does not have.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::course {

// What was seen of one check.
struct CheckSeen {
    bool ok = false;
    std::string shape;
    int strange = 0;      // elements that are infinite or not a number
    double sums[2] = {};  // random sums of the elements
    double slack = 0;     // by which the sums of the same numbers may differ
};

// What was seen of one part.
struct Observation {
    std::map<std::string, CheckSeen> checks;  // "case | check"
    std::string end;                          // how it ended before its time: "heap-buffer-overflow"; empty: it did not
};

struct WrongAnswer {
    std::string name, part, sentence;
    Observation seen;
};

class Diagnoses {
public:
    Diagnoses() = default;
    // Reads the file; none if there is no such file. Throws Error where it is damaged.
    explicit Diagnoses(const std::filesystem::path& file);

    void add(WrongAnswer answer) { answers_.push_back(std::move(answer)); }
    // With the hash of the sources that the answers were recorded from.
    void write(const std::filesystem::path& file, const std::string& sources) const;

    // The wrong answer that gives what was seen; nullptr if there is none. First one that agrees in all that was seen, then
    // one that explains all checks of the same name ("dx") where the answer is wrong.
    const WrongAnswer* explain(const std::string& part, const Observation& seen) const;

    const std::vector<WrongAnswer>& answers() const { return answers_; }
    const std::string& sources() const { return sources_; }

private:
    std::vector<WrongAnswer> answers_;
    std::string sources_;
};

// A hash of all that decides what the wrong answers of a chapter compute: exercise.h, solution.cpp, grade*, wrong/*.cpp.
std::string sources_hash(const std::filesystem::path& chapter);

// What stands above the code of wrong/NAME.cpp: "// part: add" and the sentence that explains it. Throws Error without them.
WrongAnswer described_in(const std::filesystem::path& wrong_answer);

}  // namespace cairn::course
