// Tensors as text, for people: shape, type and device, then the numbers as NumPy writes them. Of a tensor of more than 1000
// elements each axis shows its first and last three.
//
//   tensor (2, 3) float32 on cpu
//   [[  1,   2.5,   3],
//    [  4,    -5, 6e9]]
#pragma once

#include "cairn/core/tensor.h"

#include <iosfwd>
#include <string>

namespace cairn {

// Waits for the device and copies the elements to the host.
std::string to_string(const Tensor& x);
std::ostream& operator<<(std::ostream& out, const Tensor& x);

}  // namespace cairn

template <>
struct fmt::formatter<cairn::Tensor> : fmt::formatter<std::string> {
    template <typename Context>
    auto format(const cairn::Tensor& x, Context& context) const {
        return fmt::formatter<std::string>::format(cairn::to_string(x), context);
    }
};
