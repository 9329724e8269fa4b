// The grading of chapter 8. Shapes, parameters and operations are compared with those of cairn's own layers, scores with those of
// its ConfusionMatrix.
#include "cairn/course/grading.h"
#include "cairn/metrics/confusion_matrix.h"
#include "cairn/nn/model.h"
#include "chapters/08-deeper-cnn/exercise.h"

#include <memory>

#include <fmt/ranges.h>

namespace cairn::course {

namespace {

using exercise::Kind;
using exercise::Layer;

double number(std::size_t n) { return static_cast<double>(n); }
std::int64_t whole(std::size_t n) { return static_cast<std::int64_t>(n); }

struct Window {
    std::size_t n, k, s;
};

const std::vector<Window> windows = {
    {32, 3, 1},
    {5, 1, 1},
    {7, 2, 1},
    {8, 4, 1},
    {8, 3, 2},
    {7, 3, 2},
    {9, 2, 2},
    {8, 2, 2},
    {11, 5, 3},
    {10, 1, 3},
    {10, 2, 5},
    {3, 7, 1},
    {1, 3, 2},
    {6, 6, 4},
    {13, 4, 3},
};

// Padding is put on in turn, behind the image first, until the windows that begin at 0, s, 2 s, … have pixels enough.
void same_padding(Trial& t) {
    for (const Window& w : windows)
        t.run(fmt::format("n = {}, k = {}, s = {}", w.n, w.k, w.s), [&] {
            const ops::SlidingWindow cairns =
                ops::slide_window("same", {1, whole(w.n), 1, 1}, {whole(w.k), 1}, {whole(w.s), 1}, ops::Padding::same);
            std::size_t all = 0;
            while (w.n + all < (static_cast<std::size_t>(cairns.output_h) - 1) * w.s + w.k) ++all;
            const auto before = static_cast<std::size_t>(cairns.window.pad_top);
            const exercise::Padding yours = exercise::same_padding(w.n, w.k, w.s);
            t.number("output", number(yours.output), static_cast<double>(cairns.output_h));
            t.number("before", number(yours.before), number(before));
            t.number("after", number(yours.after), number(all - before));
        });
}

struct Case {
    Sizes input;
    Layer layer;

    std::string title() const {
        const char* names[] = {"conv2d", "max_pool", "flatten", "dense"};
        std::string text = fmt::format("{} of {}", names[static_cast<int>(layer.kind)], text_of(input));
        if (layer.kind == Kind::conv2d || layer.kind == Kind::max_pool)
            text += fmt::format(", window ({}, {}), strides ({}, {}), {}", layer.h, layer.w, layer.stride_h, layer.stride_w,
                                layer.same ? "same" : "valid");
        if (layer.units > 0) text += fmt::format(", {} units{}", layer.units, layer.bias ? "" : ", no bias");
        return text;
    }
};

const std::vector<Case> cases = {
    {{32, 32, 3}, {Kind::conv2d, 32, 3, 3, 1, 1, true}},
    {{15, 15, 32}, {Kind::conv2d, 64, 3, 3}},
    {{9, 6, 2}, {Kind::conv2d, 5, 3, 2, 2, 1, true}},
    {{8, 11, 3}, {Kind::conv2d, 7, 2, 5, 3, 2}},
    {{7, 7, 4}, {Kind::conv2d, 3, 1, 1, 1, 1, false, false}},
    {{1, 1, 1}, {Kind::conv2d, 1, 1, 1}},
    {{13, 13, 64}, {Kind::max_pool, 0, 2, 2, 2, 2}},
    {{13, 7, 5}, {Kind::max_pool, 0, 3, 2, 2, 1, true}},
    {{4, 4, 128}, {Kind::flatten}},
    {{3, 5, 2}, {Kind::flatten}},
    {{2048}, {Kind::dense, 128}},
    {{7}, {Kind::dense, 1, 1, 1, 1, 1, false, false}},
};

// The same layer of cairn's, connected to an input of this shape.
struct Cairns {
    std::shared_ptr<nn::Layer> layer;
    Shape output;

    explicit Cairns(const Case& c) {
        const Layer& l = c.layer;
        const ops::Padding padding = l.same ? nn::same : nn::valid;
        const nn::Size2d window{whole(l.h), whole(l.w)}, strides{whole(l.stride_h), whole(l.stride_w)};
        switch (l.kind) {
            case Kind::conv2d:
                layer = std::make_shared<nn::Conv2D>(whole(l.units), window, nn::Conv2DOptions{.strides = strides, .padding = padding, .use_bias = l.bias});
                break;
            case Kind::max_pool: layer = std::make_shared<nn::MaxPooling2D>(window, nn::Pooling2DOptions{.strides = strides, .padding = padding}); break;
            case Kind::flatten: layer = std::make_shared<nn::Flatten>(); break;
            case Kind::dense: layer = std::make_shared<nn::Dense>(whole(l.units), nn::DenseOptions{.use_bias = l.bias}); break;
        }
        const Shape input = c.input.size() == 1 ? Shape{whole(c.input[0])} : Shape{whole(c.input[0]), whole(c.input[1]), whole(c.input[2])};
        output = layer->connect(std::array{input});
    }
    double parameters() const {
        std::int64_t count = 0;
        for (const auto& parameter : layer->parameters()) count += parameter->shape.size();
        return static_cast<double>(count);
    }
};

Array numbers(const Sizes& sizes) { return Array({sizes.size()}, std::vector<double>(sizes.begin(), sizes.end())); }

void output_shape(Trial& t) {
    for (const Case& c : cases)
        t.run(c.title(), [&] {
            const Shape expected = Cairns(c).output;
            t.check("output", numbers(exercise::output_shape(c.input, c.layer)), numbers(Sizes(expected.begin(), expected.end())));
        });
}

void parameters(Trial& t) {
    for (const Case& c : cases)
        t.run(c.title(), [&] { t.number("parameters", number(exercise::parameters(c.input, c.layer)), Cairns(c).parameters()); });
}

void flops(Trial& t) {
    for (const Case& c : cases)
        t.run(c.title(), [&] {
            t.number("flops", number(exercise::flops(c.input, c.layer)), static_cast<double>(Cairns(c).layer->flops()));
        });
}

struct Answers {
    std::size_t images, classes;
    bool some_never;  // the last class is never predicted, and the first never occurs

    std::string title() const {
        return fmt::format("{} images of {} class{}{}", images, classes, classes == 1 ? "" : "es",
                           some_never ? ", one of which is never predicted and one never occurs" : "");
    }
    std::vector<std::size_t> draw(Trial& t, std::size_t from, std::size_t to) const {
        std::vector<std::size_t> labels;
        for (std::size_t i = 0; i < images; ++i) labels.push_back(from + t.random().below(static_cast<std::uint32_t>(to - from)));
        return labels;
    }
    std::vector<std::size_t> actual(Trial& t) const { return draw(t, some_never ? 1 : 0, classes); }
    // Half of them right.
    std::vector<std::size_t> predicted(Trial& t, const std::vector<std::size_t>& truth) const {
        std::vector<std::size_t> labels = draw(t, 0, some_never ? classes - 1 : classes);
        for (std::size_t i = 0; i < images; i += 2)
            if (!some_never || truth[i] != classes - 1) labels[i] = truth[i];
        return labels;
    }
};

const std::vector<Answers> answers = {{40, 3, false}, {200, 10, false}, {7, 2, false}, {30, 4, true}, {3, 7, true}, {5, 1, false}};

Array counted(const std::vector<std::size_t>& actual, const std::vector<std::size_t>& predicted, std::size_t classes) {
    Array counts({classes, classes});
    for (std::size_t i = actual.size(); i-- > 0;) counts[classes * actual[i] + predicted[i]] += 1;
    return counts;
}

void confusion_matrix(Trial& t) {
    for (const Answers& a : answers)
        t.run(a.title(), [&] {
            const std::vector<std::size_t> actual = a.actual(t), predicted = a.predicted(t, actual);
            t.check("counts", exercise::confusion_matrix(actual, predicted, a.classes), counted(actual, predicted, a.classes));
        });
}

void scores(Trial& t) {
    for (const Answers& a : answers)
        t.run(a.title(), [&] {
            const std::vector<std::size_t> actual = a.actual(t), predicted = a.predicted(t, actual);
            metrics::ConfusionMatrix matrix(static_cast<int>(a.classes));
            for (std::size_t i = 0; i < actual.size(); ++i) matrix.add(static_cast<int>(actual[i]), static_cast<int>(predicted[i]));
            const exercise::Scores yours = exercise::scores(counted(actual, predicted, a.classes));
            const metrics::ClassScores macro = matrix.macro();
            t.number("accuracy", yours.accuracy, matrix.accuracy());
            t.number("precision", yours.precision, macro.precision);
            t.number("recall", yours.recall, macro.recall);
            t.number("F1", yours.f1, macro.f1);
        });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "same_padding", .functions = {"same_padding"}, .run = same_padding, .hint = "output = n / s, rounded up. The padding is what the last window lacks, or nothing; the smaller half of it stands before the image.", .points = 2},
        {.name = "output_shape", .functions = {"output_shape"}, .run = output_shape, .hint = "Without padding (n - k) / s + 1, rounded down; with 'same' n / s, rounded up. A pooling keeps the channels."},
        {.name = "parameters", .functions = {"parameters"}, .run = parameters, .hint = "Terms times units, and a bias for each unit. The size of the image does not matter to a conv2d."},
        {.name = "flops", .functions = {"flops"}, .run = flops, .hint = "Each number of the output is a sum of kh kw C (or I) products: two operations each."},
        {.name = "confusion_matrix", .functions = {"confusion_matrix"}, .run = confusion_matrix, .hint = "A row for each actual class, a column for each predicted one."},
        {.name = "scores", .functions = {"scores"}, .run = scores, .hint = "Precision: hits over the column's sum. Recall: hits over the row's. F1 of each class from its own two, then the mean.", .points = 2},
    }};
}

}  // namespace cairn::course
