// cairn gradcheck: every gradient against a numeric derivative.
#include "cairn/autograd/gradcheck.h"
#include "cairn/app/commands/commands.h"
#include "cairn/app/nearest.h"
#include "cairn/app/text.h"
#include "cairn/core/duration.h"
#include "cairn/ops/cases.h"
#include "cairn/train/gradcheck_model.h"

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
    "With --data a model is made for images like those of that data set; which ones does not matter.\n"
    "What is wrong is told input by input: where backward() is furthest off, both numbers, how many are wrong,\n"
    "and of a model behind which layer all is right.\n"
    "Writes no files. The exit status is 1 if an error exceeds its bound.";

constexpr std::size_t most_wrong_inputs = 6;  // in a list for people

struct Options {
    std::vector<std::string> names;
    DataOptions data;
    bool all = false;
    bool json = false;
};

// One check: an op's case, or a model.
struct Check {
    std::string name;
    std::function<train::ModelGradcheck()> run;  // of an op there is no advice
};

// What is wrong in a check that failed.
Json failure_of(const Check& check, const train::ModelGradcheck& report, const std::string& problem) {
    Json errors = Json::object(), wrong = Json::array();
    for (const GradcheckReport::Part& part : report.parts) errors[part.name] = part.error;
    for (const GradcheckReport::Part& part : report.failures())
        wrong.push_back({{"input", part.name},
                         {"index", part.index},
                         {"backward", part.analytic},
                         {"numeric", part.numeric},
                         {"error", part.error},
                         {"compared", part.compared},
                         {"wrong", part.wrong},
                         {"says", autograd::explain(part)}});
    return {
        {"case", check.name}, {"problem", problem}, {"errors", errors}, {"wrong", wrong}, {"advice", report.advice}};
}

// What stands on one line: an op with all its cases, or a model. The error is that of the worst check, or not a number.
Json checked(const std::string& name, const std::vector<Check>& checks) {
    double worst = -1, bound = 0;
    int kinks = 0;
    Json failures = Json::array();
    for (const Check& check : checks) {
        train::ModelGradcheck report;
        std::string problem;  // why the check could not be done
        try {
            report = check.run();
        } catch (const Error& error) {
            problem = error.what();
        }
        if (!(report.error() <= worst) && !std::isnan(worst)) {
            worst = report.error();
            bound = report.tolerance;
        }
        kinks += report.kinks;
        if (!problem.empty() || !report.passed()) failures.push_back(failure_of(check, report, problem));
    }
    return {{"name", name},   {"cases", checks.size()},     {"error", worst},      {"bound", bound},
            {"kinks", kinks}, {"passed", failures.empty()}, {"failures", failures}};
}

Json check_op(const std::string& op, const Device& device, std::uint64_t seed) {
    std::vector<Check> checks;
    for (const ops::OpCase& c : ops::op_cases())
        if (c.op == op)
            checks.push_back({c.name, [&c, &device, seed] {
                                  return train::ModelGradcheck{
                                      autograd::gradcheck(c.apply, c.inputs(device, DType::float64, seed),
                                                          {.seed = seed, .names = ops::input_names(c.op)}),
                                      ""};
                              }});
    return checked(op, checks);
}

// For such images, or for ones half and a quarter as high and wide where that leaves the model's parameters as they are: of a deep
// network's millions of ReLUs one would always stand on its kink.
nn::Model model_to_check(const ModelEntry& entry, const data::Description& given) {
    nn::Model model = make_model(entry, given);
    data::Description images = given;
    for (const std::int64_t part : {2, 4}) {
        images.image_shape = {given.image_shape[0] / part, given.image_shape[1] / part, given.image_shape[2]};
        try {
            nn::Model smaller = make_model(entry, images);
            if (smaller.count_parameters(true) == model.count_parameters(true)) model = std::move(smaller);
        } catch (const Error&) {  // too small for its poolings
        }
    }
    return model;
}

Json check_model(const ModelEntry& entry, const data::Description& images, const Device& device, std::uint64_t seed) {
    nn::Model model = model_to_check(entry, images);
    return checked(entry.name, {{"all parameters", [&] { return train::gradcheck_model(model, device, seed); }}});
}

void print_line(const Json& line, std::size_t name_width) {
    fmt::print("{:<{}}  {:>5}  {:>11.2e}  {:>7.0e}  {:>5}  {}\n", line["name"].get<std::string>(), name_width,
               line["cases"].get<int>(), line["error"].get<double>(), line["bound"].get<double>(),
               line["kinks"].get<int>(), line["passed"] == true ? "ok" : "FAILED");
    for (const Json& failure : line["failures"]) {
        fmt::print("    {}: {}\n", failure["case"].get<std::string>(), failure["problem"].get<std::string>());
        // A wrong gradient in a model spoils those of all layers before it: the last ones are next to the fault.
        const std::size_t all = failure["wrong"].size(), first = all - std::min(all, most_wrong_inputs);
        if (first > 0)
            fmt::print("        {} before these:\n", counted(static_cast<std::int64_t>(first), "wrong input"));
        for (std::size_t i = first; i < all; ++i)
            fmt::print("        {} (error {:.2e})\n", failure["wrong"][i]["says"].get<std::string>(),
                       failure["wrong"][i]["error"].get<double>());
        if (const auto advice = failure["advice"].get<std::string>(); !advice.empty()) fmt::print("      {}\n", advice);
    }
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
    const bool any_model =
        std::ranges::any_of(names, [&](const std::string& name) { return std::ranges::find(ops, name) == ops.end(); });
    if (!any_model && !options.data.folder.empty())
        throw UsageError("--data is for models, and only ops are checked; name a model, or leave it out");
    const data::Description images = described_by(options.data);
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
        const Json line =
            is_op ? check_op(name, device, seed) : check_model(session.registry.model(name), images, device, seed);
        if (line["passed"] == false) ++failed;
        if (options.json) json.push_back(line);
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
            add_description_options(command, options.data);
            add_json_option(command, options.json);
        },
        gradcheck);
}

}  // namespace cairn::app
