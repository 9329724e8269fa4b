// Layers that show a model other images in every step of training, and the same in inference.
#pragma once

#include "cairn/nn/layer.h"

#include <cmath>

namespace cairn::nn {

enum class FlipMode { horizontal, vertical, horizontal_and_vertical };

// Turns half of a batch's images around in training: left and right, top and bottom, or both at once.
class RandomFlip final : public UnaryLayer {
public:
    explicit RandomFlip(FlipMode mode = FlipMode::horizontal_and_vertical) : mode_(mode) {}
    std::string type() const override { return "RandomFlip"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    FlipMode mode_;
};

// From where to where a random shift is drawn, as a share of the image's size: 0.1 is from -0.1 to 0.1.
struct ShiftFactor {
    ShiftFactor(double factor) : low(-std::abs(factor)), high(std::abs(factor)) {}
    ShiftFactor(double low_, double high_) : low(low_), high(high_) {}

    double low, high;
};

// What stands beyond the borders of an image abcd.
enum class FillMode {
    reflect,   // dcba|abcd|dcba
    constant,  // kkkk|abcd|kkkk, k the fill value
    wrap,      // abcd|abcd|abcd
    nearest    // aaaa|abcd|dddd
};
enum class Interpolation { nearest, bilinear };

struct RandomTranslationOptions {
    FillMode fill_mode = FillMode::reflect;
    Interpolation interpolation = Interpolation::bilinear;
    double fill_value = 0;
};

// Shifts each image in training, down and to the right by positive factors.
class RandomTranslation final : public UnaryLayer {
public:
    RandomTranslation(ShiftFactor height_factor, ShiftFactor width_factor,
                      const RandomTranslationOptions& options = {});
    std::string type() const override { return "RandomTranslation"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    ShiftFactor height_factor_, width_factor_;
    RandomTranslationOptions options_;
};

}  // namespace cairn::nn
