// Figures with a place for each layer: include of inspection.cpp.
#pragma once

#include "cairn/report/inspection.h"

namespace cairn::report {

// Boxes of the spreads of activations, of gradients and of weights, and the norms of the parameters' gradients; those without
// any number are left out.
std::vector<Figure> layer_figures(const std::vector<InspectedState>& states);

}  // namespace cairn::report
