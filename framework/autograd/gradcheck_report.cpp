// What gradcheck found, and how it tells it.
#include "cairn/autograd/gradcheck_compare.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace cairn::autograd {

namespace {

// |analytic - numeric| / max(|analytic|, least); 0 where both are exactly zero.
double relative_error(const detail::Values& analytic, const detail::Values& numeric, double least) {
    detail::Values difference(analytic.size());
    for (std::size_t i = 0; i < analytic.size(); ++i) difference[i] = analytic[i] - numeric[i];
    const double error = detail::norm(difference);
    return error == 0 ? 0 : error / std::max(detail::norm(analytic), least);
}

// (2, 3, 4) and 17 -> "[1, 1, 1]"; nothing for a scalar.
std::string position(const Shape& shape, std::int64_t index) {
    std::vector<std::int64_t> at(static_cast<std::size_t>(shape.rank()));
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        at[static_cast<std::size_t>(axis)] = index % shape[axis];
        index /= shape[axis];
    }
    return at.empty() ? "" : fmt::format("[{}]", fmt::join(at, ", "));
}

}  // namespace

double detail::norm(const Values& v) {
    double squares = 0;
    for (const double x : v) squares += x * x;
    return std::sqrt(squares);
}

GradcheckReport::Part detail::compare(const Values& analytic, const Values& numeric,
                                      const std::vector<std::size_t>& elements, double least, double tolerance) {
    GradcheckReport::Part part;
    part.error = relative_error(analytic, numeric, least);
    part.compared = static_cast<std::int64_t>(elements.size());
    const double scale = tolerance * std::max(norm(analytic), least) / std::sqrt(static_cast<double>(elements.size()));
    double furthest = -1, product = 0, squares = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const double a = analytic[i], n = numeric[i], off = std::abs(a - n);
        if (!(off <= scale)) ++part.wrong;
        product += a * n;
        squares += n * n;
        if (off <= furthest || std::isnan(furthest)) continue;
        furthest = off;
        part.index = static_cast<std::int64_t>(elements[i]);
        part.analytic = a;
        part.numeric = n;
    }
    part.factor = product / squares;
    Values scaled = numeric;
    for (double& n : scaled) n *= part.factor;
    if (!(relative_error(analytic, scaled, 1e-4 * norm(numeric)) < 1e-4)) part.factor = std::nan("");
    return part;
}

double GradcheckReport::error() const {
    double largest = 0;
    for (const Part& part : parts) {
        if (std::isnan(part.error)) return part.error;
        largest = std::max(largest, part.error);
    }
    return largest;
}

bool GradcheckReport::passed() const { return error() < tolerance; }

std::vector<GradcheckReport::Part> GradcheckReport::failures() const {
    std::vector<Part> wrong;
    std::ranges::copy_if(parts, std::back_inserter(wrong), [&](const Part& part) { return !(part.error < tolerance); });
    if (wrong.size() > 1) std::erase_if(wrong, [](const Part& part) { return part.name == detail::directions; });
    return wrong;
}

std::string explain(const GradcheckReport::Part& part) {
    const bool of_input = part.name != detail::directions;
    std::string text = fmt::format("{}: backward() says {:.6g}, but the derivative is {:.6g}",
                                   of_input ? part.name + position(part.shape, part.index)
                                            : fmt::format("along random direction {}", part.index + 1),
                                   part.analytic, part.numeric);
    if (part.compared > 1)
        text += fmt::format("; {} of {} {} wrong", part.wrong, part.compared,
                            of_input ? "numbers compared are" : "directions are");
    if (!of_input) return text + ", so numbers are wrong that were not compared one by one";
    if (std::isnan(part.factor)) return text;
    if (part.factor == 0) return text + ": no gradient arrives";
    if (std::abs(part.factor + 1) < 1e-4) return text + ": the sign is wrong";
    return std::abs(part.factor - 1) < 1e-3 || part.compared < 2
               ? text
               : text + fmt::format(": everywhere {:.6g} times the derivative", part.factor);
}

}  // namespace cairn::autograd
