// cairn gradcheck: every gradient against a numeric derivative.
#include "autograd/gradcheck.h"
#include "app/commands/commands.h"
#include "app/nearest.h"
#include "core/duration.h"
#include "ops/cases.h"
#include "train/gradcheck_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;
using autograd::GradcheckReport;

constexpr const char* details =
    "Without a name every op is checked, with --all the models too. The error is\n"
    "|backward - numeric| / |backward|, by norm, in float64, where numeric is\n"
    "(f(x + h) - f(x - h)) / 2h; that of the worst input of all cases is shown beside its bound. Points\n"
    "on a kink of relu or max, where there is no derivative, are drawn again and counted.\n"
    "Writes no files. The exit status is 1 if an error exceeds its bound.";

struct Options {
    std::vector<std::string> names;
    bool all = false;
    bool json = false;
};

// One check: an op's case, or a model.
struct Checked {
    std::string name;
    GradcheckReport report;
    std::string problem;  // what was thrown, if the check could not be done
    bool passed() const { return problem.empty() && report.passed(); }
};

// What stands on one line: an op with all its cases, or a model.
struct Line {
    std::string name;
    std::vector<Checked> checks;

    bool passed() const { return std::ranges::all_of(checks, &Checked::passed); }
    int kinks() const {
        int sum = 0;
        for (const Checked& checked : checks) sum += checked.report.kinks;
        return sum;
    }
    // The check whose error is the largest, or not a number.
    const Checked& worst() const {
        return *std::ranges::max_element(checks, {}, [](const Checked& checked) {
            const double error = checked.report.error();
            return std::isnan(error) ? HUGE_VAL : error;
        });
    }
};

template <typename F>
Checked attempt(const std::string& name, const F& check) {
    try {
        return {name, check(), ""};
    } catch (const Error& error) {
        return {name, {}, error.what()};
    }
}

Line check_op(const std::string& op, const Device& device, std::uint64_t seed) {
    Line line{op, {}};
    for (const ops::OpCase& c : ops::op_cases())
        if (c.op == op)
            line.checks.push_back(attempt(c.name, [&] {
                return autograd::gradcheck(c.apply, c.inputs(device, DType::float64, seed), {.seed = seed});
            }));
    return line;
}

Line check_model(const ModelEntry& entry, const Device& device, std::uint64_t seed) {
    nn::Model model = entry.make();
    return {entry.name, {attempt("all parameters", [&] { return train::gradcheck_model(model, device, seed); })}};
}

void print_line(const Line& line, std::size_t name_width) {
    const Checked& worst = line.worst();
    fmt::print("{:<{}}  {:>5}  {:>11.2e}  {:>7.0e}  {:>5}  {}\n", line.name, name_width, line.checks.size(),
               worst.report.error(), worst.report.tolerance, line.kinks(), line.passed() ? "ok" : "FAILED");
    for (const Checked& checked : line.checks) {
        if (checked.passed()) continue;
        fmt::print("    {}: {}\n", checked.name, checked.problem);
        for (const GradcheckReport::Part& part : checked.report.parts)
            fmt::print("        {:<{}}  {:>9.2e}\n", part.name, name_width, part.error);
    }
}

Json line_json(const Line& line) {
    const Checked& worst = line.worst();
    Json failures = Json::array();
    for (const Checked& checked : line.checks) {
        if (checked.passed()) continue;
        Json parts = Json::object();
        for (const GradcheckReport::Part& part : checked.report.parts) parts[part.name] = part.error;
        failures.push_back({{"case", checked.name}, {"problem", checked.problem}, {"errors", parts}});
    }
    return {{"name", line.name},
            {"cases", line.checks.size()},
            {"error", worst.report.error()},
            {"bound", worst.report.tolerance},
            {"kinks", line.kinks()},
            {"passed", line.passed()},
            {"failures", failures}};
}

// The names to check, in the order given. Throws Error for one that is neither an op nor a model.
std::vector<std::string> chosen_names(const Registry& registry, const Options& options) {
    const std::vector<std::string> ops = ops::op_names(), models = registry.names();
    std::vector<std::string> known = ops;
    known.insert(known.end(), models.begin(), models.end());
    for (const std::string& name : options.names)
        check(std::ranges::find(known, name) != known.end(), "there is no op or model '{}'{}\nOps: {}\nModels: {}",
              name, suggestion(name, known), fmt::join(ops, " "), fmt::join(models, " "));
    if (options.all) return known;
    return options.names.empty() ? ops : options.names;
}

int gradcheck(const Session& session, const Options& options) {
    const std::vector<std::string> names = chosen_names(session.registry, options), ops = ops::op_names();
    const Device device = session.common.chosen_device(DType::float64);
    const std::uint64_t seed = session.common.seed;
    const auto start = std::chrono::steady_clock::now();

    std::size_t name_width = 5;
    for (const std::string& name : names) name_width = std::max(name_width, name.size());
    if (!options.json)
        fmt::print(
            "Gradients on {}, float64, seed {}: error = |backward - numeric| / |backward|\n\n"
            "{:<{}}  cases  worst error    bound  kinks\n",
            device, seed, "name", name_width);
    Json json = Json::array();
    int failed = 0;
    for (const std::string& name : names) {
        const bool is_op = std::ranges::find(ops, name) != ops.end();
        const Line line =
            is_op ? check_op(name, device, seed) : check_model(session.registry.model(name), device, seed);
        if (!line.passed()) ++failed;
        if (options.json) json.push_back(line_json(line));
        else print_line(line, name_width);
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.json) fmt::print("{}\n", json.dump(2));
    else
        fmt::print("\n{} of {} passed in {}\n", static_cast<int>(names.size()) - failed, names.size(),
                   duration(seconds));
    return failed == 0 ? 0 : 1;
}

}  // namespace

void add_gradcheck_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"gradcheck", "check gradients against numeric derivatives", details},
        [](const Command& command, Options& options) {
            const Option names = command.texts("NAME", options.names, "ops or models (default: every op)");
            command.flag("--all", options.all, "every op and every model").excludes(names);
            add_json_option(command, options.json);
        },
        gradcheck);
}

}  // namespace cairn::app
