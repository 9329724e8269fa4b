// What becomes of a finished sum: y = activation(sum + bias), or y = y + sum. The flags are gemm.h's.
#ifndef CAIRN_GEMM_EPILOGUE
#define CAIRN_GEMM_EPILOGUE

#include "numbers.glsl"

const uint ADD_BIAS = 1, RELU = 2, ACCUMULATE = 4;

float activate(uint flags, float z) { return (flags & RELU) != 0 ? relu(z) : z; }

#endif
