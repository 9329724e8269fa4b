// A picture is painted from back to front: background, scraps, the object, a bar that covers part of it, noise.
// Everything random comes from one stream of numbers per picture, in the order in which it is painted.
#include "cairn/data/shapes10.h"

#include "cairn/core/error.h"
#include "cairn/core/parallel.h"
#include "cairn/core/random.h"
#include "cairn/data/canonical.h"
#include "cairn/data/shapes10_outlines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace cairn::data {

namespace {

constexpr int side = 32;
constexpr double pi = std::numbers::pi;

using Colour = std::array<double, 3>;            // red, green, blue; 0 … 255
using Canvas = std::array<Colour, side * side>;  // row by row

Colour random_colour(RandomStream& random, double low = 10, double high = 245) {
    return {random.uniform(low, high), random.uniform(low, high), random.uniform(low, high)};
}

// The colour of the object: at least 130 away from `background` in RGB space. It tends to be the lighter of the two,
// since without that hint a network of dense layers learns nothing at all.
Colour object_colour(RandomStream& random, const Colour& background) {
    for (;;) {
        const Colour colour = random_colour(random, 35);
        double squares = 0;
        for (int c = 0; c < 3; ++c) squares += (colour[c] - background[c]) * (colour[c] - background[c]);
        if (squares >= 130 * 130) return colour;
    }
}

// Where an outline stands on the canvas: (x, y) in pixels -> (u, v) in the outline's coordinates.
struct Placement {
    double x, y;    // its centre, in pixels
    double radius;  // pixels per unit
    double angle;
    double stretch;  // along u; v shrinks by as much
};

// Paints `colour` over every pixel as far as the outline covers it.
template <typename Distance>
void paint(Canvas& canvas, const Placement& at, const Colour& colour, const Distance& distance) {
    const double cosine = std::cos(at.angle) / at.radius, sine = std::sin(at.angle) / at.radius;
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            const double x = column + 0.5 - at.x, y = row + 0.5 - at.y;
            const double u = (cosine * x + sine * y) / at.stretch, v = (cosine * y - sine * x) * at.stretch;
            const double coverage = std::clamp(0.5 - distance(u, v) * at.radius, 0.0, 1.0);
            if (coverage == 0) continue;
            Colour& pixel = canvas[row * side + column];
            for (int c = 0; c < 3; ++c) pixel[c] += coverage * (colour[c] - pixel[c]);
        }
    }
}

// From colour a to colour b across the picture, with a wave over it.
Colour paint_background(Canvas& canvas, RandomStream& random) {
    const Colour a = random_colour(random, 10, 215), b = random_colour(random, 10, 215);
    const double angle = random.uniform(0, 2 * pi), blend = random.uniform(0, 0.5);
    const double wave_angle = random.uniform(0, 2 * pi), frequency = random.uniform(0.2, 0.9),
                 phase = random.uniform(0, 2 * pi);
    const double amplitude = random.uniform(0, 14);
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            const double x = column - 15.5, y = row - 15.5;
            const double t = blend * std::clamp(0.5 + (x * std::cos(angle) + y * std::sin(angle)) / side, 0.0, 1.0);
            const double wave =
                amplitude * std::sin(frequency * (x * std::cos(wave_angle) + y * std::sin(wave_angle)) + phase);
            for (int c = 0; c < 3; ++c) canvas[row * side + column][c] = a[c] + t * (b[c] - a[c]) + wave;
        }
    }
    Colour middle;  // in the middle of the picture
    for (int c = 0; c < 3; ++c) middle[c] = a[c] + blend / 2 * (b[c] - a[c]);
    return middle;
}

// A stroke: all points within `half_width` of a line from (-1, 0) to (1, 0).
double stroke(double u, double v, double half_width) {
    return std::hypot(u - std::clamp(u, -1.0, 1.0), v) - half_width;
}

void paint_scraps(Canvas& canvas, RandomStream& random) {
    const std::uint32_t count = random.below(4);
    for (std::uint32_t i = 0; i < count; ++i) {
        const Placement at{random.uniform(0, side), random.uniform(0, side), random.uniform(0.5, 3.5),
                           random.uniform(0, pi), 1.0};
        const double half_width = random.uniform(0.8, 1.6) / at.radius;
        paint(canvas, at, random_colour(random), [=](double u, double v) { return stroke(u, v, half_width); });
    }
}

void paint_object(Canvas& canvas, RandomStream& random, int label, const Colour& background) {
    const double radius = random.uniform(9.5, 14);
    const double room = side / 2.0 - radius;  // the outline's circle stays on the canvas
    const Placement at{side / 2.0 + random.uniform(-room, room), side / 2.0 + random.uniform(-room, room), radius,
                       random.uniform(-0.4, 0.4), random.uniform(0.88, 1.14)};
    const double mirror = random.below(2) == 0 ? 1 : -1;
    const Colour colour = object_colour(random, background);
    paint(canvas, at, colour, [=](double u, double v) { return shapes10_distance(label, u, mirror * v); });
}

void paint_cover(Canvas& canvas, RandomStream& random) {
    if (random.uniform() > 0.25) return;
    const Placement at{random.uniform(4, 28), random.uniform(4, 28), random.uniform(5, 12), random.uniform(0, pi), 1.0};
    const double half_width = random.uniform(0.8, 2.0) / at.radius;
    paint(canvas, at, random_colour(random), [=](double u, double v) { return stroke(u, v, half_width); });
}

// Near-normal noise: the four bytes of a word add up to 510 on average, with a standard deviation of 147.8 (Irwin and
// Hall).
double noise(std::uint32_t word) {
    const std::uint32_t sum = (word & 255) + (word >> 8 & 255) + (word >> 16 & 255) + (word >> 24);
    return (static_cast<double>(sum) - 510) / 147.8;
}

void draw(std::span<std::uint8_t> image, int label, const RandomKey& key) {
    RandomStream random(key);
    Canvas canvas;
    const Colour background = paint_background(canvas, random);
    paint_scraps(canvas, random);
    paint_object(canvas, random, label, background);
    paint_cover(canvas, random);
    const double sigma = random.uniform(2, 12);
    for (std::size_t i = 0; i < image.size(); ++i) {
        const double value = canvas[i / 3][i % 3] + sigma * noise(random.next());
        image[i] = static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    }
}

Dataset make_part(std::uint64_t seed, std::uint32_t part, std::int64_t size) {
    Dataset dataset{
        .name = "shapes10", .classes = shapes10_classes(), .image_shape = {side, side, 3}, .images = {}, .labels = {}};
    dataset.images.resize(static_cast<std::size_t>(size * dataset.image_bytes()));
    dataset.labels.resize(static_cast<std::size_t>(size));
    parallel_for(size, 16, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
            const int label = static_cast<int>(i % 10);
            const auto bytes = static_cast<std::size_t>(dataset.image_bytes());
            draw(std::span(dataset.images).subspan(static_cast<std::size_t>(i) * bytes, bytes), label,
                 {seed, stream_of(Purpose::dataset, part), static_cast<std::uint32_t>(i)});
            dataset.labels[static_cast<std::size_t>(i)] = label;
        }
    });
    sort_canonically(dataset);
    return dataset;
}

}  // namespace

Split make_shapes10(std::uint64_t seed, std::int64_t train, std::int64_t test) {
    check(train >= 0 && test >= 0, "shapes10 cannot have {} training and {} test images", train, test);
    return {make_part(seed, 0, train), make_part(seed, 1, test)};
}

}  // namespace cairn::data
