// The message, padded to a multiple of 64 bytes (a bit 1, zeros, its length in bits as 8 bytes), is absorbed 64 bytes
// at a time into the state (A, B, C, D) by 64 steps of
//   A, B, C, D  <-  D, B + rotate_left(A + f(B, C, D) + word + sine, shift), B, C
#include "data/md5.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace cairn::data {

namespace {

using State = std::array<std::uint32_t, 4>;

// floor(2^32 |sin(i + 1)|), the numbers of RFC 1321 with nothing up their sleeve.
const std::array<std::uint32_t, 64> sines = [] {
    std::array<std::uint32_t, 64> table{};
    for (std::size_t i = 0; i < 64; ++i)
        table[i] = static_cast<std::uint32_t>(std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0);
    return table;
}();

constexpr int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};  // [round][step % 4]

void absorb(State& state, const std::uint8_t* block) {
    std::array<std::uint32_t, 16> words;  // little-endian
    for (std::size_t i = 0; i < 16; ++i, block += 4)
        words[i] = block[0] | block[1] << 8 | block[2] << 16 | static_cast<std::uint32_t>(block[3]) << 24;

    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < 64; ++i) {
        std::uint32_t f = 0;
        std::size_t word = 0;
        switch (i / 16) {
            case 0: f = (b & c) | (~b & d), word = i; break;
            case 1: f = (d & b) | (~d & c), word = 5 * i + 1; break;
            case 2: f = b ^ c ^ d, word = 3 * i + 5; break;
            default: f = c ^ (b | ~d), word = 7 * i; break;
        }
        const std::uint32_t turned = std::rotl(a + f + words[word % 16] + sines[i], shifts[i / 16][i % 4]);
        a = d, d = c, c = b, b += turned;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

}  // namespace

std::string md5(std::span<const std::uint8_t> bytes) {
    State state{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    const std::size_t whole = bytes.size() / 64 * 64;
    for (std::size_t at = 0; at < whole; at += 64) absorb(state, &bytes[at]);

    std::vector<std::uint8_t> tail(bytes.begin() + static_cast<std::ptrdiff_t>(whole), bytes.end());
    tail.push_back(0x80);
    while (tail.size() % 64 != 56) tail.push_back(0);
    for (int i = 0; i < 8; ++i) tail.push_back(static_cast<std::uint8_t>(std::uint64_t{bytes.size()} * 8 >> 8 * i));
    for (std::size_t at = 0; at < tail.size(); at += 64) absorb(state, &tail[at]);

    std::string digits;
    for (const std::uint32_t word : state)
        for (int i = 0; i < 4; ++i) digits += fmt::format("{:02x}", word >> 8 * i & 255);
    return digits;
}

}  // namespace cairn::data
