#include "cairn/course/grading.h"

#include "cairn/course/exercise.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace cairn::course {

namespace {

// The same text gives the same numbers on every machine (FNV-1a).
std::uint64_t hash_of(const std::string& text) {
    std::uint64_t hash = 14695981039346656037ull;
    for (const unsigned char c : text) hash = (hash ^ c) * 1099511628211ull;
    return hash;
}

RandomStream stream_for(const std::string& text) {
    return RandomStream({.seed = hash_of(text), .stream = stream_of(Purpose::test), .step = 0});
}

std::string exact(double value) { return fmt::format("{:a}", value); }

double largest(const Array& array) {
    double most = 0;
    for (const double value : array.values) most = std::max(most, std::abs(value));
    return most;
}

// (1, 2) of element 5 of (2, 3)
std::string index_text(std::size_t element, const Sizes& shape) {
    Sizes index(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis]) index[axis] = element % shape[axis];
    return text_of(index);
}

bool close(double yours, double expected, double allowed) { return std::abs(yours - expected) <= allowed; }

// Two numbers as short as they can be and still differ.
std::pair<std::string, std::string> told_apart(double yours, double expected) {
    for (const int digits : {5, 8, 12, 17}) {
        const std::string a = fmt::format("{:.{}g}", yours, digits), b = fmt::format("{:.{}g}", expected, digits);
        if (a != b) return {a, b};
    }
    return {exact(yours), exact(expected)};
}

}  // namespace

Trial::Trial(std::string part, Fake fake, Write write)
    : part_(std::move(part)), fake_(fake), write_(std::move(write)), random_(stream_for(part_)) {}

void Trial::run(const std::string& name, const std::function<void()>& body) {
    case_ = name;
    inputs_.clear();
    random_ = stream_for(part_ + "/" + name);
    write_(nlohmann::json{{"case", name}}.dump());
    const auto threw = [&](const std::string& what) { write_(nlohmann::json{{"case", name}, {"threw", what}}.dump()); };
    try {
        body();
    } catch (const NotWritten&) {
        throw;
    } catch (const CannotTry&) {
        throw;
    } catch (const std::exception& error) {
        threw(error.what());
    } catch (...) {
        threw("something that is no std::exception");
    }
}

Array Trial::normal(const Sizes& shape) {
    Array array(shape);
    for (double& value : array.values) value = random_.normal();
    inputs_.push_back(array);
    return array;
}

Array Trial::uniform(const Sizes& shape, double low, double high) {
    Array array(shape);
    for (double& value : array.values) value = random_.uniform(low, high);
    inputs_.push_back(array);
    return array;
}

Array Trial::faked(const Array& yours, const Array& expected) const {
    switch (fake_) {
        case Fake::zeros: return Array(expected.shape, 0.0);
        case Fake::ones: return Array(expected.shape, 1.0);
        case Fake::copy_first:
        case Fake::copy_second:
        case Fake::copy_third: {
            Array copy(expected.shape);
            if (inputs_.empty()) return copy;
            const auto wanted = static_cast<std::size_t>(fake_) - static_cast<std::size_t>(Fake::copy_first);
            const Array& input = inputs_[std::min(wanted, inputs_.size() - 1)];
            for (std::size_t i = 0; i < copy.size() && input.size() > 0; ++i) copy[i] = input[i % input.size()];
            return copy;
        }
        default: return yours;
    }
}

// What wrong numbers have in common with right ones, where that says more than the first of them.
std::string Trial::resemblance(const Array& yours, const Array& expected, double relative) const {
    const auto all = [&](const auto& holds) {
        for (std::size_t i = 0; i < yours.size(); ++i)
            if (!holds(yours[i], expected[i])) return false;
        return true;
    };
    if (all([](double a, double) { return a == 0; })) return "All of your numbers are 0.";
    if (yours.size() < 2) return "";
    const double scale = largest(expected);
    const auto at = static_cast<std::size_t>(
        std::ranges::max_element(expected.values, {}, [](double v) { return std::abs(v); }) - expected.values.begin());
    const double factor = yours[at] / expected[at];
    if (all([&](double a, double b) { return close(a, factor * b, 10 * relative * scale * std::abs(factor)); }))
        return fmt::format("Each of your numbers is {:.6g} times the one expected.", factor);
    if (all([&](double a, double b) {
            return static_cast<double>(static_cast<float>(a)) == a && close(a, b, 1e-3 * scale);
        }))
        return "Your numbers have the 24 bits of a float: somewhere a double became one.";
    return "";
}

Trial::Seen Trial::compare(const Array& yours, const Array& expected, double relative) const {
    if (yours.shape != expected.shape)
        return {fmt::format("has the shape {}, expected {}", text_of(yours.shape), text_of(expected.shape)), ""};
    if (yours.size() != expected.size())
        return {fmt::format("has {} values for its shape {}", yours.size(), text_of(yours.shape)), ""};
    const double allowed = relative * std::max(largest(expected), 1e-12);
    std::size_t wrong = 0, first = 0;
    for (std::size_t i = yours.size(); i-- > 0;)
        if (!close(yours[i], expected[i], allowed)) ++wrong, first = i;
    if (wrong == 0) return {};
    const auto [a, b] = told_apart(yours[first], expected[first]);
    if (yours.size() == 1) return {fmt::format("is {}, expected {}", a, b), resemblance(yours, expected, relative)};
    return {fmt::format("element {} of {}: yours {}, expected {}; {} of {} are wrong",
                        index_text(first, expected.shape), text_of(expected.shape), a, b, wrong, yours.size()),
            resemblance(yours, expected, relative)};
}

void Trial::check(const std::string& name, const Array& answer, const Array& expected, const Tolerance& tolerance) {
    const Array yours = faked(answer, expected);
    const Seen seen = compare(yours, expected, tolerance.relative);
    record(name, seen.text.empty(), yours, tolerance.relative, seen.text.empty() ? "" : name + ": " + seen.text,
           seen.hint.empty() ? tolerance.hint : seen.hint);
}

void Trial::check(const std::string& name, std::span<const float> yours, const Array& expected,
                  const Tolerance& tolerance) {
    // A flat span has the expected shape if it has as many elements.
    const Sizes shape = yours.size() == expected.size() ? expected.shape : Sizes{yours.size()};
    check(name, Array(shape, std::vector<double>(yours.begin(), yours.end())), expected, tolerance);
}

void Trial::number(const std::string& name, double yours, double expected, const Tolerance& tolerance) {
    check(name, Array({}, std::vector<double>{yours}), Array({}, std::vector<double>{expected}), tolerance);
}

void Trial::verdict(const std::string& name, bool answer, bool expected, const std::string& message) {
    const bool yours = fake_ == Fake::none ? answer : fake_ == Fake::ones;
    record(name, yours == expected, Array({}, std::vector<double>{yours ? 1.0 : 0.0}), 0, message, "");
}

void Trial::require(const std::string& name, bool ok, double seen, const std::string& message) {
    record(name, ok, Array({}, std::vector<double>{seen}), 0, message, "");
}

void Trial::tell(const std::string& line) { write_(nlohmann::json{{"tell", line}}.dump()); }

void Trial::share(int reached, int of) { write_(nlohmann::json{{"share", {reached, of}}}.dump()); }

void Trial::cannot(const std::string& message) { throw CannotTry{message}; }

// A line for the grader. In place of the numbers stand their shape and two random sums of them, by which a known mistake
// is recognized and from which nothing can be copied.
void Trial::record(const std::string& name, bool ok, const Array& yours, double relative, const std::string& message,
                   const std::string& hint) {
    RandomStream weights = stream_for(part_ + "/" + case_ + "/" + name);
    double sums[2] = {}, squares = 0;
    int strange = 0;
    for (const double value : yours.values) {
        const double first = weights.normal(), second = weights.normal();
        if (!(std::abs(value) < 1e150)) {  // not finite, or its square is not
            ++strange;
            continue;
        }
        sums[0] += first * value;
        sums[1] += second * value;
        squares += value * value;
    }
    nlohmann::json line{{"case", case_},
                        {"check", name},
                        {"ok", ok},
                        {"seen", {text_of(yours.shape), strange, exact(sums[0]), exact(sums[1])}},
                        {"slack", exact(std::max(10 * relative, 1e-9) * std::sqrt(squares))}};
    if (!ok) line.update({{"message", message}, {"hint", hint}});
    write_(line.dump());
}

}  // namespace cairn::course
