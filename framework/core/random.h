// Random numbers from a counter-based generator: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
// as easy as 1, 2, 3", SC 2011). There is no state to carry along: number i of a draw is a pure function of
// (seed, stream, step, i), so every device computes the same numbers, in any order and with any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace cairn {

// Ten rounds of Philox on a 128-bit counter under a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

// What a stream of numbers is for. Different purposes, and different layers of the same purpose, never share numbers.
enum class Purpose : std::uint32_t {
    initialize = 1,
    shuffle = 2,
    dropout = 3,
    augment = 4,
    gradcheck = 5,
    dataset = 6,
    test = 7,
    noise = 8
};

// The stream of one purpose and, where it matters, one layer (its ordinal in the model, below 2^24).
constexpr std::uint32_t stream_of(Purpose purpose, std::uint32_t ordinal = 0) {
    return static_cast<std::uint32_t>(purpose) << 24 | (ordinal & 0xffffffu);
}

// Names one draw: all the numbers that a layer, a shuffle or an image needs at one step.
//   key = (seed's low half, seed's high half); counter = (i / 4, step, stream, 0); number i is word i % 4.
struct RandomKey {
    std::uint64_t seed = 0;
    std::uint32_t stream = 0;
    std::uint32_t step = 0;
};

// The four consecutive numbers 4 * block … 4 * block + 3 of a draw.
inline std::array<std::uint32_t, 4> random_block(const RandomKey& key, std::uint32_t block) {
    return philox4x32({block, key.step, key.stream, 0},
                      {static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)});
}

// 32 random bits -> [0, 1) in steps of 2^-24, exact in float32.
constexpr double to_uniform(std::uint32_t bits) { return (bits >> 8) * (1.0 / 16777216.0); }

// Reads the numbers of one draw in order.
class RandomStream {
public:
    explicit RandomStream(const RandomKey& key) : key_(key) {}

    std::uint32_t next();                                     // 32 random bits
    double uniform();                                         // [0, 1)
    double uniform(double low, double high);                  // [low, high)
    double normal();                                          // mean 0, standard deviation 1 (Box and Muller 1958)
    std::uint32_t below(std::uint32_t limit);                 // 0 … limit - 1, without bias (rejection); limit > 0
    std::vector<std::uint32_t> permutation(std::uint32_t n);  // 0 … n - 1 shuffled (Fisher and Yates, Durstenfeld 1964)

private:
    RandomKey key_;
    std::uint32_t block_ = 0;
    unsigned used_ = 4;  // words of current_ already handed out
    std::array<std::uint32_t, 4> current_{};
};

}  // namespace cairn
