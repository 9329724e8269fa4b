#include "cairn/backend/devices.h"
#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

struct Transposed {
    Shape shape;
    std::vector<int> axes;
};
const Transposed transposed[] = {
    {{5}, {}},
    {{1, 1}, {}},
    {{3, 5}, {}},
    {{63, 2}, {1, 0}},
    {{64, 65}, {-1, 0}},
    {{2, 3, 5}, {}},
    {{2, 3, 5}, {0, 2, 1}},
    {{2, 3, 5}, {1, 2, 0}},
    {{1, 7, 1}, {2, 1, 0}},
    {{2, 3, 4, 5}, {0, 3, 1, 2}},
    {{2, 3, 4, 5}, {3, 2, 1, 0}},
    {{2, 3, 1, 2, 5}, {4, 0, 2, 3, 1}},
    {{2, 1, 3, 2, 2, 3}, {5, 3, 1, 0, 2, 4}},
};

struct Sliced {
    const char* name;
    Shape shape;
    std::vector<Slice> slices;
};
const Sliced sliced[] = {
    {"[:]", {7}, {{}}},
    {"[2:5]", {7}, {{2, 5}}},
    {"[-1:]", {7}, {{-1}}},
    {"[::3]", {65}, {{{}, {}, 3}}},
    {"[1::2]", {64}, {{1, {}, 2}}},
    {"[::-1]", {5}, {{{}, {}, -1}}},
    {"[5:1:-2]", {7}, {{5, 1, -2}}},
    {"[:, 1:2]", {3, 5}, {{}, {1, 2}}},
    {"[1:2, ::2]", {3, 5}, {{1, 2}, {{}, {}, 2}}},
    {"[::-1, :, :2]", {2, 3, 5}, {{{}, {}, -1}, {}, {{}, 2}}},
    {"[:, 1:-1, 1:-1]", {2, 4, 5, 3}, {{}, {1, -1}, {1, -1}}},
    {"[:, :, 0:1, 1:, :]", {2, 3, 1, 4, 2}, {{}, {}, {0, 1}, {1}}},
};

struct Joined {
    std::vector<Shape> parts;
    int axis;
};
const Joined concatenated[] = {
    {{{5}}, 0},
    {{{1}, {3}}, 0},
    {{{2, 3}, {2, 5}}, -1},
    {{{2, 3}, {4, 3}}, 0},
    {{{63, 1}, {63, 2}, {63, 64}}, 1},
    {{{2, 3, 5}, {2, 1, 5}}, 1},
    {{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}, -1},
    {{{2, 3, 4, 5}, {2, 3, 4, 1}, {2, 3, 4, 2}}, 3},
    {{{2, 3, 4, 5}, {1, 3, 4, 5}}, 0},
    {{{2, 1, 3, 2, 2}, {2, 1, 3, 1, 2}}, -2},
};
const Joined stacked[] = {
    {{{}}, 0},
    {{{}, {}, {}}, 0},
    {{{5}, {5}}, 0},
    {{{5}, {5}}, 1},
    {{{2, 3}, {2, 3}}, 1},
    {{{2, 3}, {2, 3}}, -1},
    {{{63, 2}, {63, 2}}, 0},
    {{{2, 3, 5}, {2, 3, 5}}, 2},
    {{{1, 1, 1}}, 0},
    {{{2, 3, 4, 5}, {2, 3, 4, 5}}, -2},
};

struct Padded {
    Shape shape;
    std::vector<std::array<std::int64_t, 2>> widths;
    double value;
};
const Padded padded[] = {
    {{5}, {{0, 0}}, 0},
    {{1}, {{2, 3}}, 0},
    {{3, 5}, {{1, 0}}, 0},
    {{3, 5}, {{0, 0}, {0, 2}}, 1.5},
    {{63}, {{1, 1}}, 0},
    {{2, 3, 5}, {{0, 0}, {2, 1}, {1, 3}}, -1},
    {{1, 1, 1}, {{1, 1}, {1, 1}, {1, 1}}, 0},
    {{2, 4, 5, 3}, {{0, 0}, {1, 2}, {3, 0}}, 0},
    {{2, 4, 5, 3}, {{1, 0}, {0, 0}, {0, 0}, {0, 1}}, 7},
    {{2, 1, 3, 1, 2}, {{0, 0}, {1, 1}, {0, 0}, {2, 0}, {0, 1}}, 0},
};

const std::pair<Shape, Shape> repeated[] = {
    {{}, {}},
    {{}, {2, 3}},
    {{1}, {5}},
    {{5}, {5}},
    {{5}, {3, 5}},
    {{3, 1}, {3, 5}},
    {{3, 1}, {2, 3, 64}},
    {{1, 1, 1}, {2, 3, 5}},
    {{2, 1, 4}, {2, 3, 4}},
    {{2, 3, 1, 2, 1, 3}, {2, 3, 2, 2, 2, 3}},
};

struct Gathered {
    Shape shape;
    std::int64_t count;
};
const Gathered gathered[] = {
    {{1}, 1},    {{5}, 3},      {{3}, 64},      {{7, 1}, 7},       {{5, 3}, 12},         {{2, 65}, 3},
    {{1, 4}, 5}, {{65, 2}, 63}, {{4, 2, 3}, 6}, {{3, 2, 1, 2}, 4}, {{2, 1, 3, 1, 2}, 5},
};

std::vector<detail::Input> inputs_of(const std::vector<Shape>& shapes) {
    std::vector<detail::Input> inputs;
    for (const Shape& shape : shapes) inputs.push_back({shape});
    return inputs;
}

std::string joined_name(const Joined& j) {
    std::string name;
    for (const Shape& shape : j.parts) name += (name.empty() ? "" : " and ") + shape.str();
    return fmt::format("{} along {}", name, j.axis);
}

}  // namespace

void detail::add_move_cases(std::vector<OpCase>& cases) {
    for (const auto& [shape, axes] : transposed)
        cases.push_back(make_case("transpose", fmt::format("{} by [{}]", shape, fmt::join(axes, ", ")), {{shape}},
                                  [axes = axes](const Tensors& x) { return transpose(x[0], axes); }));
    cases.push_back(make_case("transpose", "x times its transposed", {{{3, 3}}},
                              [](const Tensors& x) { return mul(transpose(x[0]), x[0]); }));

    for (const auto& [name, shape, slices] : sliced)
        cases.push_back(make_case("slice", fmt::format("{} of {}", name, shape), {{shape}},
                                  [slices = slices](const Tensors& x) { return slice(x[0], slices); }));
    cases.push_back(make_case("slice", "neighbours of (9,), which overlap", {{{9}}}, [](const Tensors& x) {
        return mul(slice(x[0], {{1, {}}}), slice(x[0], {{{}, -1}}));
    }));

    for (const Joined& j : concatenated)
        cases.push_back(make_case("concatenate", joined_name(j), inputs_of(j.parts),
                                  [axis = j.axis](const Tensors& x) { return concatenate(x, axis); }));
    cases.push_back(make_case("concatenate", "(3,) and itself", {{{3}}}, [](const Tensors& x) {
        return concatenate({x[0], square(x[0]), x[0]});
    }));
    for (const Joined& j : stacked)
        cases.push_back(make_case("stack", joined_name(j), inputs_of(j.parts),
                                  [axis = j.axis](const Tensors& x) { return stack(x, axis); }));

    for (const auto& [shape, widths, value] : padded) {
        std::string ends;
        for (const auto& [before, after] : widths) ends += fmt::format(" {}+{}", before, after);
        cases.push_back(
            make_case("pad", fmt::format("{} by{} with {}", shape, ends, value), {{shape}},
                      [=, widths = widths, value = value](const Tensors& x) { return pad(x[0], widths, value); }));
    }
    for (const auto& [from, to] : repeated)
        cases.push_back(make_case("broadcast_to", fmt::format("{} -> {}", from, to), {{from}},
                                  [to = to](const Tensors& x) { return broadcast_to(x[0], to); }));
    for (const auto& [shape, count] : gathered)
        cases.push_back(make_case("gather_rows", fmt::format("{} of {}", count, shape),
                                  {{shape}, {{count}, Values::classes, static_cast<std::uint32_t>(shape[0])}},
                                  [](const Tensors& x) { return gather_rows(x[0], x[1]); }));
}

}  // namespace cairn::ops
