#include "cairn/train/diverge.h"

#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/optim/optimizers.h"
#include "cairn/train/gradients.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

namespace cairn::train {

namespace {

constexpr double choices_bound = 1e-3;    // the share of ties that rounding may decide otherwise
constexpr double gradients_floor = 1e-2;  // of the largest gradient of the same op's parameters

std::vector<double> values_of(const Tensor& x) {
    if (x.dtype() == DType::int32) {
        const std::vector<std::int32_t> values = x.to_vector<std::int32_t>();
        return {values.begin(), values.end()};
    }
    return with_float(x.dtype(), [&]<typename T>() {
        const std::vector<T> values = x.to_vector<T>();
        return std::vector<double>(values.begin(), values.end());
    });
}

void overwrite(const Tensor& x, const std::vector<double>& values) {
    const auto upload = [&]<typename T>() {
        const std::vector<T> rounded(values.begin(), values.end());
        x.upload(rounded.data());
    };
    if (x.dtype() == DType::int32) upload.operator()<std::int32_t>();
    else with_float(x.dtype(), upload);
}

double norm(const std::vector<double>& x) {
    double squares = 0;
    for (const double value : x) squares += value * value;
    return std::sqrt(squares);
}

// A tensor that comes up in a step, with the values that one side gave it.
struct Seen {
    Comparison of;  // where it comes up
    std::vector<double> values;
    double floor = 0;  // of the norm that an error is measured against
};

// Walks through a step of one model and shows every tensor that it computes to `see`, with where it comes up.
using See = std::function<void(const Comparison& of, const Tensor& x, double floor)>;
class Side final : public autograd::Observer {
public:
    Side(nn::Model& model, optim::Optimizer& optimizer, See see)
        : model_(model), optimizer_(optimizer), see_(std::move(see)) {
        for (const auto& [name, parameter] : model.parameters())
            if (parameter->trainable) names_[parameter->value.node().get()] = name;
    }

    void step(const data::Batches& batches, std::int64_t index, const data::Dataset& images, const nn::Call& call) {
        const Batch batch = Loader(model_, images).load(batches, index);
        show("data", "batch", "scale_pixels", "images", batch.images);
        model_.clear_gradients();
        const BatchLoss result = batch_loss(model_, batch, call);
        show("forward", "metrics", "count_correct", "count", ops::count_correct(result.logits, batch.labels));
        show_parameters("forward", "moving_average", false);
        autograd::backward(result.loss);
        model_.complete_gradients();
        optimizer_.update(model_.values(), model_.gradients());
        for (const auto& [name, slot] : optimizer_.slots()) show("update", "optimizer", optimizer_.name(), name, slot);
        show_parameters("update", optimizer_.name(), true);
    }

    void on_output(std::string_view op, const Tensor& y) override {
        show("forward", std::string(autograd::current_section().layer), std::string(op), "output", y);
    }
    // What ReLU passes on is overwritten before its sign is used: else a value that is zero but for rounding, inside of a fused op,
    // would take another branch on each side, and a whole gradient with it.
    void on_signs(const Tensor& y) override {
        show("forward", std::string(autograd::current_section().layer), "relu", "signs", y);
    }
    bool wants_choices() const override { return true; }
    void on_choices(const Tensor& argmax) override {
        show("forward", std::string(autograd::current_section().layer), "max", "argmax", argmax);
    }
    void on_gradients(const autograd::Node& node) override {
        double largest = 0;
        for (const auto& input : node.inputs)
            if (input && input->is_leaf && input->has_gradient)
                largest = std::max(largest, norm(values_of(input->gradient)));
        for (std::size_t i = 0; i < node.inputs.size(); ++i) {
            const autograd::Node* input = node.inputs[i].get();
            if (!input || !input->has_gradient) continue;
            const auto name = names_.find(input);
            const std::string of = name != names_.end() ? name->second : fmt::format("input {}", i);
            show("backward", std::string(node.layer), std::string(node.op), "gradient of " + of, input->gradient,
                 input->is_leaf ? gradients_floor * largest : 0);
        }
    }

private:
    void show(const std::string& pass, const std::string& layer, const std::string& op, const std::string& tensor,
              const Tensor& x, double floor = 0) {
        see_({.pass = pass, .layer = layer, .op = op, .tensor = tensor, .shape = x.shape()}, x, floor);
    }
    void show_parameters(const std::string& pass, const std::string& op, bool trainable) {
        for (const auto& [name, parameter] : model_.parameters())
            if (parameter->trainable == trainable)
                show(pass, name.substr(0, name.find('/')), op, name, parameter->value);
    }

    nn::Model& model_;
    optim::Optimizer& optimizer_;
    See see_;
    std::map<const autograd::Node*, std::string> names_;  // of the trainable parameters
};

// How far the right's values are from the left's.
Comparison compare(const Seen& left, const std::vector<double>& right, double bound) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const bool choices = left.of.tensor == "argmax";
    Comparison result = left.of;
    result.bound = choices ? choices_bound : bound;
    if (right.empty()) return result;

    std::vector<double> differences(right.size());
    for (std::size_t i = 0; i < right.size(); ++i) {
        const double l = left.values[i], r = right[i], difference = std::abs(r - l);
        const bool same = l == r || (std::isnan(l) && std::isnan(r));
        differences[i] = same ? 0 : std::isfinite(difference) ? difference : infinity;
    }
    const auto others = std::ranges::count_if(differences, [](double d) { return d > 0; });
    if (choices) result.branches = others;
    if (left.of.tensor == "signs")
        for (std::size_t i = 0; i < right.size(); ++i) result.branches += (left.values[i] > 0) != (right[i] > 0);
    const auto worst = choices ? std::ranges::find_if(differences, [](double d) { return d > 0; })
                               : std::ranges::max_element(differences);
    const std::size_t at = worst == differences.end() ? 0 : static_cast<std::size_t>(worst - differences.begin());
    result.index = static_cast<std::int64_t>(at);
    result.left = left.values[at];
    result.right = right[at];
    if (others == 0) return result;
    if (choices) result.error = others == 1 ? 0 : static_cast<double>(others) / static_cast<double>(right.size());
    else result.error = norm(differences) / std::max(norm(left.values), left.floor);
    if (std::isnan(result.error)) result.error = infinity;
    return result;
}

// Notes a comparison; the worst of each tensor over the steps is kept.
void note(const Comparison& comparison, DivergeResult& result) {
    ++result.compared;
    result.branches += comparison.branches;
    const auto key = [](const Comparison& c) { return std::tie(c.pass, c.layer, c.op, c.tensor); };
    const auto known = std::ranges::find(result.worst, key(comparison), key);
    if (known == result.worst.end()) result.worst.push_back(comparison);
    else if (comparison.error > known->error) *known = comparison;
    if (comparison.parted() && !result.first) result.first = comparison;
}

struct Parted {};  // is thrown out of a step

}  // namespace

DivergeResult diverge(nn::Model& left, nn::Model& right, const data::Dataset& images, const DivergeOptions& options) {
    overwrite(right.values(), values_of(left.values()));
    overwrite(right.state(), values_of(left.state()));
    optim::Adam left_adam, right_adam;
    const data::Batches batches(images, options.batch_size);
    DivergeResult result;
    for (int step = 1; step <= options.steps; ++step) {
        const std::int64_t index = (step - 1) % batches.count();
        const nn::Call call{.training = true, .seed = options.seed, .step = static_cast<std::uint32_t>(step)};
        std::vector<Seen> kept;
        const auto keep = [&](const Comparison& of, const Tensor& x, double floor) {
            kept.push_back({of, values_of(x), floor});
        };
        Side(left, left_adam, keep).step(batches, index, images, call);

        std::size_t next = 0;
        const auto judge = [&](const Comparison& of, const Tensor& x, double) {
            invariant(next < kept.size() && kept[next].of.op == of.op && kept[next].of.tensor == of.tensor &&
                          kept[next].of.shape == of.shape,
                      "the two sides compute different things: the right's result {} is {} {}", next, of.op, of.tensor);
            const Seen& expected = kept[next++];
            Comparison comparison = compare(expected, values_of(x), options.bound);
            comparison.step = step;
            overwrite(x, expected.values);
            note(comparison, result);
            if (comparison.parted() && !options.go_on) throw Parted();
        };
        try {
            Side(right, right_adam, judge).step(batches, index, images, call);
        } catch (const Parted&) {
            break;
        }
    }
    return result;
}

double usual_bound(DType left, DType right) { return left == DType::float64 && right == DType::float64 ? 1e-11 : 1e-4; }

}  // namespace cairn::train
