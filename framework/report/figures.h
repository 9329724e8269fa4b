// The figures of the reports, as data and gnuplot's commands; Gnuplot::draw draws them.
#pragma once

#include "cairn/data/dataset.h"
#include "cairn/report/gnuplot.h"
#include "cairn/report/notebook_runs.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cairn::report {

// Accuracy and loss against the epoch, for training and validation: PREFIXaccuracy and PREFIXloss. The curves `behind` (a
// notebook's) are drawn faint.
std::vector<Figure> learning_curves(const std::string& prefix, const Curves& run, const std::vector<Curves>& behind);

// Accuracy of several models in one picture, training dashed and validation solid.
Figure accuracy_comparison(const std::string& name, const std::string& title, const std::vector<Curves>& models);

struct Heatmap {
    std::string title;
    metrics::ConfusionMatrix confusion;
};

// Confusion matrices of the same classes, Actual against Predicted; several stand in rows of two. Up to 16 classes have their
// counts written in; of more the counts are shown by colour alone, and those that are 0 have no line in the data.
Figure confusion_figure(const std::string& name, const std::string& title, const std::vector<std::string>& classes,
                        const std::vector<Heatmap>& heatmaps);

struct ModelScores {
    std::string name;
    metrics::Scores scores, notebook;
};

// A group of four bars for each model, with the notebook's scores as marks.
Figure score_bars(const std::string& name, const std::string& title, const std::vector<ModelScores>& models);

struct Points {
    std::string name;
    std::vector<std::pair<double, double>> at;  // (x, test accuracy)
};

// Test accuracy against what it costs; a mark per run, in a colour and a form per name.
Figure accuracy_against(const std::string& name, const std::string& cost, bool logarithmic,
                        const std::vector<Points>& runs);

struct Mistake {
    std::int64_t index = 0;  // in the files of the data set
    io::Image image;
    std::int32_t actual = 0, predicted = 0;
    double confidence = 0;  // the probability that the model gave to `predicted`
};

// The `n` images that the model is most sure of among those it gets wrong, the surest first. `logits` is (size, classes).
// Throws BugError for another shape.
std::vector<Mistake> most_confident_mistakes(const data::Dataset& images, std::span<const float> logits, int n = 12);

// The pictures, which are of one size, each with what it is and what it was taken for.
Figure mistakes_figure(const std::vector<std::string>& classes, const std::vector<Mistake>& mistakes);

// The first `columns` images of each class, a row per class with its name; of more than 40 classes those of the first 40.
Figure samples_figure(const data::Dataset& images, std::int64_t columns);

// The kernels of a convolution over pictures, (kh, kw, 3 or 1, filters), as pictures: medium grey is 0, and each filter is
// scaled by its largest weight. Kernels larger than a cell are shown smaller, and of many filters the first. Throws BugError for
// another shape.
Figure filters_figure(const Shape& shape, std::span<const float> kernel);

}  // namespace cairn::report
