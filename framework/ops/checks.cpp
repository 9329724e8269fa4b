#include "cairn/ops/checks.h"

#include "cairn/core/error.h"

namespace cairn {

void ops::check_operands(const char* op, Operands operands) {
    for (const Tensor& x : operands) check(x.defined(), "{}: an input is an undefined Tensor", op);
    const Tensor& first = *operands.begin();
    for (const Tensor& x : operands) {
        check(x.dtype() == DType::float32 || x.dtype() == DType::float64,
              "{}: an input {} is {}, but only float32 and float64 can be computed with; convert it with to_dtype", op,
              x.shape(), name_of(x.dtype()));
        check(x.dtype() == first.dtype(), "{}: inputs {} of {} and {} of {} differ in dtype; convert one with to_dtype",
              op, first.shape(), name_of(first.dtype()), x.shape(), name_of(x.dtype()));
        check(x.device() == first.device(),
              "{}: inputs {} on {} and {} on {} must be on one device; move one with to_device", op, first.shape(),
              first.device(), x.shape(), x.device());
    }
}

void ops::check_elements(const char* op, Operands operands) {
    for (const Tensor& x : operands)
        check(!x.defined() || x.size() > 0, "{}: input {} has an axis of size 0, so that there is nothing to compute",
              op, x.shape());
}

void ops::check_labels(const char* op, const Tensor& logits, const Tensor& labels) {
    check_operands(op, {logits});
    check(logits.rank() == 2 && logits.size() > 0, "{}: logits {} must be (batch, classes), with at least one of each",
          op, logits.shape());
    check(labels.defined(), "{}: the labels are an undefined Tensor", op);
    const std::int64_t classes = logits.dim(1);
    if (labels.dtype() != DType::int32) {
        check(labels.shape() == logits.shape(),
              "{}: labels {} of {} must be int32 classes ({},) or probabilities of the logits' shape {}", op,
              labels.shape(), name_of(labels.dtype()), logits.dim(0), logits.shape());
        check_operands(op, {logits, labels});
        return;
    }
    check(labels.shape() == Shape{logits.dim(0)},
          "{}: labels {} must be ({},), one class for each row of the logits {}", op, labels.shape(), logits.dim(0),
          logits.shape());
    check(labels.device() == logits.device(),
          "{}: logits on {} and labels on {} must be on one device; move one with to_device", op, logits.device(),
          labels.device());
    if (labels.device().kind == Device::Kind::vulkan) return;
    const std::int32_t* label = labels.data<std::int32_t>();
    for (std::int64_t i = 0; i < labels.size(); ++i)
        check(label[i] >= 0 && label[i] < classes,
              "{}: label {} at index {} is no class; the logits {} have classes 0 to {}", op, label[i], i,
              logits.shape(), classes - 1);
}

}  // namespace cairn
