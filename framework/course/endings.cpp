#include "cairn/course/endings.h"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace cairn::course {

namespace {

struct Kind {
    const char *name, *message, *hint;
    const char* status = "crashed";
};

// The sanitizers' names. Of two that both occur the first one counts.
constexpr Kind kinds[] = {
    {"Assertion '", "an index is outside of a vector",
     "operator[] was given an index that is not below size(). Print the index and the size in front of the line."},
    {"heap-buffer-overflow", "memory beyond the end of an array was used",
     "An index is too large, or negative. A loop that says <= where it should say < is the usual cause."},
    {"stack-buffer-overflow", "memory beyond the end of a local array was used",
     "An index is too large, or negative. A loop that says <= where it should say < is the usual cause."},
    {"global-buffer-overflow", "memory beyond the end of a global array was used",
     "An index is too large, or negative."},
    {"stack-overflow", "the stack is full",
     "A function calls itself too deeply, or without end. Write the recursion as a loop over a list of your own."},
    {"heap-use-after-free", "memory was used after it had been freed",
     "A reference, a pointer, a span or an iterator outlived what it points into: a vector that grew, or an object "
     "that went."},
    {"stack-use-after-return", "a local variable was used after its function had returned",
     "Do not return a reference, a pointer or a span of a local variable."},
    {"stack-use-after-scope", "a local variable was used after its block had ended", "Move it out of the block."},
    {"attempting double free", "memory was freed twice", "Two objects think that they own the same memory."},
    {"alloc-dealloc-mismatch", "memory was freed by the wrong function", "new[] belongs to delete[], new to delete."},
    {"allocation-size-too-big", "more than 1 GB was asked for at once",
     "A size is negative, or wrong: an unsigned size minus something larger becomes huge.", "memory"},
    {"requested allocation size", "more than 1 GB was asked for at once",
     "A size is negative, or wrong: an unsigned size minus something larger becomes huge.", "memory"},
    {"out-of-memory", "the memory is used up", "Something grows without end.", "memory"},
    {"LeakSanitizer: detected memory leaks", "memory was not freed",
     "What new returned was never deleted, or shared pointers hold each other. std::vector and std::unique_ptr free by "
     "themselves.",
     "leak"},
    {"SEGV", "an address was used that belongs to nothing",
     "A null pointer, an iterator of an empty container, or an index far outside."},
    {"FPE", "a whole number was divided by 0", "Check the divisor; floating-point numbers do not crash."},
};

// "exercise.cpp:57", the innermost line of this file that the text names; empty if there is none.
std::string line_in(const std::string& text, const std::string& source) {
    for (std::size_t at = 0; (at = text.find(source + ":", at)) != std::string::npos; ++at) {
        const std::size_t digits = at + source.size() + 1, end = text.find_first_not_of("0123456789", digits);
        if (end != digits) return text.substr(at, std::min(end, text.size()) - at);
    }
    return "";
}

Ending undefined_behaviour(const std::string& err, std::size_t at, const std::string& where) {
    const std::size_t begin = at + std::strlen("runtime error: ");
    const std::string what = err.substr(begin, err.find('\n', begin) - begin);
    return {"crashed", "undefined behaviour", fmt::format("undefined behaviour: {}{}", what, where),
            "C++ says nothing of what happens then; the sanitizer stopped it."};
}

}  // namespace

Ending ending_of(const ProcessResult& result, const std::string& source) {
    const std::string line = line_in(result.err, source);
    const std::string where = line.empty() ? "" : " at " + line;
    if (const std::size_t at = result.err.find("runtime error: "); at != std::string::npos)
        return undefined_behaviour(result.err, at, where);
    // Where processes may not be traced, memory leaks cannot be looked for; that is not the exercise's fault.
    const bool blind = result.err.find("LeakSanitizer has encountered a fatal error") != std::string::npos;
    if ((result.status == 0 || blind) && result.signal == 0) return {};
    for (const Kind& kind : kinds)
        if (result.err.find(kind.name) != std::string::npos)
            return {kind.status, kind.name, kind.message + where, kind.hint};
    if (result.signal != 0)
        return {"crashed", fmt::format("signal {}", result.signal),
                fmt::format("it was ended by a signal: {}{}", ::strsignal(result.signal), where), ""};
    return {"crashed", "exit", fmt::format("it ended the program with status {}{}", result.status, where),
            "An exercise returns its results; it does not call exit() or abort()."};
}

}  // namespace cairn::course
