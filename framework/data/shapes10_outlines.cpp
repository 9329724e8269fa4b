#include "cairn/data/shapes10_outlines.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

namespace cairn::data {

namespace {

constexpr double pi = std::numbers::pi;

struct Point {
    double u, v;
};

double disc(double u, double v, double radius) { return std::hypot(u, v) - radius; }

double ring(double u, double v) { return std::abs(disc(u, v, 0.74)) - 0.22; }

// A disc without a second, shifted one: the complement of an outline has the negated distance, an intersection the
// larger.
double crescent(double u, double v) { return std::max(disc(u, v, 0.95), -disc(u - 0.42, v - 0.1, 0.72)); }

// A polygon: the distance to the nearest edge; inside if a ray to the right crosses an odd number of edges.
double polygon(std::span<const Point> corners, double u, double v) {
    double nearest = std::numeric_limits<double>::max();
    bool inside = false;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Point a = corners[i], b = corners[(i + 1) % corners.size()];
        const double along_u = b.u - a.u, along_v = b.v - a.v;
        const double t = ((u - a.u) * along_u + (v - a.v) * along_v) / (along_u * along_u + along_v * along_v);
        const double s = std::clamp(t, 0.0, 1.0);
        nearest = std::min(nearest, std::hypot(u - a.u - s * along_u, v - a.v - s * along_v));
        if ((a.v > v) != (b.v > v) && u < a.u + (v - a.v) / along_v * along_u) inside = !inside;
    }
    return inside ? -nearest : nearest;
}

// n corners on a circle, every second one pulled in to `inner`.
template <std::size_t n>
std::array<Point, n> corners(double inner) {
    std::array<Point, n> points;
    for (std::size_t i = 0; i < n; ++i) {
        const double angle = 2 * pi * static_cast<double>(i) / n, radius = i % 2 == 0 ? 1.0 : inner;
        points[i] = {radius * std::cos(angle), radius * std::sin(angle)};
    }
    return points;
}

const std::array<Point, 4> square{{{0.8, 0.8}, {-0.8, 0.8}, {-0.8, -0.8}, {0.8, -0.8}}};
const auto star = corners<10>(0.4);
const std::array<Point, 3> triangle{{{1, 0}, {-0.6, 0.8}, {-0.6, -0.8}}};
constexpr double arm = 0.3;  // half the width of the cross's arms
const std::array<Point, 12> cross{{{0.95, -arm},
                                   {0.95, arm},
                                   {arm, arm},
                                   {arm, 0.95},
                                   {-arm, 0.95},
                                   {-arm, arm},
                                   {-0.95, arm},
                                   {-0.95, -arm},
                                   {-arm, -arm},
                                   {-arm, -0.95},
                                   {arm, -0.95},
                                   {arm, -arm}}};

// A wave of period 2 * width that is a signed distance: negative on bands of the given width, positive between them.
double bands(double x, double width) {
    const double phase = x / (2 * width) - std::floor(x / (2 * width));  // [0, 1)
    return (std::abs(phase - 0.5) - 0.25) * 2 * width;
}

double stripes(double u, double v) { return std::max(disc(u, v, 0.95), bands(u, 0.27)); }

// Exactly one of two sets of bands: the union without the intersection.
double checkerboard(double u, double v) {
    const double a = bands(u, 0.38), b = bands(v, 0.38);
    return std::max(disc(u, v, 0.95), std::max(std::min(a, b), -std::max(a, b)));
}

// Archimedes' spiral, radius = pitch * turn from the centre outwards, drawn as a band with a round end. At any angle
// the arms lie one pitch apart.
double spiral(double u, double v) {
    constexpr double pitch = 0.46, half_width = 0.115, last_turn = 1.85;
    const double end_angle = 2 * pi * (last_turn - 0.5), end_radius = pitch * last_turn;
    double nearest = std::hypot(u - end_radius * std::cos(end_angle), v - end_radius * std::sin(end_angle));
    const double radius = std::hypot(u, v), first_turn = std::atan2(v, u) / (2 * pi) + 0.5;  // in [0, 1]
    for (double turn = first_turn; turn < last_turn; turn += 1)
        nearest = std::min(nearest, std::abs(radius - pitch * turn));
    return nearest - half_width;
}

}  // namespace

const std::vector<std::string>& shapes10_classes() {
    static const std::vector<std::string> names{"disc", "ring",  "crescent", "triangle",     "square",
                                                "star", "cross", "stripes",  "checkerboard", "spiral"};
    return names;
}

double shapes10_distance(int label, double u, double v) {
    switch (label) {
        case 0: return disc(u, v, 0.9);
        case 1: return ring(u, v);
        case 2: return crescent(u, v);
        case 3: return polygon(triangle, u, v);
        case 4: return polygon(square, u, v);
        case 5: return polygon(star, u, v);
        case 6: return polygon(cross, u, v);
        case 7: return stripes(u, v);
        case 8: return checkerboard(u, v);
        case 9: return spiral(u, v);
        default: invariant(false, "shapes10 has labels 0 to 9, not {}", label); return 0;
    }
}

}  // namespace cairn::data
