#include "backend/vulkan/gemm.h"

#include "backend/vulkan/context.h"

#include <algorithm>

namespace cairn::vulkan {

namespace {

// Largest first. All need at most 128 invocations and 16 KiB of shared memory, which every Vulkan device has.
//   tile            blocks   invocations   for
//   128 x 64 x 16    2 x 2       128       large products: 4 reads of shared memory for 64 multiplications
//   128 x 32 x 16    2 x 1       128       large with few columns: the first convolution's 32 channels
//    64 x 64 x 16    2 x 1       128       middle
//    64 x 32 x 32    1 x 1       128       small: twice as many groups
//    32 x 32 x 32    1 x 1        64       what is smaller than the others' tiles, or would occupy too few groups
constexpr Tile tiles[] = {
    {128, 64, 16, 2, 2}, {128, 32, 16, 2, 1}, {64, 64, 16, 2, 1}, {64, 32, 32, 1, 1}, {32, 32, 32, 1, 1},
};

constexpr bool fits(const Tile& t) {
    const std::uint32_t floats = t.k * (t.m + 4 + t.n + 4) + 4 * t.m;  // the tiles, and a table of rows
    return t.invocations() <= 128 && floats * sizeof(float) <= 16384 && t.invocations() % t.k == 0 &&
           t.invocations() % (t.m / 4) == 0 && t.invocations() % (t.n / 4) == 0;
}
static_assert(std::all_of(std::begin(tiles), std::end(tiles), fits));

constexpr std::uint32_t shortest_part = 128;  // fewer terms of K than this are not worth the second stage
constexpr std::uint32_t most_parts = 256;

}  // namespace

Groups Gemm::groups() const {
    Groups groups = groups_for(std::int64_t{divide_up(size.M, tile.m)} * divide_up(size.N, tile.n), 1);
    groups.z = parts;
    return groups;
}

std::vector<std::uint32_t> Gemm::constants(bool a_along_k, bool b_along_k,
                                           const std::vector<std::uint32_t>& own) const {
    std::vector<std::uint32_t> all{tile.m,    tile.n,   tile.k, tile.row_quads, tile.column_quads, tile.invocations(),
                                   a_along_k, b_along_k};
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

// A GPU of today has some 50 to 150 multiprocessors, of which each wants two groups or more to hide the latency of memory;
// Vulkan does not tell their number. A software device has a few processors.
std::uint32_t busy_groups(const Context& context) { return context.gpu.info.software ? 4 : 256; }

Gemm plan_gemm(std::int64_t M, std::int64_t N, std::int64_t K, Split split, std::uint32_t busy) {
    Gemm gemm{{narrow(M), narrow(N), narrow(K), 0}, tiles[std::size(tiles) - 1], 1};
    const std::uint32_t longest =
        split == Split::never ? 1 : std::clamp(gemm.size.K / shortest_part, std::uint32_t{1}, most_parts);
    const auto count = [&](const Tile& tile) {
        return std::int64_t{divide_up(gemm.size.M, tile.m)} * divide_up(gemm.size.N, tile.n);
    };

    // The largest tile that occupies the device and computes at most a third more than is wanted, at the matrix' edges.
    for (const Tile& tile : tiles) {
        if (3 * count(tile) * tile.m * tile.n <= 4 * M * N && count(tile) * longest >= busy) {
            gemm.tile = tile;
            break;
        }
    }
    const std::int64_t parts = std::clamp<std::int64_t>((busy + count(gemm.tile) - 1) / count(gemm.tile), 1, longest);
    gemm.size.part = divide_up(divide_up(gemm.size.K, narrow(parts)), gemm.tile.k) * gemm.tile.k;
    gemm.parts = divide_up(gemm.size.K, gemm.size.part);
    return gemm;
}

std::uint32_t Epilogue::flags() const {
    return (bias.defined() ? 1 : 0) | (activation == Activation::relu ? 2 : 0) | (accumulate ? 4 : 0);
}

Tensor target_of(const Gemm& gemm, const Tensor& c, const Tensor& like) {
    return gemm.parts == 1 ? c : scratch({gemm.parts, gemm.size.M, gemm.size.N}, like);
}

void add_parts(Context& context, const Gemm& gemm, const Tensor& target, const Tensor& c, const Epilogue& epilogue) {
    if (gemm.parts == 1) return;
    struct {
        std::uint32_t parts, size, all, N, flags;
    } push{gemm.parts, c.defined() ? size_of(c) : 0, gemm.size.M * gemm.size.N, gemm.size.N, epilogue.flags()};
    constexpr std::int64_t elements_of_group = 32;
    launch(context,
           {"sum_parts",
            {reads(target), updates(c), reads(epilogue.bias), writes(epilogue.column_sums)},
            groups_for(push.all, elements_of_group)},
           push);
}

}  // namespace cairn::vulkan
