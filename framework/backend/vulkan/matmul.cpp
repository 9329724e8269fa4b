#include "cairn/backend/vulkan/context.h"
#include "cairn/backend/vulkan/gemm.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

namespace vulkan {

void multiply(Context& context, const Product& product, const Tensor& c, const Epilogue& epilogue) {
    const auto& [a, transpose_a, b, transpose_b, masked, y] = product;
    const std::int64_t rows = c.defined() ? c.dim(0) : 0, N = b.dim(transpose_b ? 0 : 1),
                       K = b.dim(transpose_b ? 1 : 0);
    const Gemm gemm = plan_gemm(rows + epilogue.column_sums.defined(), N, K, Split::if_it_helps, context.gpu.traits);
    const Tensor target = target_of(gemm, c, a);
    struct {
        GemmSizes size;
        std::uint32_t a_rows, c_rows, flags;
    } push{gemm.size, narrow(rows), gemm.parts > 1 ? gemm.size.M : narrow(rows), gemm.parts > 1 ? 0 : epilogue.flags()};
    const bool quads = K % 4 == 0;
    launch(context,
           {"matmul",
            {reads(a), reads(b), gemm.parts > 1 || !epilogue.accumulate ? writes(target) : updates(target),
             reads(epilogue.bias), reads(y), writes(epilogue.column_sums)},
            gemm.groups(),
            gemm.constants({!transpose_a, transpose_b, quads, quads}, static_cast<std::uint32_t>(masked))},
           push);
    add_parts(context, gemm, target, c, epilogue);
}

}  // namespace vulkan

void VulkanBackend::matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                           bool accumulate) {
    vulkan::multiply(*context_, {a, transpose_a, b, transpose_b}, c, {.accumulate = accumulate});
}

}  // namespace cairn
