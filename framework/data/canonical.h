// Canonical order: the records of a data set sorted by what they contain. The files of two copies of a data set may
// hold the same images in different orders; sorted, they are the same data set, so that a seed means the same run on
// both.
//
// The key is a hash, so neighbours in the canonical order have nothing in common: the first n records are a fair sample
// of all classes.
#pragma once

#include "cairn/data/dataset.h"

namespace cairn::data {

// 64 bits that depend on every byte of the image and on the label. Not a cryptographic hash.
std::uint64_t record_hash(std::span<const std::uint8_t> image, std::int32_t label);

// Sorts the records by (record_hash, label, bytes of the image). Returns where each of them stood.
std::vector<std::int32_t> sort_canonically(Dataset& dataset);

// A hash of the whole data set: its records in their order. Two data sets with the same images in the same order share
// it.
std::uint64_t content_hash(const Dataset& dataset);

}  // namespace cairn::data
