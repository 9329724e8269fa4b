#include "cairn/ops/case_tables.h"
#include "cairn/ops/ops.h"

namespace cairn::ops {

namespace {

struct ReduceOp {
    const char* name;
    Tensor (*op)(const Tensor&, const std::vector<int>&, bool);
    detail::Values values;
};

constexpr ReduceOp reduce_ops[] = {
    {"sum", sum, detail::Values::normal},
    {"mean", mean, detail::Values::normal},
    {"max", max, detail::Values::distinct},
};

struct Reduce {
    Shape shape;
    std::vector<int> axes;
    bool keep_dims;
};

const Reduce reductions[] = {
    {{}, {}, false},            // a scalar
    {{1}, {0}, false},          //
    {{5}, {}, false},           // everything
    {{2, 3, 5}, {}, true},      //
    {{63, 2}, {0}, false},      // over rows, as a bias gradient
    {{2, 64}, {-1}, false},     // within rows
    {{65, 3}, {1}, true},       //
    {{2, 3, 5}, {1}, false},    // a middle axis
    {{2, 3, 5}, {0, 2}, true},  // two that do not touch
    {{2, 3, 2, 5}, {0, 1, 2}, false},
    {{2, 5, 3, 2}, {1, 2}, false},  // global pooling
    {{3, 1, 2}, {1}, false},        // an axis of size 1
};

struct Reshape {
    Shape from;
    std::vector<std::int64_t> to;
};

const Reshape reshapes[] = {
    {{}, {1, 1}},   {{1}, {}},          {{6}, {2, 3}},       {{2, 3}, {6}},        {{2, 3}, {-1}},
    {{63}, {9, 7}}, {{64}, {4, -1, 2}}, {{5, 13}, {-1, 65}}, {{2, 3, 5}, {2, 15}}, {{2, 3, 4, 5}, {2, 3, -1}},
};

const Shape flattened[] = {
    {1}, {5}, {1, 1}, {2, 3}, {1, 7}, {2, 3, 5}, {1, 4, 4, 2}, {3, 1, 1, 5}, {63, 1, 1}, {2, 5, 13}, {2, 1, 2, 1, 2, 1},
};

}  // namespace

void detail::add_shape_cases(std::vector<OpCase>& cases) {
    for (const auto& [name, op, values] : reduce_ops)
        for (const auto& [shape, axes, keep_dims] : reductions) {
            const std::string over = axes.empty() ? "all axes" : fmt::format("axes [{}]", fmt::join(axes, ", "));
            cases.push_back(make_case(
                name, fmt::format("{} over {}{}", shape, over, keep_dims ? ", kept" : ""), {{shape, values}},
                [op = op, axes = axes, keep_dims = keep_dims](const Tensors& x) { return op(x[0], axes, keep_dims); }));
        }
    for (const auto& [from, to] : reshapes)
        cases.push_back(make_case("reshape", fmt::format("{} -> [{}]", from, fmt::join(to, ", ")), {{from}},
                                  [to = to](const Tensors& x) { return reshape(x[0], to); }));
    for (const Shape& shape : flattened)
        cases.push_back(make_case("flatten", shape.str(), {{shape}}, [](const Tensors& x) { return flatten(x[0]); }));
}

}  // namespace cairn::ops
