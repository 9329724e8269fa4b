// The grading of chapter 12. Results are made up, such as accuracies are: near each other, with ties.
#include "cairn/course/grading.h"
#include "chapters/12-model-comparison/exercise.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cairn::course {

namespace {

Array array_of(const std::vector<double>& values) { return Array({values.size()}, values); }

void column(Trial& t) {
    struct File {
        std::string title;
        std::vector<std::string> names;
        std::size_t epochs;
        bool ends;
    };
    const std::vector<File> files = {
        {"as cairn writes it", {"epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"}, 7, true},
        {"columns in another order", {"val_accuracy", "epoch", "accuracy", "val_loss"}, 3, true},
        {"the last column, no line end", {"epoch", "accuracy", "loss", "val_accuracy"}, 5, false},
        {"a name that begins as another one", {"epoch", "val_accuracy_top5", "val_accuracy"}, 4, true},
        {"one epoch", {"epoch", "accuracy", "val_accuracy", "seconds"}, 1, true},
    };
    for (const File& file : files)
        t.run(file.title, [&] {
            const Array numbers = t.uniform({file.epochs, file.names.size()}, 0, 1);
            std::string csv = fmt::format("{}", fmt::join(file.names, ","));
            std::vector<double> expected;
            const auto wanted =
                static_cast<std::size_t>(std::ranges::find(file.names, "val_accuracy") - file.names.begin());
            for (std::size_t e = 0; e < file.epochs; ++e) {
                for (std::size_t c = 0; c < file.names.size(); ++c) {
                    const double number = c == 0 && file.names[0] == "epoch" ? static_cast<double>(e + 1)
                                                                             : numbers[e * file.names.size() + c];
                    csv += fmt::format("{}{:.6f}", c == 0 ? "\n" : ",", number);
                    if (c == wanted) expected.push_back(std::stod(fmt::format("{:.6f}", number)));
                }
            }
            if (file.ends) csv += "\n";
            t.check("val_accuracy", array_of(exercise::column(csv, "val_accuracy")), array_of(expected));
        });
}

void last_five(Trial& t) {
    for (const std::size_t epochs : {10u, 5u, 6u, 3u, 1u, 20u})
        t.run(fmt::format("{} epochs", epochs), [&] {
            const Array values = t.uniform({epochs}, 0.2, 0.9);
            double sum = 0, count = 0;
            for (std::size_t e = 0; e < epochs; ++e)
                if (e + 5 >= epochs) sum += values[e], ++count;
            t.number("mean", exercise::last_five(values.values), sum / count);
        });
}

void test_of_best_epoch(Trial& t) {
    for (const std::size_t epochs : {1u, 2u, 5u, 10u, 20u})
        t.run(fmt::format("{} epochs", epochs), [&] {
            const Array validation = t.uniform({epochs}, 0.2, 0.9), test = t.uniform({epochs}, 0.2, 0.9);
            std::size_t best = 0;
            for (std::size_t e = 0; e < epochs; ++e)
                if (validation[e] > validation[best]) best = e;
            t.number("test accuracy", exercise::test_of_best_epoch(validation.values, test.values), test[best]);
        });
    t.run("two epochs are equally good", [&] {
        const std::vector<double> validation = {0.5, 0.7, 0.6, 0.7, 0.1}, test = {0.52, 0.66, 0.81, 0.74, 0.2};
        t.number("test accuracy", exercise::test_of_best_epoch(validation, test), 0.66);
    });
}

void macro_f1(Trial& t) {
    const std::vector<std::pair<std::string, Array>> all = {
        {"2 classes", Array({2, 2}, {3, 1, 2, 14})},
        {"3 classes, as many images of each", Array({3, 3}, {8, 1, 1, 4, 5, 1, 0, 3, 7})},
        {"a class that is never predicted", Array({3, 3}, {5, 0, 2, 3, 0, 1, 1, 0, 9})},
        {"a class without images, never predicted", Array({3, 3}, {5, 0, 2, 0, 0, 0, 1, 0, 9})},
        {"a class without images, predicted", Array({3, 3}, {5, 1, 2, 0, 0, 0, 1, 3, 9})},
        {"nothing is right", Array({2, 2}, {0, 4, 3, 0})},
        {"1 class", Array({1, 1}, {7})},
    };
    for (const auto& [title, counts] : all)
        t.run(title, [&, counts = counts] {
            const std::size_t n = counts.shape[0];
            double sum = 0;
            for (std::size_t c = 0; c < n; ++c) {
                double row = 0, columns = 0;
                for (std::size_t k = 0; k < n; ++k) row += counts[c * n + k], columns += counts[k * n + c];
                const double f1 = row + columns == 0 ? 0 : 2 * counts[c * n + c] / (row + columns);
                sum += f1 / static_cast<double>(n);
            }
            t.number("macro F1", exercise::macro_f1(counts), sum);
        });
}

void spread(Trial& t) {
    for (const std::size_t seeds : {2u, 3u, 5u, 10u})
        t.run(fmt::format("{} seeds", seeds), [&] {
            const Array results = t.uniform({seeds}, 0.6, 0.8);
            double mean = 0, pairs = 0;
            for (const double result : results.values) mean += result / static_cast<double>(seeds);
            // The variance by the differences of all pairs.
            for (const double a : results.values)
                for (const double b : results.values) pairs += (a - b) * (a - b);
            const auto n = static_cast<double>(seeds);
            const exercise::Spread yours = exercise::spread(results.values);
            t.number("mean", yours.mean, mean);
            t.number("deviation", yours.deviation, std::sqrt(pairs / (2 * n * (n - 1))));
        });
    t.run("1 seed", [&] {
        const exercise::Spread yours = exercise::spread({0.7034});
        t.number("mean", yours.mean, 0.7034);
        t.require("deviation", std::isnan(yours.deviation), std::isnan(yours.deviation) ? 1 : yours.deviation,
                  fmt::format("one seed says nothing of what another would show; yours {:.4g}, expected NaN", yours.deviation));
    });
}

void without_penalty(Trial& t) {
    const std::vector<std::vector<Sizes>> all = {{{2, 3}}, {{3, 3, 2, 4}, {5, 2}}, {{1}, {7, 2}, {2, 2}}, {}};
    for (const std::vector<Sizes>& shapes : all)
        for (const double lambda : {0.0, 0.01, 0.3})
            t.run(fmt::format("{} kernels, lambda {}", shapes.size(), lambda), [&] {
                std::vector<Array> kernels;
                double squares = 0;
                for (const Sizes& shape : shapes) {
                    kernels.push_back(t.normal(shape));
                    for (const double weight : kernels.back().values) squares += weight * weight;
                }
                t.number("loss", exercise::without_penalty(1.75 + lambda * squares, lambda, kernels), 1.75);
            });
}

// The share of the ways to choose; `chosen` says which of the results belong to a.
double share_of_ways(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all = a;
    all.insert(all.end(), b.begin(), b.end());
    std::vector<bool> chosen(all.size());
    std::fill_n(chosen.begin(), a.size(), true);
    const auto difference = [&] {
        double of_a = 0, of_b = 0;
        for (std::size_t i = 0; i < all.size(); ++i) (chosen[i] ? of_a : of_b) += all[i];
        return of_a / static_cast<double>(a.size()) - of_b / static_cast<double>(b.size());
    };
    const double seen = difference();
    double ways = 0, as_large = 0;
    do {
        ++ways;
        if (difference() >= seen - 1e-12) ++as_large;
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    return as_large / ways;
}

void chance(Trial& t) {
    struct Results {
        std::string title;
        std::vector<double> a, b;
    };
    const std::vector<Results> all = {
        {"3 and 3, all of a above", {0.7065, 0.7011, 0.7040}, {0.6845, 0.6819, 0.6889}},
        {"3 and 3, all of a below", {0.6845, 0.6819, 0.6889}, {0.7065, 0.7011, 0.7040}},
        {"3 and 3, mixed", {0.72, 0.69, 0.71}, {0.70, 0.68, 0.715}},
        {"1 and 1", {0.7419}, {0.7320}},
        {"2 and 4", {0.75, 0.71}, {0.70, 0.74, 0.72, 0.69}},
        {"5 and 5, far apart", {0.80, 0.81, 0.82, 0.83, 0.84}, {0.70, 0.71, 0.72, 0.73, 0.74}},
        {"ties", {0.7, 0.7, 0.72}, {0.7, 0.69, 0.7}},
        {"all are equal", {0.7, 0.7}, {0.7, 0.7, 0.7}},
    };
    for (const Results& r : all)
        t.run(r.title, [&] { t.number("chance", exercise::chance(r.a, r.b), share_of_ways(r.a, r.b)); });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "column",
         .functions = {"column"},
         .run = column,
         .hint = "The first line says in which place the name stands; that place is read from every other line."},
        {.name = "last_five", .functions = {"last_five"}, .run = last_five, .hint = "Count from the end."},
        {.name = "test_of_best_epoch",
         .functions = {"test_of_best_epoch"},
         .run = test_of_best_epoch,
         .hint = "The test accuracy has no say in the choice."},
        {.name = "macro_f1",
         .functions = {"macro_f1"},
         .run = macro_f1,
         .hint = "An F1 for each class; then their plain mean, over all classes.",
         .points = 2},
        {.name = "spread",
         .functions = {"spread"},
         .run = spread,
         .hint = "√(Σ (result − mean)² / (n − 1)).",
         .points = 2},
        {.name = "without_penalty",
         .functions = {"without_penalty"},
         .run = without_penalty,
         .hint = "loss − λ Σ w², over all numbers of all kernels."},
        {.name = "chance",
         .functions = {"chance"},
         .run = chance,
         .hint = "Put all results together; try each way to call a.size() of them a; count those as large as what was seen.",
         .points = 3},
    }};
}

}  // namespace cairn::course
