// safetensors: named tensors in one file, readable by the Python package of the same name.
//
//   8 bytes   length N of the header, unsigned, little-endian
//   N bytes   JSON: {"__metadata__": {"name": "text", …},
//                    "conv2d/kernel": {"dtype": "F32", "shape": [3, 3, 3, 32], "data_offsets": [0, 3456]}, …}
//   the rest  the tensors' elements, row-major, little-endian; data_offsets [begin, end) count from here,
//             leave no hole and do not overlap
// cairn reads and writes the element types F32, F64, I32 and U8.
// Format: https://github.com/huggingface/safetensors#format
#pragma once

#include "cairn/core/tensor.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::io {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;
using Metadata = std::map<std::string, std::string>;

struct SafetensorsEntry {
    std::string name;
    DType dtype = DType::float32;
    Shape shape;
    std::uint64_t begin = 0, end = 0;  // its bytes, counted from the end of the header
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> tensors;  // in the order of their data
    Metadata metadata;
};

struct Safetensors {
    NamedTensors tensors;  // in the order of their data
    Metadata metadata;
};

// Writes tensors of any device, in this order; the same tensors and metadata always give the same bytes. The file
// appears complete or not at all. Throws Error for a name that is used twice, is "__metadata__" or is not UTF-8, and
// when the file cannot be written.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata = {});

// The bytes that it writes; `path` is for messages.
std::vector<std::uint8_t> safetensors_bytes(const std::filesystem::path& path, const NamedTensors& tensors,
                                            const Metadata& metadata = {});

// What the file holds, without its data. Throws Error that names the file, what is wrong with it and the remedy.
SafetensorsHeader read_safetensors_header(const std::filesystem::path& path);

// All tensors, or those that are chosen, in the allocator's memory. Throws Error as above.
using ChosenTensors = std::function<bool(const SafetensorsEntry&)>;
Safetensors read_safetensors(const std::filesystem::path& path, Allocator& allocator, const ChosenTensors& chosen = {});

}  // namespace cairn::io
