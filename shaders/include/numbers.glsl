// Comparisons that mean with NaN what they mean in C++. A compiler of shaders may take it that no number is a NaN or
// infinite, and fold isnan() to false or turn a comparison around: the bits cannot be argued with.
#ifndef CAIRN_NUMBERS
#define CAIRN_NUMBERS

const uint infinity_bits = 0x7f800000u;  // every bit of the exponent; a NaN has a bit of the fraction besides

bool is_nan(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > infinity_bits; }
bool is_finite(float x) { return (floatBitsToUint(x) & infinity_bits) != infinity_bits; }

// x > 0, false for NaN. As integers, the bits of positive numbers lie in (0, infinity].
bool is_positive(float x) {
    const uint bits = floatBitsToUint(x);
    return bits > 0u && bits <= infinity_bits;
}

// a > b, false where either is a NaN
bool greater(float a, float b) { return !is_nan(a) && !is_nan(b) && a > b; }

float negative_infinity() { return uintBitsToFloat(0xff800000u); }

#endif
