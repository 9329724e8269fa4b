// npy: one array in a file, as NumPy's np.save writes it and np.load reads it. Format version 1.0:
//
//   6 bytes   "\x93NUMPY"
//   2 bytes   the version, 1 and 0
//   2 bytes   length N of the header, unsigned, little-endian
//   N bytes   a Python dict, padded with spaces so that the data starts at a multiple of 64:
//             {'descr': '<f4', 'fortran_order': False, 'shape': (8, 10), }
//   the rest  the elements, row-major, little-endian
// cairn reads and writes float32 (<f4), float64 (<f8), int32 (<i4) and uint8 (|u1).
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include "core/tensor.h"

#include <filesystem>

namespace cairn::io {

// Writes a tensor of any device. The file appears complete or not at all; throws Error when it cannot be written.
void write_npy(const std::filesystem::path& path, const Tensor& tensor);

// The array, in the allocator's memory. Throws Error that names the file, what is wrong with it and the remedy.
Tensor read_npy(const std::filesystem::path& path, Allocator& allocator);

}  // namespace cairn::io
