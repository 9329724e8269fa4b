#include "support/kernel_agreement.h"

#include "cairn/backend/devices.h"
#include "cairn/core/parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace cairn::test {

namespace {

using Values = std::vector<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double unit_roundoff = 1.0 / (1 << 24);
constexpr double float64_limit = 1e-12;  // relative error by norm: thousands of roundings of 1e-16, no float anywhere

// What stands in the margins and in outputs that are to be overwritten.
double poison(DType dtype) {
    switch (dtype) {
        case DType::int32: return -777;
        case DType::uint8: return 177;
        default: return nan;
    }
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

template <typename F>
auto with_type(DType dtype, F&& f) {
    switch (dtype) {
        case DType::float32: return f.template operator()<float>();
        case DType::float64: return f.template operator()<double>();
        case DType::int32: return f.template operator()<std::int32_t>();
        case DType::uint8: break;
    }
    return f.template operator()<std::uint8_t>();
}

// parallel_for's number of threads, while it lives.
class Threads {
public:
    explicit Threads(int count) {
        if (count > 0) set_threads(count);
    }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
    ~Threads() { set_threads(before_); }

private:
    int before_ = threads();
};

// A tensor on a device inside of its margins.
struct Operand {
    Values before;  // of the whole tensor, as its dtype holds them
    Tensor whole;
    Tensor tensor;

    Operand(const Target& target, const Shape& shape, DType dtype, const Values& values) {
        const auto margin = static_cast<std::size_t>(target.margin);
        before.assign(static_cast<std::size_t>(shape.size()) + 2 * margin, poison(dtype));
        std::copy(values.begin(), values.end(), before.begin() + target.margin);
        whole = empty({static_cast<std::int64_t>(before.size())}, dtype, target.device);
        tensor = whole.view(target.margin, shape);
        with_type(dtype, [&]<typename T>() {
            const std::vector<T> converted(before.begin(), before.end());
            whole.upload(converted.data());
            before.assign(converted.begin(), converted.end());
        });
    }

    Values after() const {
        return with_type(whole.dtype(), [&]<typename T>() {
            const std::vector<T> values = whole.to_vector<T>();
            return Values(values.begin(), values.end());
        });
    }
};

struct Operands {
    std::vector<Operand> inputs, outputs;
};

Operands run(const KernelCase& kernel_case, const KernelCase::Run& call, const Target& target) {
    Operands operands;
    Tensors in, out;
    for (const Input& input : kernel_case.inputs) {
        operands.inputs.emplace_back(target, input.shape, input.dtype.value_or(target.dtype), input.values);
        in.push_back(operands.inputs.back().tensor);
    }
    for (const Output& output : kernel_case.outputs) {
        operands.outputs.emplace_back(target, output.shape, output.dtype.value_or(target.dtype), output.before);
        out.push_back(operands.outputs.back().tensor);
    }
    const Threads while_it_runs(target.threads);
    call(backend(target.device), in, out);
    return operands;
}

KernelCase absolute_values(KernelCase kernel_case) {
    for (Input& input : kernel_case.inputs)
        for (double& value : input.values) value = std::abs(value);
    for (Output& output : kernel_case.outputs)
        for (double& value : output.before) value = std::abs(value);
    return kernel_case;
}

std::vector<Values> outputs_of_run(const KernelCase& kernel_case, const KernelCase::Run& call, const Target& target) {
    std::vector<Values> outputs;
    for (const Operand& operand : run(kernel_case, call, target).outputs) {
        const Values after = operand.after();
        outputs.emplace_back(after.begin() + target.margin, after.end() - target.margin);
    }
    return outputs;
}

double norm(const Values& values) {
    double squares = 0;
    for (const double value : values) squares += value * value;
    return std::sqrt(squares);
}

// Each element's largest neighbour in its tile, times the tile's factor.
Values largest_of_tiles(const Values& values, const Shape& shape, const Tile& tile) {
    const std::int64_t rows = shape[tile.first_axis], columns = shape[tile.first_axis + 1];
    std::int64_t inner = 1;
    for (int axis = tile.first_axis + 2; axis < shape.rank(); ++axis) inner *= shape[axis];
    Values largest(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        const std::int64_t row = at / (columns * inner) % rows, column = at / inner % columns;
        for (std::int64_t r = std::max<std::int64_t>(0, row - tile.reach); r < std::min(rows, row + tile.reach + 1);
             ++r)
            for (std::int64_t c = std::max<std::int64_t>(0, column - tile.reach);
                 c < std::min(columns, column + tile.reach + 1); ++c)
                largest[i] = std::max(
                    largest[i], values[static_cast<std::size_t>(at + ((r - row) * columns + c - column) * inner)]);
    }
    for (double& value : largest) value *= tile.factor;
    return largest;
}

// The allowed error of one element in float32.
double allowed(const Bound& bound, double reference, double magnitude) {
    switch (bound.kind) {
        case Bound::Kind::relative: return bound.limit * unit_roundoff * std::abs(reference);
        case Bound::Kind::products: return bound.limit * unit_roundoff * magnitude;
        case Bound::Kind::absolute: return bound.limit;
        default: return 0;
    }
}

// Where both are NaN, or the same infinity, there is none.
Values difference(const Values& a, const Values& b) {
    Values differences(a.size());
    std::transform(a.begin(), a.end(), b.begin(), differences.begin(),
                   [](double x, double y) { return same(x, y) ? 0 : x - y; });
    return differences;
}

// The norm of those that are finite.
double finite_norm(Values values) {
    for (double& value : values)
        if (!std::isfinite(value)) value = 0;
    return norm(values);
}

// An empty string if the output agrees by norm, else what is wrong: in float32, ||error|| within Bound products of
// ||magnitudes||.
std::string compare_norms(const Output& output, DType dtype, const Values& got, const Values& reference,
                          const Values& magnitudes) {
    if (dtype != DType::float32 || output.bound.kind != Bound::Kind::products) return "";
    const double error = norm(difference(got, reference)),
                 limit = output.tile->norm_factor * allowed(output.bound, 0, norm(magnitudes));
    if (error <= limit) return "";
    return fmt::format("{} {}: error by norm {:.3g}, allowed {:.3g}", output.name, output.shape, error, limit);
}

// An empty string if the output agrees, else what is wrong.
std::string compare(const Output& output, DType dtype, const Values& got, const Values& reference,
                    const Values& magnitudes) {
    const bool by_element =
        output.bound.kind == Bound::Kind::exact || (dtype == DType::float32 && output.bound.kind != Bound::Kind::norm);
    if (by_element) {
        for (std::size_t i = 0; i < got.size(); ++i) {
            const double wanted = dtype == DType::float32 && output.bound.kind == Bound::Kind::exact
                                      ? static_cast<float>(reference[i])
                                      : reference[i];
            const double limit = allowed(output.bound, reference[i], magnitudes.empty() ? 0 : magnitudes[i]);
            if (!same(got[i], wanted) && !(std::abs(got[i] - wanted) <= limit)) {
                return fmt::format("{}[{}] of {} is {:.9g}, the reference {:.9g}: off by {:.3g}, allowed {:.3g}",
                                   output.name, i, output.shape, got[i], wanted, std::abs(got[i] - wanted), limit);
            }
        }
        return "";
    }

    const Values error = difference(got, reference);
    std::size_t worst = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (!(std::abs(error[i]) <= std::abs(error[worst]))) worst = i;  // a NaN is the worst
    const double limit = (dtype == DType::float32 ? output.bound.limit : float64_limit) * finite_norm(reference);
    if (norm(error) <= limit) return "";
    return fmt::format("{} {}: error by norm {:.3g}, allowed {:.3g}; worst at [{}]: {:.9g}, the reference {:.9g}",
                       output.name, output.shape, norm(error), limit, worst, got[worst], reference[worst]);
}

}  // namespace

std::string Target::str() const {
    const std::string shared_out = threads > 0 ? fmt::format(" threads {}", threads) : "";
    return fmt::format("{} {} margin {}{}", device, name_of(dtype), margin, shared_out);
}

std::vector<Values> outputs_of(const KernelCase& kernel_case, const Target& target) {
    return outputs_of_run(kernel_case, kernel_case.run, target);
}

Expected expected(const KernelCase& kernel_case) {
    const Target reference{Device::reference(), DType::float64};
    Expected result;
    result.values = outputs_of(kernel_case, reference);

    bool products = false;
    for (const Output& output : kernel_case.outputs) products |= output.bound.kind == Bound::Kind::products;
    if (products) {
        const auto& call = kernel_case.magnitude ? kernel_case.magnitude : kernel_case.run;
        result.magnitudes = outputs_of_run(absolute_values(kernel_case), call, reference);
    }
    return result;
}

bool runs_on(const Target& target, const KernelCase& kernel_case) {
    const Backend& device = backend(target.device);
    bool all = device.supports(target.dtype);
    for (const Input& input : kernel_case.inputs) all = all && device.supports(input.dtype.value_or(target.dtype));
    return all;
}

::testing::AssertionResult agrees(const KernelCase& kernel_case, const Expected& reference, const Target& target) {
    const auto failure = [&](const std::string& what) {
        return ::testing::AssertionFailure() << kernel_case.name << " on " << target.str() << ": " << what;
    };
    const Operands operands = run(kernel_case, kernel_case.run, target);

    for (std::size_t k = 0; k < operands.inputs.size(); ++k) {
        const Values &before = operands.inputs[k].before, after = operands.inputs[k].after();
        const auto [old, changed] = std::mismatch(before.begin(), before.end(), after.begin(), same);
        if (old != before.end()) {
            const std::int64_t index = old - before.begin() - target.margin;
            return failure(fmt::format("input {} was changed at [{}], from {} to {}", k, index, *old, *changed));
        }
    }

    for (std::size_t k = 0; k < operands.outputs.size(); ++k) {
        const Output& output = kernel_case.outputs[k];
        const Values &before = operands.outputs[k].before, after = operands.outputs[k].after();
        const auto begin = after.begin() + target.margin, end = after.end() - target.margin;
        for (auto element = after.begin(); element != after.end(); ++element) {
            const bool inside = element >= begin && element < end;
            if (!inside && !same(*element, before[static_cast<std::size_t>(element - after.begin())])) {
                return failure(fmt::format("wrote {} outside of {}, at [{}]", *element, output.name, element - begin));
            }
        }

        Values magnitudes = reference.magnitudes.empty() ? Values() : reference.magnitudes[k];
        const DType dtype = output.dtype.value_or(target.dtype);
        const Values got(begin, end);
        if (output.tile && target.device == Device::cpu()) {
            const std::string what = compare_norms(output, dtype, got, reference.values[k], magnitudes);
            if (!what.empty()) return failure(what);
            magnitudes = largest_of_tiles(magnitudes, output.shape, *output.tile);
        }
        const std::string what = compare(output, dtype, got, reference.values[k], magnitudes);
        if (!what.empty()) return failure(what);
    }
    return ::testing::AssertionSuccess();
}

}  // namespace cairn::test
