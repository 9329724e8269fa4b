// The rungs of the Vulkan matmul, of which training uses the last.
#include "cairn/backend/devices.h"
#include "cairn/core/random.h"
#include "ladder/vulkan_matmul/matmul.h"

#include <gtest/gtest.h>

namespace cairn::bench {
namespace {

// Whole numbers from -4 to 4: their sums are exact in any order.
Tensor whole_numbers(const Shape& shape, std::uint32_t ordinal) {
    RandomStream random({1, stream_of(Purpose::test, ordinal)});
    std::vector<float> values;
    for (std::int64_t i = 0; i < shape.size(); ++i) values.push_back(static_cast<float>(random.below(9)) - 4);
    return from_values(shape, values, Device::vulkan());
}

// Catches a tile that is read or stored beyond the matrices' edges, and one that misses its last terms.
TEST(VulkanMatmulLadder, EveryRungComputesTheProduct) {
    for (const auto& [M, K, N] : {std::array{1, 1, 1}, {8, 8, 8}, {9, 17, 5}, {3, 100, 70}, {70, 7, 33}}) {
        const Tensor a = whole_numbers({M, K}, 1), b = whole_numbers({K, N}, 2), c = empty_like(a, {M, N});
        const Tensor expected = empty({M, N}, DType::float32, Device::reference());
        backend(expected).matmul(to_device(a, Device::reference()), false, to_device(b, Device::reference()), false,
                                 expected, false);
        const auto expect_product = [&](const char* rung) {
            EXPECT_EQ(c.to_vector<float>(), expected.to_vector<float>()) << rung << ' ' << M << ' ' << K << ' ' << N;
            backend(c).fill(c, -1);
        };
        vulkan_matmul(MatmulRung::naive, a, b, c);
        expect_product("naive");
        vulkan_matmul(MatmulRung::tiled, a, b, c);
        expect_product("tiled");
        backend(c).matmul(a, false, b, false, c, false);
        expect_product("matmul.comp");
    }
}

}  // namespace
}  // namespace cairn::bench
