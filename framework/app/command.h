// A command and its options, said once: what --help lists of them and what is accepted. CLI11 reads the command line by it.
// Its header takes seconds to compile, so of all commands only command.cpp and app.cpp include it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cairn::app {

// An option that a Command has; it may be copied.
class Option {
public:
    explicit Option(CLI::Option* option) : option_(option) {}

    Option required() const;
    Option excludes(const Option& other) const;    // only one of the two may be given
    Option needs(const Option& other) const;       // this one alone may not be given
    Option group(const std::string& title) const;  // the title in --help under which it stands
    Option among(const std::vector<std::string>& choices) const;
    // `problem` returns what is wrong with a value, or an empty text.
    Option check(std::function<std::string(const std::string&)> problem) const;

private:
    CLI::Option* option_;
};

struct WholeRange {
    std::uint64_t least = 1, most = 1'000'000;
};

// By default what is positive and can be computed with: neither 0 nor infinite as a float32, nor when many are multiplied.
struct NumberRange {
    double least = 1e-30, most = 1e6;
    bool below_most = false;  // it may not be `most` itself
};
inline constexpr NumberRange from_zero{0, 1e6}, share{0, 1, true};

// The names of options begin with dashes; other names are of words that stand by themselves, in this order. `value` is set
// where the option is given, and outlives the command line. `type` is what --help calls the value: "DIR".
class Command {
public:
    explicit Command(CLI::App& app) : app_(&app) {}

    // A command of this one: its line in the list of commands, and what stands below its own --help.
    Command add(const std::string& name, const std::string& does, const std::string& details) const;

    Option text(const std::string& name, std::string& value, const std::string& type, const std::string& help) const;
    Option texts(const std::string& name, std::vector<std::string>& values, const std::string& help) const;  // a b c
    Option list(const std::string& name, std::vector<std::string>& values, const std::string& type,
                const std::string& help) const;  // a,b,c
    Option flag(const std::string& name, bool& value, const std::string& help) const;

    // Whole numbers in decimal, and nothing that C++ would read otherwise.
    template <typename T>  // int, std::int64_t or std::uint64_t
    Option whole(const std::string& name, T& value, const std::string& help, WholeRange range = {}) const;
    Option number(const std::string& name, double& value, const std::string& help, NumberRange range = {}) const;

    // What happens when the command line names this command.
    void on_chosen(std::function<void()> chosen) const;

    // The values that were given on the command line, to this command or to those it belongs to: {"--epochs", "3"}.
    std::map<std::string, std::string> given() const;

private:
    CLI::App* app_;
};

}  // namespace cairn::app
