#include "train/diverge.h"

#include "autograd/graph.h"
#include "autograd/observer.h"
#include "backend/devices.h"
#include "optim/optimizer.h"
#include "train/gradients.h"

#include <algorithm>
#include <cmath>
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

// Where a tensor comes up in a step, and the values that the left side gave it.
struct Seen {
    std::string pass, layer, op, tensor;
    Shape shape;
    std::vector<double> values;
    double floor = 0;  // of the norm that an error is measured against
};

// Walks through a step of one model and shows every result to see().
class Side : public autograd::Observer {
public:
    Side(nn::Model& model, optim::Optimizer& optimizer) : model_(model), optimizer_(optimizer) {
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
            see({"backward", std::string(node.layer), std::string(node.op), "gradient of " + of,
                 input->gradient.shape(), values_of(input->gradient), input->is_leaf ? gradients_floor * largest : 0},
                input->gradient);
        }
    }

protected:
    virtual void see(Seen seen, const Tensor& x) = 0;

private:
    void show(const std::string& pass, const std::string& layer, const std::string& op, const std::string& tensor,
              const Tensor& x) {
        see({pass, layer, op, tensor, x.shape(), values_of(x), 0}, x);
    }
    void show_parameters(const std::string& pass, const std::string& op, bool trainable) {
        for (const auto& [name, parameter] : model_.parameters())
            if (parameter->trainable == trainable)
                show(pass, name.substr(0, name.find('/')), op, name, parameter->value);
    }

    nn::Model& model_;
    optim::Optimizer& optimizer_;
    std::map<const autograd::Node*, std::string> names_;  // of the trainable parameters
};

// Keeps what it sees.
class Left final : public Side {
public:
    using Side::Side;
    std::vector<Seen> kept;

private:
    void see(Seen seen, const Tensor&) override { kept.push_back(std::move(seen)); }
};

// How far the right's values are from the left's.
Comparison compare(const Seen& left, const std::vector<double>& right, double bound) {
    Comparison result{0, left.pass, left.layer, left.op, left.tensor, left.shape};
    std::vector<double> differences(right.size());
    std::int64_t others = 0;
    for (std::size_t i = 0; i < right.size(); ++i) {
        const double l = left.values[i], r = right[i];
        const bool same = l == r || (std::isnan(l) && std::isnan(r));
        const double difference = std::abs(r - l);
        differences[i] = same ? 0 : std::isfinite(difference) ? difference : std::numeric_limits<double>::infinity();
        others += same ? 0 : 1;
    }
    const bool choices = left.tensor == "argmax";
    const auto worst = choices ? std::ranges::find_if(differences, [](double d) { return d > 0; })
                               : std::ranges::max_element(differences);
    const std::size_t at = worst == differences.end() ? 0 : static_cast<std::size_t>(worst - differences.begin());
    if (!right.empty()) {
        result.index = static_cast<std::int64_t>(at);
        result.left = left.values[at];
        result.right = right[at];
    }
    result.bound = choices ? choices_bound : bound;
    if (others == 0) return result;
    if (choices) result.error = others == 1 ? 0 : static_cast<double>(others) / static_cast<double>(right.size());
    else result.error = norm(differences) / std::max(norm(left.values), left.floor);
    if (std::isnan(result.error)) result.error = std::numeric_limits<double>::infinity();
    return result;
}

// Compares what it sees with what was kept, and goes on with the latter.
class Right final : public Side {
public:
    struct Stop {};  // thrown out of a step, where it parted

    Right(nn::Model& model, optim::Optimizer& optimizer, const std::vector<Seen>& left, int step,
          const DivergeOptions& options, DivergeResult& result)
        : Side(model, optimizer), left_(left), step_(step), options_(options), result_(result) {}

private:
    void see(Seen seen, const Tensor& x) override {
        invariant(next_ < left_.size() && left_[next_].op == seen.op && left_[next_].tensor == seen.tensor &&
                      left_[next_].shape == seen.shape,
                  "the two sides compute different things: {} {} on the right at place {}", seen.op, seen.tensor,
                  next_);
        const Seen& left = left_[next_++];
        Comparison comparison = compare(left, seen.values, options_.bound);
        comparison.step = step_;
        overwrite(x, left.values);
        ++result_.compared;

        const auto key = [](const Comparison& c) { return std::tie(c.pass, c.layer, c.op, c.tensor); };
        const auto known =
            std::ranges::find_if(result_.worst, [&](const Comparison& c) { return key(c) == key(comparison); });
        if (known == result_.worst.end()) result_.worst.push_back(comparison);
        else if (comparison.error > known->error) *known = comparison;
        if (!comparison.parted()) return;
        if (!result_.first) result_.first = comparison;
        if (!options_.go_on) throw Stop();
    }

    const std::vector<Seen>& left_;
    std::size_t next_ = 0;
    int step_;
    const DivergeOptions& options_;
    DivergeResult& result_;
};

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
        std::vector<Seen> seen;
        {
            Left side(left, left_adam);
            side.step(batches, index, images, call);
            seen = std::move(side.kept);
        }
        try {
            Right(right, right_adam, seen, step, options, result).step(batches, index, images, call);
        } catch (const Right::Stop&) {
            break;
        }
    }
    return result;
}

double usual_bound(DType left, DType right) { return left == DType::float64 && right == DType::float64 ? 1e-11 : 1e-4; }

}  // namespace cairn::train
