// Batch normalization, from one row to thousands, with channels around the widths of registers and workgroups.
#include "support/cases_of.h"

namespace cairn::test {

namespace {

// (…, C) is seen as M rows of C channels.
const std::vector<Shape> shapes{{1, 1},        {1, 5},       {2, 1},        {3, 5},         {7, 3},    {64, 32},
                                {65, 33},      {63, 64},     {1000, 3},     {50001, 1},     {3, 257},  {5000, 17},
                                {8, 1, 1, 64}, {2, 3, 5, 7}, {2, 8, 8, 64}, {8, 16, 16, 3}, {32, 1000}};

void add_statistics(KernelCases& cases, Draw& draw, const Shape& shape) {
    const Shape channels{shape[-1]};
    const std::int64_t M = shape.size() / shape[-1];
    // A mean of 100 beside a deviation of 1: in float32 E[x^2] - E[x]^2 would be off by 1e4 * 1e-7, a part in a
    // thousand. The variance's own error is (error of the mean)^2 and the sum's roundings, far below the bound by norm.
    for (const double mean : {0.0, 100.0}) {
        cases.push_back({fmt::format("batch_norm_statistics {} mean {}", shape, mean),
                         {draw.normal(shape, mean)},
                         {{"mean", channels, sum_of(M)}, {"variance", channels, by_norm()}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.batch_norm_statistics(in[0], out[0], out[1]);
                         }});
    }
}

void add_forward(KernelCases& cases, Draw& draw, const Shape& shape) {
    const Shape channels{shape[-1]};
    const Input x = draw.normal(shape, 1, 2), mean = draw.normal(channels, 1),
                variance = draw.uniform(channels, 0.5, 4);
    const Input gamma = draw.normal(channels, 1), beta = draw.normal(channels);
    cases.push_back({fmt::format("batch_norm {}", shape),
                     {x, mean, variance, gamma, beta},
                     {{"y", shape, by_norm()}},
                     [](Backend& device, const Tensors& in, const Tensors& out) {
                         device.batch_norm(in[0], {in[1], in[2], in[3], in[4]}, out[0]);
                     }});
    cases.push_back({fmt::format("batch_norm {} in place", shape),
                     {mean, variance, gamma, beta},
                     {{"y", shape, by_norm(), x.values}},
                     [](Backend& device, const Tensors& in, const Tensors& out) {
                         device.batch_norm(out[0], {in[0], in[1], in[2], in[3]}, out[0]);
                     }});
}

// mean and variance are inputs near those of x, not exactly them: the formulas hold for any, and dx has no sum that
// happens to be 0.
void add_backward(KernelCases& cases, Draw& draw, const Shape& shape) {
    const Shape channels{shape[-1]};
    for (const Statistics statistics : {Statistics::batch, Statistics::moving}) {
        for (int wanted = 1; wanted < 8; ++wanted) {  // bit 0 asks for dx, 1 dgamma, 2 dbeta
            std::vector<Output> outputs;
            if (wanted & 1) outputs.push_back({"dx", shape, by_norm()});
            if (wanted & 2) outputs.push_back({"dgamma", channels, by_norm()});
            if (wanted & 4) outputs.push_back({"dbeta", channels, sum_of(shape.size() / shape[-1])});
            cases.push_back(
                {fmt::format("batch_norm_backward {} {}{}{}{}", shape,
                             statistics == Statistics::batch ? "batch" : "moving", wanted & 1 ? " dx" : "",
                             wanted & 2 ? " dgamma" : "", wanted & 4 ? " dbeta" : ""),
                 {draw.normal(shape, 1, 2), draw.normal(channels, 1.5, 0.5), draw.uniform(channels, 0.5, 4),
                  draw.normal(channels, 1), draw.normal(shape, 0.5)},
                 outputs,
                 [=](Backend& device, const Tensors& in, const Tensors& out) {
                     const auto [dx, dgamma, dbeta] = wanted_outputs<3>(wanted, out);
                     device.batch_norm_backward(in[0], {in[1], in[2], in[3]}, statistics, in[4], {dx, dgamma, dbeta});
                 }});
        }
    }
}

// The statistics move the averages, and y is normalized with the statistics, not with the averages.
void add_training(KernelCases& cases, Draw& draw, const Shape& shape) {
    const Shape channels{shape[-1]};
    const std::int64_t M = shape.size() / shape[-1];
    // With one row, y is beta: xhat is 0 but for the rounding of the mean.
    cases.push_back(
        {fmt::format("batch_norm_training {}", shape),
         {draw.normal(shape, 3, 2), draw.normal(channels, 1), draw.normal(channels)},
         {{"mean", channels, sum_of(M)},
          {"variance", channels, by_norm()},
          {"moving mean", channels, sum_of(M + 1), draw.normal(channels).values},
          {"moving variance", channels, by_norm(), draw.uniform(channels, 0.5, 4).values},
          {"y", shape, by_norm()}},
         [](Backend& device, const Tensors& in, const Tensors& out) {
             device.batch_norm_training(in[0], {out[0], out[1], in[1], in[2]}, {out[2], out[3], 0.9}, out[4]);
         }});
}

}  // namespace

KernelCases batch_norm_cases_of(Draw& draw, const std::vector<Shape>& all) {
    KernelCases cases;
    for (const Shape& shape : all) {
        add_statistics(cases, draw, shape);
        add_forward(cases, draw, shape);
        add_backward(cases, draw, shape);
        add_training(cases, draw, shape);
        const Shape channels{shape[-1]};
        cases.push_back({fmt::format("moving_average {}", channels),
                         {draw.normal(channels)},
                         {{"moving", channels, sum_of(2), draw.normal(channels).values}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.moving_average(in[0], 0.99, out[0]);
                         }});
    }
    return cases;
}

KernelCases batch_norm_cases() {
    Draw draw(6);
    return batch_norm_cases_of(draw, shapes);
}

}  // namespace cairn::test
