// Scores: how good a model is on one set of images.
#pragma once

#include "cairn/metrics/confusion_matrix.h"

#include <limits>
#include <utility>

namespace cairn::metrics {

// Stands for a number that nobody noted.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Scores {
    double loss = unknown, accuracy = unknown;
    double precision = unknown, recall = unknown, f1 = unknown;  // macro means
    ConfusionMatrix confusion{};                                 // that they follow from; may be without classes
};

// Their names in metrics.json.
inline constexpr std::pair<const char*, double Scores::*> named_scores[] = {{"loss", &Scores::loss},
                                                                            {"accuracy", &Scores::accuracy},
                                                                            {"precision", &Scores::precision},
                                                                            {"recall", &Scores::recall},
                                                                            {"f1", &Scores::f1}};

// All of them, from what each image was taken for and from the loss.
inline Scores scores_of(ConfusionMatrix confusion, double loss) {
    const ClassScores macro = confusion.macro();
    return {loss, confusion.accuracy(), macro.precision, macro.recall, macro.f1, std::move(confusion)};
}

}  // namespace cairn::metrics
