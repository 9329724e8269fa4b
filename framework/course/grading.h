// How a chapter is graded: chapters/NN-name/grade.cpp defines grading(), which names the parts and, for each, a function that
// tries the student's functions on cases and compares. It is compiled once; a student's exercise.cpp is linked to it.
#pragma once

#include "cairn/core/random.h"
#include "cairn/course/array.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cairn::course {

// What Trial::cannot throws, past all cases.
struct CannotTry {
    std::string message;
};

// What replaces the student's answers, to see that no part can be passed without work. A verdict becomes yes with ones, else no.
enum class Fake { none, zeros, ones, copy_first, copy_second, copy_third };

struct Tolerance {
    // An element may differ by this times the largest expected magnitude (at least 1e-12): rounding of float64 sums of a few
    // hundred terms.
    double relative = 1e-10;
    std::string hint{};  // instead of the part's
};

// One part as it is tried. Each case runs by itself: what it throws does not keep the others from running.
class Trial {
public:
    using Write = std::function<void(const std::string& json_line)>;
    Trial(std::string part, Fake fake, Write write);

    // Tries one case; `name` says in a few words what is tried. Names are unique in a part.
    void run(const std::string& name, const std::function<void()>& body);

    // Inputs, and cotangents, by the case's own random numbers. What is drawn here is what a copying answer would return.
    Array normal(const Sizes& shape);
    Array uniform(const Sizes& shape, double low, double high);
    RandomStream& random() { return random_; }

    // The student's numbers against those expected. Names are unique in a case.
    void check(const std::string& name, const Array& yours, const Array& expected, const Tolerance& tolerance = {});
    void check(const std::string& name, std::span<const float> yours, const Array& expected,
               const Tolerance& tolerance = {});
    void number(const std::string& name, double yours, double expected, const Tolerance& tolerance = {});
    // The student's yes or no. `message` is shown when it is the other one.
    void verdict(const std::string& name, bool yours, bool expected, const std::string& message);
    // Something seen while the student's code ran; `seen` tells wrong answers apart. `message` is shown unless `ok`.
    void require(const std::string& name, bool ok, double seen, const std::string& message);

    // A line of the part's report, which the student reads below its result.
    void tell(const std::string& line);
    // The part gives this share of its points, also where it is not passed.
    void share(int reached, int of);
    // Ends the part: this machine lacks what it takes to try it. The message says what to install.
    [[noreturn]] void cannot(const std::string& message);

private:
    struct Seen {
        std::string text, hint;
    };
    Seen compare(const Array& yours, const Array& expected, double relative) const;
    std::string resemblance(const Array& yours, const Array& expected, double relative) const;
    Array faked(const Array& yours, const Array& expected) const;
    void record(const std::string& name, bool ok, const Array& yours, double relative, const std::string& message,
                const std::string& hint);

    std::string part_, case_;
    Fake fake_;
    Write write_;
    RandomStream random_;
    std::vector<Array> inputs_;  // of the running case
};

struct Part {
    std::string name;                    // "add_backward": what `cairn grade NN name` takes
    std::vector<std::string> functions;  // of namespace exercise, that the student writes for it
    std::function<void(Trial&)> run;
    std::string hint{};  // shown with a wrong number that no known mistake explains
    int points = 1;
    double seconds = 10;  // of computing; then the part is ended, and after four times as long of waiting
};

struct Grading {
    std::vector<Part> parts;
};

// Is defined by the chapter's grade.cpp.
Grading grading();

// Is defined by the chapter's show.cpp, if it has one: a text of CSV that the student's code makes, for the chapter's program
// (app::Chapter::shown). It is compiled together with the exercise, to be fast.
std::string shown(const std::string& name);

}  // namespace cairn::course
