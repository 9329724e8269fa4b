#include "cairn/autograd/gradcheck.h"

#include "cairn/autograd/gradcheck_compare.h"
#include "cairn/autograd/graph.h"
#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace cairn::autograd {

namespace {

using detail::norm;
using detail::Values;

// Condenses the branches that ops take into one number: if it differs between f(x - h) and f(x + h), a kink of ReLU or max
// lies between, where derivatives must not be compared.
class Branches final : public Observer {
public:
    void on_signs(const Tensor& y) override {
        with_float(y.dtype(), [&]<typename T>() {
            for (const T value : y.to_vector<T>()) add(value > 0 ? 1 : 0);
        });
    }
    bool wants_choices() const override { return true; }
    void on_choices(const Tensor& argmax) override {
        for (const std::int32_t choice : argmax.to_vector<std::int32_t>()) add(static_cast<std::uint32_t>(choice));
    }
    std::uint64_t digest() const { return digest_; }

private:
    // FNV-1a (Fowler, Noll, Vo) over 64-bit words, with a shift so that high bits reach the low ones.
    void add(std::uint64_t value) {
        digest_ = (digest_ ^ value) * 0x100000001b3u;
        digest_ ^= digest_ >> 29;
    }

    std::uint64_t digest_ = 0xcbf29ce484222325u;
};

class Checker {
public:
    Checker(const Function& f, const Tensors& inputs, const GradcheckOptions& options)
        : f_(f), options_(options), random_({options.seed, stream_of(Purpose::gradcheck), 0}) {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const Tensor& x = inputs[i];
            if (x.dtype() == DType::int32) {
                inputs_.push_back(x);
                continue;
            }
            check(x.dtype() == DType::float64, "gradcheck: input {} is {}; central differences need float64", i,
                  name_of(x.dtype()));
            inputs_.push_back(x.node() ? x : variable(x));
            checked_.push_back(i);
            start_.push_back(x.to_vector<double>());
        }
        check(!checked_.empty(), "gradcheck: the function has no input that could be differentiated");
        values_ = start_;
    }

    // Gives the inputs the values they came with.
    ~Checker() {
        for (std::size_t k = 0; k < checked_.size(); ++k) inputs_[checked_[k]].upload(start_[k].data());
    }
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;

    GradcheckReport run() {
        // A kink met by a full check moves the point itself, and everything measured so far is void.
        while (!try_coordinates()) {}
        if (options_.directions > 0) check_directions();
        report_.tolerance = options_.tolerance;
        return report_;
    }

private:
    struct Evaluation {
        Values y;
        std::uint64_t branches = 0;
    };

    Evaluation evaluate() {
        const NoGrad guard;
        const Branches branches;
        const Tensor y = f_(inputs_);
        return {y.to_vector<double>(), branches.digest()};
    }

    // The gradient of L = sum of c * f(x) by backward(), with a cotangent c drawn anew, and the branches taken at x.
    void differentiate() {
        for (const std::size_t i : checked_) clear_gradient(inputs_[i]);
        const Tensor y = f_(inputs_);
        cotangent_.resize(static_cast<std::size_t>(y.size()));
        for (double& c : cotangent_) c = random_.normal();
        backward(y, from_values(y.shape(), cotangent_, y.device()));
        analytic_.clear();
        for (std::size_t k = 0; k < checked_.size(); ++k) {
            const Tensor g = gradient(inputs_[checked_[k]]);
            analytic_.push_back(g.defined() ? g.to_vector<double>() : Values(values_[k].size(), 0.0));
        }
        branches_ = evaluate().branches;
    }

    void set(std::size_t k, std::size_t element, double value) {
        inputs_[checked_[k]].view(static_cast<std::int64_t>(element), {1}).upload(&value);
    }

    // L(plus) - L(minus) over `distance`; summed as differences, which are small, to keep their digits.
    double quotient(const Evaluation& plus, const Evaluation& minus, double distance) const {
        double difference = 0;
        for (std::size_t i = 0; i < cotangent_.size(); ++i) difference += cotangent_[i] * (plus.y[i] - minus.y[i]);
        return difference / distance;
    }

    bool same_branches(const Evaluation& plus, const Evaluation& minus) const {
        return plus.branches == branches_ && minus.branches == branches_;
    }

    void count_kink() {
        ++report_.kinks;
        check(report_.kinks <= options_.max_kinks,
              "gradcheck: {} points lay on a kink; the function is not differentiable there", report_.kinks);
    }

    // dL / dx by central differences in one coordinate; nothing if a kink lies between.
    std::optional<double> derivative(std::size_t k, std::size_t element) {
        const double x = values_[k][element];
        const double h = options_.step * std::max(1.0, std::abs(x));
        const double above = x + h, below = x - h;
        set(k, element, above);
        const Evaluation plus = evaluate();
        set(k, element, below);
        const Evaluation minus = evaluate();
        set(k, element, x);
        if (!same_branches(plus, minus)) return std::nullopt;
        return quotient(plus, minus, above - below);
    }

    // Compares all coordinates, or a sample of them. False if a full check met a kink and moved the point.
    bool try_coordinates() {
        differentiate();
        report_.parts.clear();
        double whole = 0;
        for (const Values& g : analytic_) whole = std::hypot(whole, norm(g));
        whole_norm_ = whole;
        for (std::size_t k = 0; k < checked_.size(); ++k) {
            const std::size_t size = values_[k].size();
            const bool sampled = options_.coordinates > 0 && static_cast<std::size_t>(options_.coordinates) < size;
            const std::size_t wanted = sampled ? static_cast<std::size_t>(options_.coordinates) : size;
            Values analytic, numeric;
            std::vector<std::size_t> elements;
            while (numeric.size() < wanted) {
                const std::size_t element = sampled ? random_.below(static_cast<std::uint32_t>(size)) : numeric.size();
                if (const std::optional<double> slope = derivative(k, element)) {
                    numeric.push_back(*slope);
                    analytic.push_back(analytic_[k][element]);
                    elements.push_back(element);
                    continue;
                }
                count_kink();
                if (sampled) continue;  // another coordinate will do
                move_away(k, element);
                return false;
            }
            const std::size_t i = checked_[k];
            GradcheckReport::Part part =
                detail::compare(analytic, numeric, elements, options_.floor * whole, options_.tolerance);
            part.name = i < options_.names.size() ? options_.names[i] : fmt::format("input {}", i);
            part.shape = inputs_[i].shape();
            report_.parts.push_back(part);
        }
        return true;
    }

    // Draws a coordinate again, further from zero so that it stays in the domain of log, sqrt and division.
    void move_away(std::size_t k, std::size_t element) {
        double& x = values_[k][element];
        x += std::copysign(0.01 * std::max(1.0, std::abs(x)) * (0.5 + random_.uniform()), x);
        set(k, element, x);
    }

    // Along a random unit vector d over all inputs: dL/dt of f(x + t d) at t = 0 against the gradient times d. One such
    // number depends on every coordinate, so a wrong one anywhere shows, though diluted.
    void check_directions() {
        std::size_t total = 0;
        for (const Values& v : values_) total += v.size();
        const double dilution = std::sqrt(static_cast<double>(total));
        Values analytic, numeric;
        while (numeric.size() < static_cast<std::size_t>(options_.directions)) {
            std::vector<Values> direction;
            double squares = 0;
            for (const Values& v : values_) {
                Values d(v.size());
                for (double& x : d) x = random_.normal(), squares += x * x;
                direction.push_back(std::move(d));
            }
            // The unit vector moves each coordinate by 1/dilution only: a longer step keeps the quotient's digits.
            const double h = options_.step * std::max(1.0, std::sqrt(dilution));
            const double scale = h / std::sqrt(squares);
            double slope = 0;
            for (std::size_t k = 0; k < values_.size(); ++k)
                for (std::size_t e = 0; e < values_[k].size(); ++e)
                    slope += analytic_[k][e] * direction[k][e] * scale / h;
            const Evaluation plus = evaluate_along(direction, scale);
            const Evaluation minus = evaluate_along(direction, -scale);
            evaluate_along(direction, 0);
            if (!same_branches(plus, minus)) {
                count_kink();
                continue;
            }
            analytic.push_back(slope);
            numeric.push_back(quotient(plus, minus, 2 * h));
        }
        // A unit direction sees about |g| / sqrt(number of coordinates) of the gradient.
        const double least = options_.floor * whole_norm_ / dilution;
        std::vector<std::size_t> numbers(analytic.size());
        std::iota(numbers.begin(), numbers.end(), 0);
        GradcheckReport::Part part = detail::compare(analytic, numeric, numbers, least, options_.tolerance);
        part.name = detail::directions;
        report_.parts.push_back(part);
    }

    Evaluation evaluate_along(const std::vector<Values>& direction, double scale) {
        for (std::size_t k = 0; k < values_.size(); ++k) {
            Values moved = values_[k];
            for (std::size_t e = 0; e < moved.size(); ++e) moved[e] += scale * direction[k][e];
            inputs_[checked_[k]].upload(moved.data());
        }
        return evaluate();
    }

    const Function& f_;
    const GradcheckOptions& options_;
    RandomStream random_;
    Tensors inputs_;
    std::vector<std::size_t> checked_;  // which inputs are differentiated; k counts these
    std::vector<Values> start_;         // [k]: their values when the check began
    std::vector<Values> values_;        // [k]: their values now, kinks avoided
    std::vector<Values> analytic_;      // [k]: backward()'s gradient at values_
    Values cotangent_;
    std::uint64_t branches_ = 0;  // taken at values_
    double whole_norm_ = 0;
    GradcheckReport report_;
};

}  // namespace

GradcheckReport gradcheck(const Function& f, const Tensors& inputs, const GradcheckOptions& options) {
    return Checker(f, inputs, options).run();
}

}  // namespace cairn::autograd
