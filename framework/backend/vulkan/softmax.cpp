// Kernels that work on rows: softmax, the cross-entropy, the number of correct rows.
#include "cairn/backend/vulkan/kernels.h"
#include "cairn/backend/vulkan/vulkan_backend.h"

namespace cairn {

using namespace vulkan;

namespace {

// shaders/include/rows.glsl
struct RowsPush {
    std::uint32_t B, C, lanes;
    std::uint32_t classes = 0;
    float scale = 1;

    explicit RowsPush(const Tensor& x)
        : B(narrow(x.size() / x.dim(-1))), C(narrow(x.dim(-1))), lanes(power_of_two(C, group_size)) {}
    RowsPush(const Tensor& x, const Tensor& labels) : RowsPush(x) {
        classes = labels.dtype() == DType::int32;
        scale = static_cast<float>(1.0 / B);
    }

    Groups groups() const { return groups_for_pieces(divide_up(B, group_size / lanes)); }
};

void along_rows(Context& context, const char* shader, bool logarithm, const std::vector<Operand>& operands,
                const Tensor& x) {
    const RowsPush push(x);
    launch(context, {shader, operands, push.groups(), {logarithm}}, push);
}

}  // namespace

void VulkanBackend::softmax(const Tensor& x, const Tensor& y) {
    along_rows(*context_, "softmax", false, {reads(x), writes(y)}, x);
}

void VulkanBackend::log_softmax(const Tensor& x, const Tensor& y) {
    along_rows(*context_, "softmax", true, {reads(x), writes(y)}, x);
}

void VulkanBackend::softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    along_rows(*context_, "softmax_backward", false, {reads(y), reads(dy), writes(dx)}, y);
}

void VulkanBackend::log_softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) {
    along_rows(*context_, "softmax_backward", true, {reads(y), reads(dy), writes(dx)}, y);
}

// One workgroup. Few classes: a row per invocation, which needs no barrier but for the sum over rows.
void VulkanBackend::softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) {
    RowsPush push(logits, labels);
    if (push.C <= 32) push.lanes = 1;
    launch(*context_, {"softmax_cross_entropy", {reads(logits), reads(labels), writes(loss)}, {}}, push);
}

void VulkanBackend::softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                                   const Tensor& dlogits) {
    const RowsPush push(logits, labels);
    launch(*context_,
           {"softmax_cross_entropy_backward",
            {reads(logits), reads(labels), reads(dloss), writes(dlogits)},
            push.groups()},
           push);
}

void VulkanBackend::count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) {
    launch(*context_, {"count_correct", {reads(logits), reads(labels), writes(count)}, {}}, RowsPush(logits, labels));
}

}  // namespace cairn
