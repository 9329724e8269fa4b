// The ten outlines of shapes10, each as a signed distance.
//
// An outline lives in its own coordinates (u, v), inside the unit circle. Its signed distance is negative inside and
// positive outside, and its size near the edge is about the distance to the edge, so that
//
//   coverage of a pixel = clamp(1/2 - distance * (pixels per unit), 0, 1)
//
// draws it at any size with smooth edges.
#pragma once

#include <string>
#include <vector>

namespace cairn::data {

// The names of the classes: the label is the place in this list.
const std::vector<std::string>& shapes10_classes();

// The signed distance of (u, v) to the outline of a class, 0 … 9.
double shapes10_distance(int label, double u, double v);

}  // namespace cairn::data
