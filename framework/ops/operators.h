// Operators on tensors: 1.0 - y * y is differentiable as ops::affine(ops::mul(y, y), -1, 1) is. Tensors broadcast as in
// NumPy; a number goes into the kernel as it is and needs no tensor of its own.
#pragma once

#include "cairn/ops/ops.h"

namespace cairn {

inline Tensor operator+(const Tensor& a, const Tensor& b) { return ops::add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return ops::sub(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return ops::mul(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return ops::div(a, b); }

inline Tensor operator-(const Tensor& x) { return ops::affine(x, -1, 0); }
inline Tensor operator+(const Tensor& x, double c) { return ops::affine(x, 1, c); }
inline Tensor operator+(double c, const Tensor& x) { return ops::affine(x, 1, c); }
inline Tensor operator-(const Tensor& x, double c) { return ops::affine(x, 1, -c); }
inline Tensor operator-(double c, const Tensor& x) { return ops::affine(x, -1, c); }
inline Tensor operator*(const Tensor& x, double c) { return ops::affine(x, c, 0); }
inline Tensor operator*(double c, const Tensor& x) { return ops::affine(x, c, 0); }
inline Tensor operator/(const Tensor& x, double c) { return ops::affine(x, 1 / c, 0); }
inline Tensor operator/(double c, const Tensor& x) { return ops::reciprocal(x, c); }

}  // namespace cairn
