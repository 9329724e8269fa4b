// Comparisons that mean with NaN what they mean in C++, or what a maximum needs. A compiler of shaders may take it that no
// number is a NaN or infinite, and fold isnan() to false or turn a comparison around: the bits cannot be argued with.
#ifndef CAIRN_NUMBERS
#define CAIRN_NUMBERS

const uint infinity_bits = 0x7f800000u;  // every bit of the exponent; a NaN has a bit of the fraction besides

bool is_nan(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > infinity_bits; }
bool is_finite(float x) { return (floatBitsToUint(x) & infinity_bits) != infinity_bits; }

// x > 0 and x < 0, false for NaN. As integers, the bits of positive numbers lie in (0, infinity], those of negative ones as
// far behind the sign bit; what lies below wraps around to a large number.
bool is_positive(float x) { return floatBitsToUint(x) - 1u < infinity_bits; }
bool is_negative(float x) { return floatBitsToUint(x) - 0x80000001u < infinity_bits; }

// x < 0 ? 0 : x, so that NaN stays NaN
float relu(float x) { return is_negative(x) ? 0.0 : x; }

// The order by which maxima are found: NaN is larger than any number and equal to NaN, so that a maximum passes NaN on.
bool is_larger(float a, float b) { return !is_nan(b) && (is_nan(a) || a > b); }
bool is_equal(float a, float b) { return is_nan(b) ? is_nan(a) : a == b; }

float negative_infinity() { return uintBitsToFloat(0xff800000u); }

#endif
