// An image (H, W, C) is H W rows of C numbers, so that a flipped or shifted batch is some of its rows in another order: the host
// draws the random numbers and says which.
#include "cairn/nn/augmentation.h"

#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"

#include <algorithm>
#include <array>

namespace cairn::nn {

namespace {

void check_images(const char* layer, const Shape& input) {
    check(input.rank() == 3, "{}: needs images (height, width, channels), not {}", layer, input);
}

// (N, H, W, C) -> (N H W, C), in the order of `rows`.
Tensor gathered(const Tensor& x, const std::vector<std::int32_t>& rows) {
    const std::int64_t pixels = x.size() / x.dim(3);
    return ops::gather_rows(ops::reshape(x, {pixels, x.dim(3)}), from_values({pixels}, rows, x.device()));
}

// The pixel of an axis that an output pixel takes, and its weight; none where it lies outside of the image.
struct Tap {
    std::int64_t pixel = 0;
    double weight = 0;
    bool inside = false;
};
using Taps = std::array<Tap, 2>;

// Where `at` lies in an axis of n pixels that goes on beyond its borders.
double wrapped(double at, double n, FillMode mode) {
    switch (mode) {
        case FillMode::constant: return at;
        case FillMode::nearest: break;
        case FillMode::reflect:
            if (at < 0) at = -at - 1;
            else if (at >= n) at = 2 * n - at - 1;
            break;
        case FillMode::wrap:
            if (at < 0) at += n;
            else if (at > n - 1) at -= n;
            break;
    }
    return std::clamp(at, 0.0, n - 1);
}

Taps taps_at(double at, std::int64_t n, const RandomTranslationOptions& options) {
    at = wrapped(at, static_cast<double>(n), options.fill_mode);
    const double low = options.interpolation == Interpolation::nearest ? std::round(at) : std::floor(at);
    const double share = options.interpolation == Interpolation::nearest ? 0 : at - low;
    const auto tap = [n](double pixel, double weight) {
        const auto p = static_cast<std::int64_t>(pixel);
        return p >= 0 && p < n ? Tap{p, weight, true} : Tap{0, weight, false};
    };
    return {tap(low, 1 - share), tap(low + 1, share)};
}

// The pixels (u, v) that one of the four combinations of taps takes, for a whole batch, with their weights.
struct Part {
    std::vector<std::int32_t> rows;
    std::vector<double> weights;
};

}  // namespace

Shape RandomFlip::build(const Shape& input) {
    check_images("RandomFlip", input);
    return input;
}

Tensor RandomFlip::forward(const Tensor& x, const Call& call) const {
    if (!call.draws()) return x;
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2);
    RandomStream random(random_key(call, Purpose::augment));
    std::vector<std::int32_t> rows;
    rows.reserve(static_cast<std::size_t>(N * H * W));
    for (std::int64_t n = 0; n < N; ++n) {
        const bool flips = random.uniform() < 0.5;
        const bool left_right = flips && mode_ != FlipMode::vertical,
                   top_bottom = flips && mode_ != FlipMode::horizontal;
        for (std::int64_t i = 0; i < H; ++i)
            for (std::int64_t j = 0; j < W; ++j) {
                const std::int64_t u = top_bottom ? H - 1 - i : i, v = left_right ? W - 1 - j : j;
                rows.push_back(static_cast<std::int32_t>((n * H + u) * W + v));
            }
    }
    return ops::reshape(gathered(x, rows), {N, H, W, x.dim(3)});
}

RandomTranslation::RandomTranslation(ShiftFactor height_factor, ShiftFactor width_factor,
                                     const RandomTranslationOptions& options)
    : height_factor_(height_factor), width_factor_(width_factor), options_(options) {
    for (const auto& [low, high] : {height_factor, width_factor})
        check(low >= -1 && high <= 1 && low <= high,
              "RandomTranslation: the factors ({}, {}) must lie between -1 and 1, the smaller one first", low, high);
}

Shape RandomTranslation::build(const Shape& input) {
    check_images("RandomTranslation", input);
    return input;
}

Tensor RandomTranslation::forward(const Tensor& x, const Call& call) const {
    if (!call.draws()) return x;
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2);
    RandomStream random(random_key(call, Purpose::augment));
    std::array<Part, 4> parts;
    std::vector<double> filled;  // what the fill value adds to each pixel
    for (std::int64_t n = 0; n < N; ++n) {
        const double down = random.uniform(height_factor_.low, height_factor_.high) * static_cast<double>(H);
        const double right = random.uniform(width_factor_.low, width_factor_.high) * static_cast<double>(W);
        for (std::int64_t i = 0; i < H; ++i)
            for (std::int64_t j = 0; j < W; ++j) {
                const Taps rows = taps_at(static_cast<double>(i) - down, H, options_);
                const Taps columns = taps_at(static_cast<double>(j) - right, W, options_);
                double outside = 0;
                for (std::size_t k = 0; k < 4; ++k) {
                    const Tap &u = rows[k / 2], &v = columns[k % 2];
                    const bool inside = u.inside && v.inside;
                    const double weight = u.weight * v.weight;
                    if (!inside) outside += weight;
                    parts[k].rows.push_back(static_cast<std::int32_t>((n * H + u.pixel) * W + v.pixel));
                    parts[k].weights.push_back(inside ? weight : 0);
                }
                filled.push_back(outside * options_.fill_value);
            }
    }

    const auto column = [&](const std::vector<double>& values) {
        return to_dtype(from_values({N * H * W, 1}, values, Device::cpu()), x.dtype());
    };
    Tensor y;
    for (const auto& [rows, weights] : parts) {
        if (std::ranges::count(weights, 0.0) == std::ssize(weights) && y.defined()) continue;
        const Tensor part = ops::mul(gathered(x, rows), to_device(column(weights), x.device()));
        y = y.defined() ? ops::add(y, part) : part;
    }
    if (options_.fill_value != 0) y = ops::add(y, to_device(column(filled), x.device()));
    return ops::reshape(y, {N, H, W, x.dim(3)});
}

Settings RandomFlip::settings() const {
    constexpr const char* names[] = {"horizontal", "vertical", "horizontal_and_vertical"};
    Settings settings;
    settings.add("mode", std::string(names[static_cast<int>(mode_)]));
    return settings;
}

Settings RandomTranslation::settings() const {
    constexpr const char *fills[] = {"reflect", "constant", "wrap", "nearest"}, *between[] = {"nearest", "bilinear"};
    const auto range = [](const ShiftFactor& factor) { return fmt::format("{} to {}", factor.low, factor.high); };
    Settings settings;
    settings.add("height_factor", range(height_factor_));
    settings.add("width_factor", range(width_factor_));
    settings.add("fill_mode", std::string(fills[static_cast<int>(options_.fill_mode)]), std::string("reflect"));
    settings.add("interpolation", std::string(between[static_cast<int>(options_.interpolation)]),
                 std::string("bilinear"));
    settings.add("fill_value", options_.fill_value, 0.0);
    return settings;
}

}  // namespace cairn::nn
