// Whether gradcheck passes a function, for gradients that are wrong on purpose.
#pragma once

#include "cairn/autograd/gradcheck.h"
#include "support/compare.h"

namespace cairn::test {

// At random float64 inputs of these shapes on the reference device.
inline bool passes(const autograd::Function& f, const std::vector<Shape>& shapes) {
    Tensors inputs;
    for (const Shape& shape : shapes)
        inputs.push_back(random_tensor(shape, Device::reference(), static_cast<std::uint32_t>(inputs.size())));
    return autograd::gradcheck(f, inputs).passed();
}

}  // namespace cairn::test
