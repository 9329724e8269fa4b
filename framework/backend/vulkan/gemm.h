// Plans the products that shaders with include/gemm.glsl compute: how large the tiles are, and whether K is cut into parts.
#pragma once

#include "cairn/backend/backend.h"
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/plan.h"

#include <cstdint>
#include <span>
#include <vector>

namespace cairn::vulkan {

// How a product is cut, in the constants of include/gemm.glsl: a workgroup has a tile of m x n sums and takes k terms at a
// time, an invocation has row_quads x column_quads blocks of 4 x 4 sums.
struct Blocking {
    std::uint32_t m, n, k, row_quads, column_quads;
    constexpr std::uint32_t invocations() const { return m / 4 / row_quads * (n / 4 / column_quads); }
};

// Sizes of include/gemm.glsl
struct GemmSizes {
    std::uint32_t M, N, K;
    std::uint32_t part;
};

struct Gemm {
    GemmSizes size;
    Blocking blocking;
    std::uint32_t parts;
    // The shader is compiled for this shape: the columns, whether the tiles are whole, and the geometry of a convolution are
    // constants. Rows and terms that depend on the batch are none, so the last batch of an epoch mostly needs no other one.
    bool fixed;

    Groups groups() const;
    // How the operands lie in memory: whether the terms of a sum do side by side, and if so, whether always four of them do, from
    // a multiple of four on.
    struct Operands {
        bool a_along_k, b_along_k;
        bool a_quads = false, b_quads = false;
    };
    // The constants of include/gemm.glsl and of the shader's own `variant`; those of conv2d_patches.glsl too with a geometry.
    std::vector<std::uint32_t> constants(const Operands& operands, std::uint32_t variant = 0,
                                         std::span<const std::uint32_t> geometry = {}) const;
};

enum class Split { never, if_it_helps };

Gemm plan_gemm(std::int64_t M, std::int64_t N, std::int64_t K, Split split, const DeviceTraits& device);

// What becomes of the sums: c = activation(c + bias), where activation is ReLU or nothing, or c = c + the sums. column_sums, if defined, gets those of the last
// row, which is not part of c then.
struct Epilogue {
    Tensor bias = {};
    bool relu = false;
    bool accumulate = false;
    Tensor column_sums = {};

    std::uint32_t flags() const;  // of include/gemm_epilogue.glsl
};

// Where a product's shader writes: c, or scratch for the parts, which add_parts then sums into c and column_sums. c may be
// undefined where the column sums alone are wanted.
Tensor target_of(const Gemm& gemm, const Tensor& c, const Tensor& like);
void add_parts(Context& context, const Gemm& gemm, const Tensor& target, const Tensor& c, const Epilogue& epilogue);

// c = epilogue(op(a) op(b)) by matmul.comp. An operand named by `masked` is read as 0 where y, of its shape, is not positive.
// With epilogue.column_sums, these are the sums of op(b)'s columns.
enum class Masked : std::uint32_t { none, a, b };
struct Product {
    Tensor a;
    bool transpose_a = false;
    Tensor b;
    bool transpose_b = false;
    Masked masked = Masked::none;
    Tensor y = {};
};
void multiply(Context& context, const Product& product, const Tensor& c, const Epilogue& epilogue = {});

}  // namespace cairn::vulkan
