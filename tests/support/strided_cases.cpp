// Strided copies and rows by their number.
#include "support/cases_of.h"

namespace cairn::test {

namespace {

// The steps that no op asks for stand here too: both sides strided, backwards on the side that is written.
const std::vector<Moved> copies{
    {"a scalar", {}, {}, {{}, {0, {}}, {0, {}}}},
    {"as it is", {1000}, {1000}, {{1000}, {0, {1}}, {0, {1}}}},
    {"many, as they are", {50, 1001}, {50, 1001}, {{50, 1001}, {0, {1001, 1}}, {0, {1001, 1}}}},
    {"transposed", {63, 65}, {65, 63}, {{65, 63}, {0, {1, 65}}, {0, {63, 1}}}},
    {"transposed, for several threads", {300, 201}, {201, 300}, {{201, 300}, {0, {1, 201}}, {0, {300, 1}}}},
    {"channels first", {2, 5, 7, 3}, {2, 3, 5, 7}, {{2, 3, 5, 7}, {0, {105, 1, 21, 3}}, {0, {105, 35, 7, 1}}}},
    {"backwards", {17}, {17}, {{17}, {16, {-1}}, {0, {1}}}},
    {"written backwards", {17}, {17}, {{17}, {0, {1}}, {16, {-1}}}},
    {"every third", {64}, {22}, {{22}, {0, {3}}, {0, {1}}}},
    {"one repeated", {1}, {257}, {{257}, {0, {0}}, {0, {1}}}},
    {"pixels repeated", {2, 3, 4}, {2, 2, 3, 2, 4}, {{2, 2, 3, 2, 4}, {0, {12, 0, 4, 0, 1}}, {0, {48, 24, 8, 4, 1}}}},
    {"into the middle", {3, 5}, {7, 9}, {{3, 5}, {0, {5, 1}}, {2 * 9 + 3, {9, 1}}}, false},
    {"into every other", {8}, {17}, {{8}, {0, {1}}, {1, {2}}}, false},
    {"six axes in another order",
     {2, 3, 2, 3, 2, 3},
     {3, 2, 3, 2, 3, 2},
     {{3, 2, 3, 2, 3, 2}, {0, {1, 3, 6, 18, 36, 108}}, {0, {72, 36, 12, 6, 2, 1}}}},
};

void add_copies(KernelCases& cases, Draw& draw, const std::vector<Moved>& all) {
    for (const Moved& c : all) {
        const auto run = [copy = c.copy](bool accumulate) {
            return [=](Backend& device, const Tensors& in, const Tensors& out) {
                StridedCopy adding = copy;
                adding.accumulate = accumulate;
                device.copy_strided(adding, in[0], out[0]);
            };
        };
        const std::vector<double> before = draw.normal(c.y).values;
        const Input x = draw.normal(c.x);
        cases.push_back({fmt::format("copy_strided {}", c.name),
                         {x},
                         {{"y", c.y, exact(), c.all ? std::vector<double>{} : before}},
                         run(false)});
        cases.push_back(
            {fmt::format("copy_strided {}, added", c.name), {x}, {{"y", c.y, sum_of(2), before}}, run(true)});
        Input labels = draw.classes(c.x, 1u << 20);
        Output moved{"y", c.y, exact(), draw.integers(c.y, 1u << 20).values, DType::int32};
        cases.push_back({fmt::format("copy_strided int32 {}", c.name), {labels}, {moved}, run(false)});
    }
}

const std::vector<Gathered> gathers{{1, 1, 1},   {3, 1, 64},      {5, 7, 3},      {2, 257, 9},
                                    {65, 3, 63}, {10, 100, 1000}, {100, 1001, 60}};

void add_gather(KernelCases& cases, Draw& draw, const std::vector<Gathered>& all) {
    for (const auto& [rows, width, count] : all) {
        const std::string what = fmt::format("{} of {} x {}", count, rows, width);
        const Input numbers = draw.classes({count}, static_cast<std::uint32_t>(rows));
        cases.push_back(
            {"gather_rows " + what,
             {draw.normal({rows, width}), numbers},
             {{"y", {count, width}, exact()}},
             [](Backend& device, const Tensors& in, const Tensors& out) { device.gather_rows(in[0], in[1], out[0]); }});
        cases.push_back({"gather_rows_backward " + what,
                         {draw.normal({count, width}), numbers},
                         {{"dx", {rows, width}, sum_of(count)}},
                         [](Backend& device, const Tensors& in, const Tensors& out) {
                             device.gather_rows_backward(in[0], in[1], out[0]);
                         }});
    }
}

// A device whose numbers the host does not look at must not read outside of x.
void add_missing_rows(KernelCases& cases, Draw& draw) {
    cases.push_back(
        {"gather_rows of rows that are not there",
         {draw.normal({3, 5}), {{4}, {2, -1, 3, 1}, DType::int32}},
         {{"y", {4, 5}, exact()}},
         [](Backend& device, const Tensors& in, const Tensors& out) { device.gather_rows(in[0], in[1], out[0]); }});
}

}  // namespace

KernelCases strided_cases_of(Draw& draw, const std::vector<Moved>& moved, const std::vector<Gathered>& gathered) {
    KernelCases cases;
    add_copies(cases, draw, moved);
    add_gather(cases, draw, gathered);
    return cases;
}

KernelCases strided_cases() {
    Draw draw(20);
    KernelCases cases = strided_cases_of(draw, copies, gathers);
    add_missing_rows(cases, draw);
    return cases;
}

}  // namespace cairn::test
