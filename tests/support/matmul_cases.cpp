// Matrix products with every combination of transposes, and the dense layer with its fused bias and activation.
#include "support/cases_of.h"

#include <limits>

namespace cairn::test {

namespace {

const std::vector<Product> products{
    {1, 1, 1},      {1, 7, 1},      {7, 1, 5},      {2, 3, 4},    {5, 5, 5},     {1, 64, 65},
    {64, 1, 63},    {63, 64, 65},   {65, 63, 64},   {64, 64, 64}, {17, 129, 33}, {3, 10, 1000},
    {128, 10, 257}, {257, 200, 33}, {20, 300, 100},  // enough rows, or columns, for several threads
    {600, 40, 100}, {33, 31, 3001},                  // beyond a million products: long enough to be cut into slices
};

void add_matmul(KernelCases& cases, Draw& draw, const std::vector<Product>& all) {
    for (const auto& [M, N, K] : all) {
        for (const bool transpose_a : {false, true})
            for (const bool transpose_b : {false, true})
                for (const bool accumulate : {false, true}) {
                    const Shape c{M, N};
                    Output output{"c", c, sum_of(K + 1)};
                    if (accumulate) output.before = draw.normal(c).values;
                    cases.push_back(
                        {fmt::format("matmul M {} N {} K {}{}{}{}", M, N, K, transpose_a ? " a transposed" : "",
                                     transpose_b ? " b transposed" : "", accumulate ? " accumulate" : ""),
                         {draw.normal(transpose_a ? Shape{K, M} : Shape{M, K}),
                          draw.normal(transpose_b ? Shape{N, K} : Shape{K, N})},
                         {output},
                         [=](Backend& device, const Tensors& in, const Tensors& out) {
                             device.matmul(in[0], transpose_a, in[1], transpose_b, out[0], accumulate);
                         }});
                }
    }
}

void add_dense(KernelCases& cases, Draw& draw, const std::vector<Product>& layers) {
    for (const auto& [B, O, I] : layers) {
        for (const bool relu : {false, true}) {
            const Shape x{B, I}, kernel{I, O}, bias{O}, y{B, O};
            const std::string what = fmt::format("dense {} {}{}", x, kernel, relu ? " relu" : "");
            // With absolute values ReLU changes nothing, so the same call yields the sum of the absolute terms.
            cases.push_back({what + " bias",
                             {draw.normal(x), draw.normal(kernel), draw.normal(bias)},
                             {{"y", y, sum_of(I + 1)}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.dense({in[0], in[1], in[2], relu}, out[0]);
                             }});
            cases.push_back({what,
                             {draw.normal(x), draw.normal(kernel)},
                             {{"y", y, sum_of(I)}},
                             [=](Backend& device, const Tensors& in, const Tensors& out) {
                                 device.dense({in[0], in[1], {}, relu}, out[0]);
                             }});

            // y is an input, made once: both types see the same mask. Bit 0 of `wanted` asks for dx, 1 dkernel, 2
            // dbias: all subsets for small layers, else all three.
            for (int wanted = 1; wanted < 8; ++wanted) {
                if (B * I * O > 1000 && wanted != 7) continue;
                std::vector<Output> outputs;
                if (wanted & 1) outputs.push_back({"dx", x, sum_of(O)});
                if (wanted & 2) outputs.push_back({"dkernel", kernel, sum_of(B)});
                if (wanted & 4) outputs.push_back({"dbias", bias, sum_of(B)});
                cases.push_back(
                    {fmt::format("{} backward{}{}{}", what, wanted & 1 ? " dx" : "", wanted & 2 ? " dkernel" : "",
                                 wanted & 4 ? " dbias" : ""),
                     {draw.normal(x), draw.normal(kernel), draw.relu(y), draw.normal(y)},
                     outputs,
                     [=](Backend& device, const Tensors& in, const Tensors& out) {
                         const auto [dx, dkernel, dbias] = wanted_outputs<3>(wanted, out);
                         device.dense_backward({in[0], in[1], {}, relu}, in[2], in[3], {dx, dkernel, dbias});
                     }});
            }
        }
    }
}

// Every output is inf - inf, and ReLU passes the NaN on.
void add_infinite_dense(KernelCases& cases) {
    for (const auto& [B, O, I] : std::vector<Product>{{1, 1, 2}, {5, 3, 7}, {65, 63, 64}, {5, 288, 1111}}) {
        const Shape x{B, I}, kernel{I, O};
        Input signs{x, {}};
        for (std::int64_t i = 0; i < x.size(); ++i) signs.values.push_back(i % I % 2 == 0 ? 1 : -1);
        const auto elements = static_cast<std::size_t>(kernel.size());
        cases.push_back({fmt::format("dense {} {} relu, infinite", x, kernel),
                         {signs, {kernel, std::vector<double>(elements, std::numeric_limits<double>::infinity())}},
                         {{"y", {B, O}, exact()}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.dense({in[0], in[1], {}, true}, out[0]);
                         }});
    }
}

}  // namespace

KernelCases matmul_cases_of(Draw& draw, const std::vector<Product>& all, const std::vector<Product>& layers) {
    KernelCases cases;
    add_matmul(cases, draw, all);
    add_dense(cases, draw, layers);
    return cases;
}

KernelCases matmul_cases() {
    Draw draw(3);
    auto layers = products;
    layers.insert(layers.end(), {{33, 256, 1030}, {5, 288, 1111}});  // large kernels for few rows: one tile, several
    KernelCases cases = matmul_cases_of(draw, products, layers);
    add_infinite_dense(cases);
    return cases;
}

}  // namespace cairn::test
