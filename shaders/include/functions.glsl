// Functions that the activations are made of, by the formulas of framework/backend/cpu/functions.h, which says where they
// come from. No driver's exp or tanh: their errors grow with the argument, and some overflow. `precise` keeps a compiler
// from putting the parts of log(2) together. For NaN they mean nothing: the shaders look for it first.
#ifndef CAIRN_FUNCTIONS
#define CAIRN_FUNCTIONS

// exp(x) = scale * (1 + rest) for -87 <= x <= 0
struct Exponential {
    float scale, rest;
};
Exponential exponential(float x) {
    const float n = round(x * 1.44269504);
    precise float r = x - n * 0.693359375;
    r = r - n * -2.12194440e-4;
    const float tail = r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040)))));
    return Exponential(uintBitsToFloat(uint(int(n) + 127) << 23), r + r * r * (0.5 + tail));
}

float exp_nonpositive(float x) {
    const Exponential e = exponential(max(x, -87.0));
    return x < -87.0 ? 0.0 : e.scale * (1.0 + e.rest);  // the product scale * rest may be too small
}

float expm1_nonpositive(float x) {
    const Exponential e = exponential(max(x, -87.0));
    precise float result = e.scale - 1.0;
    result = e.scale * e.rest + result;
    return result;
}

// log(1 + x) for 0 <= x <= 1
float log1p_of_share(float x) {
    const float s = x / (2 + x), q = s * s;
    const float tail = 1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13 + q * (1.0 / 15 + q * (1.0 / 17))));
    return 2 * s + 2 * s * q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * tail)));
}

// The normal distribution at x: (share below x, density)
vec2 normal(float x) {
    const float size = abs(x), z = size * 0.707106781;
    const float t = (z - 3.75) / (z + 3.75);
    float p = -0.00022372615;
    p = p * t + 0.00039658099;
    p = p * t + 0.0016747247;
    p = p * t - 0.0098451525;
    p = p * t + 0.028410578;
    p = p * t - 0.058646314;
    p = p * t + 0.092290118;
    p = p * t - 0.10881445;
    p = p * t + 0.082278557;
    p = p * t + 0.0035862909;
    p = p * t - 0.14024067;
    p = p * t + 1.2375126;
    precise const float high = uintBitsToFloat(floatBitsToUint(size) & 0xfffff000u);
    precise const float square = size * size;
    precise float lost = high * high - square;
    lost = lost + (size + high) * (size - high);
    const float e = exp_nonpositive(-0.5 * square);
    const float exponential_of_square = size > 14 ? 0.0 : e - 0.5 * e * lost;
    const float tail = 0.5 * exponential_of_square * (p / (1 + 2 * z));
    return vec2(x < 0 ? tail : 1 - tail, 0.398942280 * exponential_of_square);
}

float sigmoid(float x) {
    const float e = exp_nonpositive(-abs(x)), q = 1 / (1 + e);
    return x < 0 ? e * q : q;
}

float hyperbolic_tangent(float x) {
    const float e = expm1_nonpositive(-2 * abs(x)), y = -e / (2 + e);
    return x < 0 ? -y : y;
}

float softplus(float x) { return max(x, 0.0) + log1p_of_share(exp_nonpositive(-abs(x))); }

// (2u, its derivative) of gelu_tanh
vec2 gelu_argument(float x) {
    const float v = clamp(x, -100.0, 100.0), cubic = 0.044715 * v * v;
    return 1.59576912 * vec2(v * (1 + cubic), 1 + 3 * cubic);
}

// x^a: by multiplications where a is a whole number of no great size, so that x may be negative.
float power(float x, float a) {
    if (a == floor(a) && abs(a) <= 64) {
        float result = 1, square = x;
        for (uint n = uint(abs(a)); n > 0; n /= 2) {
            if (n % 2 == 1) result *= square;
            square *= square;
        }
        return a < 0 ? 1 / result : result;
    }
    if (x > 0) return exp2(a * log2(x));
    const bool whole = a == floor(a), odd = whole && floor(a / 2) * 2 != a;
    if (x == 0) return a > 0 ? 0.0 : -negative_infinity();
    if (!whole && x == negative_infinity()) return a > 0 ? -x : 0.0;
    if (!whole) return uintBitsToFloat(0x7fc00000u);
    const float size = exp2(a * log2(-x));
    return odd ? -size : size;
}

#endif
