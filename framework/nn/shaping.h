// Layers that move numbers and do not change them.
#pragma once

#include "cairn/nn/layer.h"
#include "cairn/nn/window.h"

#include <vector>

namespace cairn::nn {

// (H, W, C) -> (H * W * C,), without a copy.
class Flatten final : public UnaryLayer {
public:
    std::string type() const override { return "Flatten"; }
    Shape build(const Shape& input) override { return {input.size()}; }
    Tensor forward(const Tensor& x, const Call&) const override { return ops::flatten(x); }
};

// The same numbers under another shape, without a copy; one size may be -1: nn::Reshape({4, 4, -1}).
class Reshape final : public UnaryLayer {
public:
    explicit Reshape(std::vector<std::int64_t> target_shape) : target_shape_(std::move(target_shape)) {}
    std::string type() const override { return "Reshape"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;

private:
    std::vector<std::int64_t> target_shape_;
};

// Repeats rows and columns: (H, W, C) -> (H size, W size, C). Keras's interpolation "nearest".
class UpSampling2D final : public UnaryLayer {
public:
    explicit UpSampling2D(Size2d size = {2, 2});
    std::string type() const override { return "UpSampling2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    Size2d size_;
};

// Zeros around an image, ((top, bottom), (left, right)): (H, W, C) -> (top + H + bottom, left + W + right, C).
class ZeroPadding2D final : public UnaryLayer {
public:
    explicit ZeroPadding2D(std::int64_t all_sides = 1) : ZeroPadding2D({all_sides, all_sides}) {}
    explicit ZeroPadding2D(Size2d height_width)
        : rows_{height_width[0], height_width[0]}, columns_{height_width[1], height_width[1]} {}
    ZeroPadding2D(Size2d top_bottom, Size2d left_right) : rows_(top_bottom), columns_(left_right) {}
    std::string type() const override { return "ZeroPadding2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    Size2d rows_, columns_;
};

// An image without its borders, as ZeroPadding2D counts them.
class Cropping2D final : public UnaryLayer {
public:
    explicit Cropping2D(std::int64_t all_sides = 0) : Cropping2D({all_sides, all_sides}) {}
    explicit Cropping2D(Size2d height_width)
        : rows_{height_width[0], height_width[0]}, columns_{height_width[1], height_width[1]} {}
    Cropping2D(Size2d top_bottom, Size2d left_right) : rows_(top_bottom), columns_(left_right) {}
    std::string type() const override { return "Cropping2D"; }
    Shape build(const Shape& input) override;
    Tensor forward(const Tensor& x, const Call& call) const override;
    Settings settings() const override;

private:
    Size2d rows_, columns_;
};

}  // namespace cairn::nn
