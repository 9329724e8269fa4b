// shapes10: ten classes of small colour pictures, drawn by a program, for learning without a download.
//
// It stands in for CIFAR-10 where that is not at hand: 32x32 colour images, ten classes, labels that neither colour nor
// brightness gives away. A picture shows one of ten outlines (data/shapes10_outlines.h) at a random place, size, tilt,
// stretch and colour, on a background with a gradient and waves, among scraps of other things, sometimes partly
// covered, with noise. datasets/README.md says how well models learn it.
#pragma once

#include "cairn/data/dataset.h"

namespace cairn::data {

// The same pictures for the same seed, on any number of threads; as many of each class as the counts allow. Picture i
// of the training set and picture i of the test set have nothing in common, and neither depends on the counts. The
// records stand in canonical order (data/canonical.h), as if they had been loaded from files.
Split make_shapes10(std::uint64_t seed = 0, std::int64_t train = 10'000, std::int64_t test = 2'000);

}  // namespace cairn::data
