// Array: numbers in a shape, row-major. The exercises of the first chapters compute with it; nothing is hidden in it.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cairn::course {

using Sizes = std::vector<std::size_t>;

// The product of the sizes; 1 for the shape () of a single number.
inline std::size_t count_of(const Sizes& shape) {
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    return count;
}

// "(2, 3)"
inline std::string text_of(const Sizes& shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + ")";
}

struct Array {
    Array() = default;
    explicit Array(Sizes sizes, double value = 0) : shape(std::move(sizes)), values(count_of(shape), value) {}
    Array(Sizes sizes, std::vector<double> numbers) : shape(std::move(sizes)), values(std::move(numbers)) {}

    std::size_t size() const { return values.size(); }
    double& operator[](std::size_t i) { return values[i]; }
    double operator[](std::size_t i) const { return values[i]; }

    Sizes shape;                 // (2, 3)
    std::vector<double> values;  // element (i, j) of (2, 3) is values[i * 3 + j]
};

}  // namespace cairn::course
