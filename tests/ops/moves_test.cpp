// Transposing, slicing, putting together: the values on paper, what is refused, and what the table of cases cannot see.
#include "cairn/autograd/graph.h"
#include "cairn/ops/ops.h"
#include "support/compare.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

namespace cairn::test {
namespace {

using Values = std::vector<double>;

// 0, 1, 2, … under a shape.
Tensor counted(const Shape& shape, const Device& device = Device::cpu()) {
    std::vector<double> values(static_cast<std::size_t>(shape.size()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
    return from_values(shape, values, device);
}

void expect_equal(const Tensor& y, const Shape& shape, const Values& values) {
    EXPECT_EQ(y.shape(), shape);
    EXPECT_EQ(numbers(y), values);
}

// The order of elements, which neither gradcheck nor the comparison of devices sees: a transposed that is the inverse
// permutation, a slice that starts one too late, a part in another's place would pass there.
TEST(Moves, OnPaper) {
    const Tensor x = counted({2, 3});
    expect_equal(ops::transpose(x), {3, 2}, {0, 3, 1, 4, 2, 5});
    expect_equal(ops::transpose(counted({2, 3, 2}), {1, 2, 0}), {3, 2, 2}, {0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11});
    expect_equal(ops::slice(x, {{}, {1, 3}}), {2, 2}, {1, 2, 4, 5});
    expect_equal(ops::slice(x, {{-1, {}}, {{}, {}, -2}}), {1, 2}, {5, 3});
    expect_equal(ops::slice(counted({7}), {{5, 1, -2}}), {2}, {5, 3});
    expect_equal(ops::slice(counted({7}), {{{}, {}, 3}}), {3}, {0, 3, 6});
    expect_equal(ops::concatenate({x, counted({2, 1})}), {2, 4}, {0, 1, 2, 0, 3, 4, 5, 1});
    expect_equal(ops::concatenate({x, counted({1, 3})}, 0), {3, 3}, {0, 1, 2, 3, 4, 5, 0, 1, 2});
    expect_equal(ops::stack({counted({2}), counted({2})}, 1), {2, 2}, {0, 0, 1, 1});
    expect_equal(ops::stack({counted({2}), counted({2})}), {2, 2}, {0, 1, 0, 1});
    expect_equal(ops::pad(counted({1, 2}), {{1, 0}, {0, 1}}, 9), {2, 3}, {9, 9, 9, 0, 1, 9});
    expect_equal(ops::broadcast_to(counted({2, 1}), {2, 2, 2}), {2, 2, 2}, {0, 0, 1, 1, 0, 0, 1, 1});
    const Tensor rows = from_values<std::int32_t>({3}, {1, 0, 1}, Device::cpu());
    expect_equal(ops::gather_rows(x, rows), {3, 3}, {3, 4, 5, 0, 1, 2, 3, 4, 5});
}

// A row that was taken twice gets both gradients, one that was not taken a zero.
TEST(Moves, GatheredTwiceIsAddedTwice) {
    const Tensor x = autograd::variable(counted({3, 2}));
    const Tensor y = ops::gather_rows(x, from_values<std::int32_t>({3}, {2, 0, 2}, Device::cpu()));
    autograd::backward(y, counted({3, 2}));
    EXPECT_EQ(numbers(autograd::gradient(x)), (Values{2, 3, 0, 0, 0 + 4, 1 + 5}));
}

// The second use of a value adds to the gradient of the first: a slice that clears the whole gradient before it writes its
// part would lose it, in either order of the uses.
TEST(Moves, AddToAGradientThatIsThere) {
    for (const bool first : {true, false}) {
        const Tensor x = autograd::variable(counted({4}), full({4}, 77, DType::float64, Device::cpu()));
        const Tensor part = ops::sum(ops::slice(x, {{1, 3}})), all = ops::sum(ops::affine(x, 10, 0));
        autograd::backward(first ? ops::add(part, all) : ops::add(all, part));
        EXPECT_EQ(numbers(autograd::gradient(x)), (Values{10, 11, 11, 10}));
    }
    const Tensor x = autograd::variable(counted({3}), full({3}, 77, DType::float64, Device::cpu()));
    autograd::backward(ops::slice(x, {{0, 1}}));
    EXPECT_EQ(numbers(autograd::gradient(x)), (Values{1, 0, 0})) << "the slot holds numbers of an earlier step";
}

// Labels can be moved too.
TEST(Moves, TakeWholeNumbers) {
    const Tensor labels = from_values<std::int32_t>({4}, {1 << 30, -5, 3, 0}, Device::cpu());
    EXPECT_EQ(ops::slice(labels, {{{}, {}, -2}}).to_vector<std::int32_t>(), (std::vector<std::int32_t>{0, -5}));
    EXPECT_EQ(ops::concatenate({labels, labels}).to_vector<std::int32_t>()[4], 1 << 30);
    EXPECT_EQ(ops::pad(labels, {{1, 0}}, -1).to_vector<std::int32_t>()[0], -1);
}

TEST(Moves, Messages) {
    const Tensor x = counted({2, 3}), none = counted({0, 3});
    const auto message = [](const auto& f) { return error_message(f); };
    EXPECT_EQ(message([&] { ops::transpose(none); }),
              "transpose: input (0, 3) has an axis of size 0, so that there is nothing to move");
    EXPECT_EQ(message([&] { ops::transpose(x, {0}); }),
              "transpose: the axes [0] must name each of the 2 axes of (2, 3) once");
    EXPECT_EQ(message([&] { ops::transpose(x, {1, -1}); }), "transpose: the axes [1, -1] name axis 1 of (2, 3) twice");
    EXPECT_EQ(message([&] {
                  ops::transpose(x, {0, 2});
              }),
              "transpose: there is no axis 2 for an input (2, 3); axes count from 0 to 1, or from -1 at the end");
    EXPECT_EQ(message([&] { ops::slice(x, {{}, {0, 4}}); }), "slice: the end 4 lies outside of axis 1 of (2, 3)");
    EXPECT_EQ(message([&] { ops::slice(x, {{-3, {}}}); }), "slice: the begin -3 lies outside of axis 0 of (2, 3)");
    EXPECT_EQ(message([&] {
                  ops::slice(x, {{}, {2, 1}});
              }),
              "slice: nothing lies between 2 and 1 by steps of 1 along axis 1 of (2, 3)");
    EXPECT_EQ(message([&] { ops::slice(x, {{0, 1, 0}}); }), "slice: the step along axis 0 of (2, 3) is 0");
    EXPECT_EQ(message([&] { ops::slice(x, {{}, {}, {}}); }), "slice: 3 slices for the 2 axes of (2, 3)");
    EXPECT_EQ(message([&] { ops::concatenate({}); }), "concatenate: there is nothing to put together");
    EXPECT_EQ(message([&] {
                  ops::concatenate({x, counted({3, 3})}, 1);
              }),
              "concatenate: inputs (2, 3) and (3, 3) differ in more than axis 1");
    EXPECT_EQ(message([&] { ops::stack({x, counted({3, 3})}); }), "stack: inputs (2, 3) and (3, 3) differ");
    EXPECT_EQ(message([&] {
                  ops::pad(x, {{0, -1}});
              }),
              "pad: the widths 0 and -1 at the ends of axis 0 of (2, 3) must not be negative");
    EXPECT_EQ(message([&] {
                  ops::broadcast_to(x, {2, 4});
              }),
              "broadcast_to: input (2, 3) does not fill (2, 4): counted from the end, axis 1 has size 3, not 4 or 1");
    EXPECT_EQ(message([&] {
                  ops::gather_rows(x, from_values<std::int32_t>({2}, {1, 2}, Device::cpu()));
              }),
              "gather_rows: row 2 at index 1 is not in the input (2, 3), which has rows 0 to 1");
    EXPECT_EQ(message([&] { ops::gather_rows(x, x); }),
              "gather_rows: the numbers of the rows must be int32 (K,), at least one");
    EXPECT_EQ(message([&] { ops::slice(empty({2}, DType::uint8, Device::cpu()), {}); }),
              "slice: an input (2,) is uint8; convert image bytes with scale_pixels first");
}

}  // namespace
}  // namespace cairn::test
