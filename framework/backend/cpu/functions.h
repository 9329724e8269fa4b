// Functions that the activations are made of. In float32 they are polynomials without branches, so that loops over
// elements become vectors (the standard library's are calls), off by a few units in the last place; a test says how many.
// In float64, which checks gradients, they are the standard library's. NaN passes through all of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace cairn::cpu {

// Denormal numbers count as zero (core/denormals.h). The processor sees to that, but for the library's log and pow, which take
// a number apart by its bits: they get this.
template <typename T>
T flushed(T x) {
    return std::abs(x) < std::numeric_limits<T>::min() ? std::copysign(T(0), x) : x;
}

// exp(x) = scale * (1 + rest) for -87 <= x <= 0: x = n log(2) + r with |r| <= log(2) / 2, scale = 2^n, and rest = exp(r) - 1
// is its Taylor series, whose next term is r^8 / 40320 < 6e-9.
struct Exponential {
    float scale, rest;
};
inline Exponential exponential(float x) {
    constexpr float shifter = 12582912;  // 1.5 * 2^23: a number of its size has no fraction, and n is in its last bits
    const float shifted = x * std::numbers::log2e_v<float> + shifter;
    const float n = shifted - shifter;
    // log(2) in two parts, of which the first has so few digits that n times it is exact (Cody and Waite 1980).
    const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    const float tail = r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f + r * (1 / 720.0f + r * (1 / 5040.0f)))));
    const float scale = std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f800000u);
    return {scale, r + r * r * (0.5f + tail)};
}

// exp(x) for x <= 0; 0 where it is below 1.6e-38.
inline float exp_nonpositive(float x) {
    const Exponential e = exponential(x < -87 ? -87.0f : x);
    // Not scale + scale * rest: far out that product is too small for an ordinary number, and would be flushed to 0.
    return x < -87 ? 0.0f : e.scale * (1 + e.rest);
}
inline double exp_nonpositive(double x) { return std::exp(x); }

// exp(x) - 1 for x <= 0
inline float expm1_nonpositive(float x) {
    const Exponential e = exponential(x < -87 ? -87.0f : x);
    return e.scale * e.rest + (e.scale - 1);
}
inline double expm1_nonpositive(double x) { return std::expm1(x); }

// log(1 + x) for 0 <= x <= 1: 2 artanh(s) = 2 (s + s^3 / 3 + s^5 / 5 + …) with s = x / (2 + x) <= 1 / 3; the next term is
// 5e-10 of the sum.
inline float log1p_of_share(float x) {
    const float s = x / (2 + x), q = s * s;
    const float tail = 1 / 9.0f + q * (1 / 11.0f + q * (1 / 13.0f + q * (1 / 15.0f + q * (1 / 17.0f))));
    return 2 * s + 2 * s * q * (1 / 3.0f + q * (1 / 5.0f + q * (1 / 7.0f + q * tail)));
}
inline double log1p_of_share(double x) { return std::log1p(x); }

// A normal distribution at x: its density exp(-x^2 / 2) / sqrt(2 pi), and the share of it below x, erfc(-x / sqrt(2)) / 2.
template <typename T>
struct Normal {
    T share, density;
};

// (1 + 2z) exp(z^2) erfc(z) is a polynomial in t = (z - 3.75) / (z + 3.75), -1 <= t < 1, after Shepherd and Laframboise,
// "Chebyshev approximation of (1 + 2x) exp(x^2) erfc(x) in 0 <= x < infinity", Mathematics of Computation 36, 1981. These
// coefficients are of degree 11, the relative error is below 1.3e-8.
inline Normal<float> normal(float x) {
    // Beyond 14 the tail counts as 0; an infinite size would make t NaN.
    const float size = std::min(std::abs(x), 15.0f), z = size * (1 / std::numbers::sqrt2_v<float>);
    const float t = (z - 3.75f) / (z + 3.75f);
    float p = -0.00022372615f;
    p = p * t + 0.00039658099f;
    p = p * t + 0.0016747247f;
    p = p * t - 0.0098451525f;
    p = p * t + 0.028410578f;
    p = p * t - 0.058646314f;
    p = p * t + 0.092290118f;
    p = p * t - 0.10881445f;
    p = p * t + 0.082278557f;
    p = p * t + 0.0035862909f;
    p = p * t - 0.14024067f;
    p = p * t + 1.2375126f;
    // exp(-x^2 / 2) would multiply the rounding error of x^2, so what x^2 has lost is found (Dekker 1971) and put back.
    const float high = std::bit_cast<float>(std::bit_cast<std::uint32_t>(size) & 0xfffff000u);
    const float square = size * size, lost = (high * high - square) + (size + high) * (size - high);
    const float e = exp_nonpositive(-0.5f * square);
    // Far out e is nearly 0 and what was lost does not matter.
    const float exponential_of_square = size > 14 ? 0.0f : e - 0.5f * e * lost;
    const float tail = 0.5f * exponential_of_square * (p / (1 + 2 * z));
    constexpr float factor = std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>;
    return {x < 0 ? tail : 1 - tail, factor * exponential_of_square};
}
inline Normal<double> normal(double x) {
    constexpr double factor = std::numbers::inv_sqrtpi_v<double> / std::numbers::sqrt2_v<double>;
    return {std::erfc(-x / std::numbers::sqrt2_v<double>) / 2, factor * std::exp(-x * x / 2)};
}

// s(x) = 1 / (1 + exp(-x)), by exponentials that do not overflow.
template <typename T>
T sigmoid(T x) {
    const T e = exp_nonpositive(-std::abs(x)), q = 1 / (1 + e);
    return x < 0 ? e * q : q;
}

template <typename T>
T tanh(T x) {
    const T e = expm1_nonpositive(-2 * std::abs(x));
    return std::copysign(-e / (2 + e), x);
}

template <typename T>
T softplus(T x) {
    return (x < 0 ? T(0) : x) + log1p_of_share(exp_nonpositive(-std::abs(x)));
}

// 2u = 2 sqrt(2 / pi) (x + 0.044715 x^3), the argument of gelu_tanh, and its derivative. Beyond 100 the powers could
// overflow, while s(2u) has long been 0 or 1.
template <typename T>
struct GeluArgument {
    T value, derivative;
};
template <typename T>
GeluArgument<T> gelu_argument(T x) {
    constexpr T factor = 2 * std::numbers::sqrt2_v<T> * std::numbers::inv_sqrtpi_v<T>, cubic = T(0.044715);
    const T v = x < -100 ? T(-100) : x > 100 ? T(100) : x;
    return {factor * v * (1 + cubic * v * v), factor * (1 + 3 * cubic * v * v)};
}

}  // namespace cairn::cpu
