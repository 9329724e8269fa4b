// Fusion cases: small models with layers that may be computed in one op, and some with layers that must not, although they
// stand side by side. One table serves every device.
#pragma once

#include "cairn/nn/functional.h"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace cairn::test {

struct FusionCase {
    std::string name;
    std::function<std::unique_ptr<nn::Model>()> make;
    int in_training, in_inference;  // how many pairs of layers become one op
};
inline std::ostream& operator<<(std::ostream& out, const FusionCase& c) { return out << c.name; }

const std::vector<FusionCase>& fusion_cases();

// Computes the model with fused layers and without, from the same numbers: logits, gradients (of the input and of every
// parameter) and the moving statistics afterwards must be equal but for rounding, `tolerance` by norm. Both models
// compute in both modes, in either order, so that what one mode remembers cannot help or harm the other.
void expect_fused_as_unfused(const FusionCase& fusion_case, const Device& device, DType dtype, double tolerance);

}  // namespace cairn::test
