// cairn diverge MODEL --left DEVICE --right DEVICE: the first op in which two devices or two precisions part.
#include "cairn/train/diverge.h"
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/backend/devices.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;
using train::Comparison;

constexpr const char* details =
    "The left side takes a step of training (forward, backward, Adam) and keeps every result. The right\n"
    "side takes the same step from the same weights, images and dropout masks; each of its results is\n"
    "compared with the left's and then replaced by it. So every op is judged on the left's inputs, errors\n"
    "do not add up from op to op, and what is found first is the op that made the difference.\n"
    "  error   |right - left| / max(|left|, floor), by norm over the tensor: 1e-4 is one wrong element in\n"
    "          10^8 of like size. The floor is 0, but for the gradient of a parameter 1 % of the largest\n"
    "          among the parameters of the same op: some gradients are zero but for rounding.\n"
    "  argmax  of max-pooling: the share of maxima found elsewhere, bound 0.001, because rounding decides\n"
    "          between values that are almost equal; the right goes on with the left's choices\n"
    "  bound   1e-4 if a side is float32, 1e-11 if both are float64; --bound sets another\n"
    "Writes no files. The exit status is 0 if the sides agree within the bound, 1 if they part.";

struct Side {
    std::string device, dtype = "float32";
};

struct Options {
    std::string model;
    Side left{"reference"}, right{"auto"};
    DataOptions data;
    train::DivergeOptions how;
    double bound = 0;
    bool all = false, json = false;
};

// One of the two models, initialized.
nn::Model make_side(const Session& session, const ModelEntry& model, const data::Description& images,
                    const Side& side) {
    nn::Model made = make_model(model, images);
    const DType dtype = side.dtype == "float64" ? DType::float64 : DType::float32;
    const Device device = device_named(side.device, dtype);
    made.initialize({.device = device, .dtype = dtype, .seed = session.common.seed});
    return made;
}

std::string side_name(const nn::Model& model) {
    return fmt::format("{} {}", model.options().device, name_of(model.options().dtype));
}

// "(2, 0, 1)": where the element stands in the tensor.
std::string position(const Comparison& c) {
    std::vector<std::int64_t> at(static_cast<std::size_t>(c.shape.rank()));
    std::int64_t rest = c.index;
    for (int axis = c.shape.rank() - 1; axis >= 0; --axis) {
        at[static_cast<std::size_t>(axis)] = rest % c.shape[axis];
        rest /= c.shape[axis];
    }
    return fmt::format("({})", fmt::join(at, ", "));
}

Json number(double x) { return std::isfinite(x) ? Json(x) : Json(fmt::format("{}", x)); }

Json comparison_json(const Comparison& c) {
    return {{"step", c.step},         {"pass", c.pass},          {"layer", c.layer},         {"op", c.op},
            {"tensor", c.tensor},     {"shape", c.shape.str()},  {"error", number(c.error)}, {"bound", c.bound},
            {"index", c.index},       {"position", position(c)}, {"left", number(c.left)},   {"right", number(c.right)},
            {"branches", c.branches}, {"parted", c.parted()}};
}

Json result_json(const nn::Model& left, const nn::Model& right, const train::DivergeResult& result) {
    Json all = Json::array();
    for (const Comparison& c : result.worst) all.push_back(comparison_json(c));
    return {{"left", side_name(left)},
            {"right", side_name(right)},
            {"compared", result.compared},
            {"branches", result.branches},
            {"agree", !result.first},
            {"first", result.first ? comparison_json(*result.first) : Json(nullptr)},
            {"tensors", all}};
}

std::string table(const std::vector<Comparison>& worst) {
    TextTable rows({Align::left, Align::left, Align::left, Align::left, Align::right, Align::right, Align::left});
    rows.add({"pass", "layer", "op", "tensor", "error", "bound", ""});
    for (const Comparison& c : worst)
        rows.add({c.pass, c.layer, c.op, c.tensor, fmt::format("{:.1e}", c.error), fmt::format("{:.0e}", c.bound),
                  c.parted() ? "PARTED" : ""});
    return rows.str();
}

// Which branches rounding decided otherwise: no fault, but worth knowing where two trainings part.
void print_branches(const train::DivergeResult& result) {
    if (result.branches == 0) return;
    std::string where;
    for (const Comparison& c : result.worst)
        if (c.branches > 0)
            where += fmt::format("{}{} ({})", where.empty() ? "" : ", ", c.layer.empty() ? c.op : c.layer,
                                 c.tensor == "argmax" ? "max" : "ReLU");
    fmt::print("Rounding decided {} otherwise, which the right then took as the left: {}\n",
               result.branches == 1 ? "1 branch" : fmt::format("{} branches", result.branches), where);
}

void print_result(const Options& options, const train::DivergeResult& result) {
    if (options.all) fmt::print("{}\n", table(result.worst));
    if (!result.first) {
        const Comparison* worst = nullptr;  // nearest to its bound
        for (const Comparison& c : result.worst)
            if (!worst || c.error / c.bound > worst->error / worst->bound) worst = &c;
        fmt::print(
            "The sides agree: {} tensors compared in {}; nearest to its bound: {} {}, {} {} ({:.1e} of "
            "{:.0e})\n",
            result.compared, counted(options.how.steps, "step"), worst->layer, worst->op, worst->pass, worst->tensor,
            worst->error, worst->bound);
        print_branches(result);
        return;
    }
    const Comparison& c = *result.first;
    fmt::print(
        "The sides part in step {}, {} of {} ({}), in its {} {}\n"
        "  error {:.2e}, bound {:.0e}; {} at {}\n"
        "  left  {:.9g}\n  right {:.9g}\n",
        c.step, c.pass, c.layer, c.op, c.tensor, c.shape, c.error, c.bound,
        c.tensor == "argmax" ? "the first difference" : "the largest difference", position(c), c.left, c.right);
}

int diverge(const Session& session, const Options& options) {
    const ModelEntry& entry = session.registry.model(options.model);
    const data::Located located = load_data(options.data, !options.json);
    const data::Description images = located.split.train.description();
    nn::Model left = make_side(session, entry, images, options.left);
    nn::Model right = make_side(session, entry, images, options.right);
    train::DivergeOptions how = options.how;
    how.seed = session.common.seed;
    how.go_on = options.all;
    how.bound = options.bound > 0 ? options.bound : train::usual_bound(left.options().dtype, right.options().dtype);
    if (!options.json) {
        fmt::print("{}: left {}, right {}, batch {}, each op on the left's inputs\n\n", options.model, side_name(left),
                   side_name(right), how.batch_size);
        std::fflush(stdout);
    }
    const train::DivergeResult result = train::diverge(left, right, located.split.train, how);
    if (options.json) fmt::print("{}\n", result_json(left, right, result).dump(2));
    else print_result(options, result);
    return result.first ? 1 : 0;
}

}  // namespace

void add_diverge_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"diverge", "find the first op in which two devices or precisions part", details},
        [](const Command& command, Options& options) {
            add_model_option(command, options.model).required();
            command.text("--left", options.left.device, "DEVICE", "the device that is right (default reference)");
            command.text("--right", options.right.device, "DEVICE", "the device to judge (default auto)");
            for (auto [name, side] :
                 {std::pair{"--left-dtype", &options.left}, std::pair{"--right-dtype", &options.right}})
                command.text(name, side->dtype, "TYPE", "float32 (default) or float64").among({"float32", "float64"});
            add_data_options(command, options.data);
            command.whole("--batch-size", options.how.batch_size, "images per step (default 8)");
            command.whole("--steps", options.how.steps, "steps of training (default 1)");
            command.number("--bound", options.bound, "the error that is allowed");
            command.flag("--all", options.all, "go on past the first difference and list every tensor's error");
            add_json_option(command, options.json);
        },
        diverge);
}

}  // namespace cairn::app
