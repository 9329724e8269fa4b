// The figure of the learning-rate finder.
#pragma once

#include "cairn/report/gnuplot.h"
#include "cairn/train/find_rate.h"

namespace cairn::report {

// The losses against the rate, each and smoothed, with the lowest one and the suggested rate marked: "learning-rate".
Figure rate_curve(const std::string& model, const train::RateCurve& curve);

}  // namespace cairn::report
