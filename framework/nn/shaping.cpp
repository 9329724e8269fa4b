#include "cairn/nn/shaping.h"

#include <algorithm>

namespace cairn::nn {

namespace {

void check_borders(const char* layer, const Shape& input, Size2d rows, Size2d columns) {
    check(input.rank() == 3, "{}: needs images (height, width, channels), not {}", layer, input);
    check(std::min({rows[0], rows[1], columns[0], columns[1]}) >= 0,
          "{}: the borders (({}, {}), ({}, {})) must not be negative", layer, rows[0], rows[1], columns[0], columns[1]);
}

}  // namespace

Shape Reshape::build(const Shape& input) {
    const std::string wanted = fmt::format("({})", fmt::join(target_shape_, ", "));
    check(std::ranges::count(target_shape_, -1) <= 1, "Reshape: at most one size of {} may be -1", wanted);
    std::int64_t known = 1;
    for (const std::int64_t dim : target_shape_) {
        check(dim > 0 || dim == -1,
              "Reshape: the sizes of {} must be positive; only -1 is allowed, for one to be found", wanted);
        if (dim != -1) known *= dim;
    }
    const bool any = std::ranges::count(target_shape_, -1) == 1;
    check(any ? input.size() % known == 0 : input.size() == known,
          "Reshape: the {} numbers of {} do not fit into {}; let one size be -1, or choose sizes whose product is {}",
          input.size(), input, wanted, input.size());
    Shape output;
    for (const std::int64_t dim : target_shape_) output = output.append(dim == -1 ? input.size() / known : dim);
    return output;
}

Tensor Reshape::forward(const Tensor& x, const Call&) const {
    std::vector<std::int64_t> shape = target_shape_;
    shape.insert(shape.begin(), x.dim(0));
    return ops::reshape(x, shape);
}

UpSampling2D::UpSampling2D(Size2d size) : size_(size) {
    check(size[0] >= 1 && size[1] >= 1, "UpSampling2D: the size ({}, {}) must be at least 1", size[0], size[1]);
}

Shape UpSampling2D::build(const Shape& input) {
    check(input.rank() == 3, "UpSampling2D: needs images (height, width, channels), not {}", input);
    return {input[0] * size_[0], input[1] * size_[1], input[2]};
}

// (N, H, 1, W, 1, C), whose axes of size 1 are repeated.
Tensor UpSampling2D::forward(const Tensor& x, const Call&) const {
    const std::int64_t N = x.dim(0), H = x.dim(1), W = x.dim(2), C = x.dim(3);
    const Tensor y = ops::broadcast_to(ops::reshape(x, {N, H, 1, W, 1, C}), {N, H, size_[0], W, size_[1], C});
    return ops::reshape(y, {N, H * size_[0], W * size_[1], C});
}

Shape ZeroPadding2D::build(const Shape& input) {
    check_borders("ZeroPadding2D", input, rows_, columns_);
    return {rows_[0] + input[0] + rows_[1], columns_[0] + input[1] + columns_[1], input[2]};
}

Tensor ZeroPadding2D::forward(const Tensor& x, const Call&) const { return ops::pad(x, {{0, 0}, rows_, columns_}); }

Shape Cropping2D::build(const Shape& input) {
    check_borders("Cropping2D", input, rows_, columns_);
    const std::int64_t H = input[0] - rows_[0] - rows_[1], W = input[1] - columns_[0] - columns_[1];
    check(H > 0 && W > 0, "Cropping2D: nothing is left of {} without the borders (({}, {}), ({}, {}))", input, rows_[0],
          rows_[1], columns_[0], columns_[1]);
    return {H, W, input[2]};
}

Tensor Cropping2D::forward(const Tensor& x, const Call&) const {
    return ops::slice(x, {{}, {rows_[0], x.dim(1) - rows_[1]}, {columns_[0], x.dim(2) - columns_[1]}});
}

Settings UpSampling2D::settings() const {
    Settings settings;
    settings.add("size", sizes(size_));
    return settings;
}

Settings ZeroPadding2D::settings() const {
    Settings settings;
    settings.add("rows", sizes(rows_));
    settings.add("columns", sizes(columns_));
    return settings;
}

Settings Cropping2D::settings() const {
    Settings settings;
    settings.add("rows", sizes(rows_));
    settings.add("columns", sizes(columns_));
    return settings;
}

}  // namespace cairn::nn
