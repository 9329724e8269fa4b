// The golden numbers that make_keras_golden.py has written, and the formulas for what is too large to be stored.
#pragma once

#include "cairn/backend/devices.h"
#include "cairn/data/dataset.h"
#include "cairn/io/safetensors.h"
#include "cairn/nn/model.h"

#include <cmath>
#include <map>

namespace cairn::test {

// Where and in which type cairn repeats what Keras computed in float64, and how near it must come by norm. In float64
// only the order of sums differs; a few hundred roundings of 2^-53 stay far below 1e-11.
struct Setting {
    Device device;
    DType dtype;
    double tolerance;
};
inline const Setting settings[] = {{Device::cpu(), DType::float64, 1e-11},
                                   {Device::cpu(), DType::float32, 1e-5},
                                   {Device::reference(), DType::float64, 1e-11}};

inline std::string name_of(const Setting& setting) {
    return fmt::format("{} {}", setting.device, name_of(setting.dtype));
}

// A file of golden numbers: name -> float64 tensor.
using Golden = std::map<std::string, Tensor>;

inline Golden golden(const std::string& name) {
    const io::Safetensors file = io::read_safetensors(CAIRN_SOURCE_DIR "/tests/golden/" + name + ".safetensors",
                                                      backend(Device::cpu()).allocator());
    return {file.tensors.begin(), file.tensors.end()};
}

// uint32 number i of the formula: the finalizer of MurmurHash3 (Appleby) applied to i + 2654435769 salt.
inline std::uint32_t bits(std::uint32_t i, std::uint32_t salt) {
    std::uint32_t h = i + 2654435769u * salt;
    h ^= h >> 16;
    h *= 0x85ebca6bu;
    h ^= h >> 13;
    h *= 0xc2b2ae35u;
    return h ^ h >> 16;
}

inline void set(const Tensor& to, const std::vector<double>& values) {
    with_float(to.dtype(), [&]<typename T>() { to.upload(std::vector<T>(values.begin(), values.end()).data()); });
}

// Every kernel and bias in the order of the layers, uniform in [-scale, scale): 2^-4 for biases, and for kernels
// Glorot's limit rounded down to a power of two, so that the values are exact in float32.
inline void set_weights(const nn::Model& model, std::uint32_t salt) {
    for (const auto& [name, parameter] : model.parameters()) {
        const Shape& shape = parameter->shape;
        double scale = 1.0 / 16;
        if (shape.rank() > 1) {
            const auto window = static_cast<double>(shape.size() / (shape[-2] * shape[-1]));
            const auto fans = window * static_cast<double>(shape[-2] + shape[-1]);
            scale = std::exp2(std::floor(std::log2(std::sqrt(6 / fans))));
        }
        std::vector<double> values(static_cast<std::size_t>(shape.size()));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = ((bits(static_cast<std::uint32_t>(i), salt) >> 8) / 8388608.0 - 1) * scale;
        set(parameter->value, values);
        ++salt;
    }
}

// Images of the formula with these labels.
inline data::Dataset formula_images(const Shape& image_shape, std::uint32_t salt,
                                    const std::vector<std::int32_t>& labels) {
    data::Dataset dataset{.name = "formula",
                          .classes = std::vector<std::string>(10, "class"),
                          .image_shape = image_shape,
                          .images = {},
                          .labels = labels};
    const auto count = static_cast<std::uint32_t>(dataset.size() * dataset.image_bytes());
    for (std::uint32_t i = 0; i < count; ++i) dataset.images.push_back(static_cast<std::uint8_t>(bits(i, salt) >> 24));
    return dataset;
}

}  // namespace cairn::test
