#include "cairn/backend/vulkan/gemm.h"

#include "cairn/backend/vulkan/context.h"

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
constexpr Blocking blockings[] = {
    {128, 64, 16, 2, 2}, {128, 32, 16, 2, 1}, {64, 64, 16, 2, 1}, {64, 32, 32, 1, 1}, {32, 32, 32, 1, 1},
};

constexpr bool fits(const Blocking& b) {
    const std::uint32_t floats = b.k * (b.m + 4 + b.n + 4) + 4 * b.m;  // the tiles, and a table of rows
    return b.invocations() <= 128 && floats * sizeof(float) <= 16384 && b.invocations() % b.k == 0 &&
           b.invocations() % (b.m / 4) == 0 && b.invocations() % (b.n / 4) == 0;
}
static_assert(std::all_of(std::begin(blockings), std::end(blockings), fits));

constexpr std::uint32_t shortest_part = 128;  // fewer terms of K than this are not worth the second stage
constexpr std::uint32_t most_parts = 256;

std::int64_t tiles_of(const GemmSizes& size, const Blocking& blocking) {
    return std::int64_t{divide_up(size.M, blocking.m)} * divide_up(size.N, blocking.n);
}

}  // namespace

Groups Gemm::groups() const {
    Groups groups = groups_for_pieces(tiles_of(size, blocking));
    groups.z = parts;
    return groups;
}

std::vector<std::uint32_t> Gemm::constants(const Operands& operands, std::uint32_t variant,
                                           std::span<const std::uint32_t> geometry) const {
    std::vector<std::uint32_t> all{blocking.m,
                                   blocking.n,
                                   blocking.k,
                                   blocking.row_quads,
                                   blocking.column_quads,
                                   blocking.invocations(),
                                   operands.a_along_k,
                                   operands.b_along_k,
                                   variant};
    if (!fixed) return all;
    const bool whole_k = size.K % blocking.k == 0;
    all.insert(all.end(), {1, size.N, size.M % blocking.m == 0, size.N % blocking.n == 0, whole_k});
    all.insert(all.end(), geometry.begin(), geometry.end());
    all.resize(25);  // without a geometry, nobody reads its constants
    all.push_back(operands.a_along_k && operands.a_quads && whole_k);
    all.push_back(operands.b_along_k && operands.b_quads && whole_k);
    return all;
}

Gemm plan_gemm(std::int64_t M, std::int64_t N, std::int64_t K, Split split, const DeviceTraits& device) {
    const std::uint32_t busy = busy_groups(device);
    Gemm gemm{
        {narrow(M), narrow(N), narrow(K), 0}, blockings[std::size(blockings) - 1], 1, M * N * K >= device.fixed_from};
    const std::uint32_t parts_at_most =
        split == Split::never ? 1 : std::clamp(gemm.size.K / shortest_part, std::uint32_t{1}, most_parts);
    // The largest tiles that occupy the device and compute at most a third more than is wanted, at the matrix' edges.
    for (const Blocking& blocking : blockings) {
        const std::int64_t tiles = tiles_of(gemm.size, blocking);
        if (3 * tiles * blocking.m * blocking.n <= 4 * M * N && tiles * parts_at_most >= busy) {
            gemm.blocking = blocking;
            break;
        }
    }
    const std::int64_t tiles = tiles_of(gemm.size, gemm.blocking);
    const std::int64_t parts = std::clamp<std::int64_t>((busy + tiles - 1) / tiles, 1, parts_at_most);
    gemm.size.part = divide_up(divide_up(gemm.size.K, narrow(parts)), gemm.blocking.k) * gemm.blocking.k;
    gemm.parts = divide_up(gemm.size.K, gemm.size.part);
    return gemm;
}

std::uint32_t Epilogue::flags() const { return (bias.defined() ? 1 : 0) | (relu ? 2 : 0) | (accumulate ? 4 : 0); }

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
