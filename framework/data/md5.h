// MD5 (R. Rivest, RFC 1321): the checksum that CIFAR-10's page gives for its archives. It tells a damaged download from
// a good one; it protects from nobody who means harm.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cairn::data {

// 32 lower-case hexadecimal digits.
std::string md5(std::span<const std::uint8_t> bytes);

}  // namespace cairn::data
