// By the normed row n = x / root: y = gain n, dx = (gain dy - n mean(gain dy n)) / root, dgain = sum of dy n. Shaders whose
// invocation 0 adds up what the others left.
#include "chapters/14-capstone/exercise.h"

#include <cmath>
#include <numeric>

namespace exercise {

namespace {

using cairn::fail;
using cairn::course::text_of;

struct Normed {
    std::size_t rows = 0, columns = 0;
    Array n;
    std::vector<double> root;
};

Normed normed(const Array& x, const Array& gain, double epsilon) {
    if (x.shape.empty() || gain.shape.size() != 1 || gain.shape[0] != x.shape.back())
        fail("rms_norm: a gain of shape {} for x {}: one number for each of the last axis is needed", text_of(gain.shape),
             text_of(x.shape));
    if (!(epsilon > 0)) fail("rms_norm: epsilon is {}, and must be positive", epsilon);
    Normed result{0, gain.size(), x, {}};
    for (auto row = result.n.values.begin(); row != result.n.values.end(); row += static_cast<long>(result.columns)) {
        const auto end = row + static_cast<long>(result.columns);
        const double mean = std::inner_product(row, end, row, 0.0) / static_cast<double>(result.columns);
        result.root.push_back(std::sqrt(mean + epsilon));
        for (auto at = row; at != end; ++at) *at /= result.root.back();
    }
    result.rows = result.root.size();
    return result;
}

}  // namespace

Array rms_norm_loops(const Array& x, const Array& gain, double epsilon) {
    Normed r = normed(x, gain, epsilon);
    for (std::size_t i = 0; i < r.n.size(); ++i) r.n[i] *= gain[i % r.columns];
    return r.n;
}

Gradients rms_norm_loops_backward(const Array& x, const Array& gain, double epsilon, const Array& dy) {
    const Normed r = normed(x, gain, epsilon);
    if (dy.shape != x.shape) fail("rms_norm: dy is {} and x {}", text_of(dy.shape), text_of(x.shape));
    Gradients d{dy, Array(gain.shape)};
    for (std::size_t m = 0; m < r.rows; ++m) {
        double mean = 0;
        for (std::size_t c = 0; c < r.columns; ++c) {
            const std::size_t i = m * r.columns + c;
            d.dgain[c] += dy[i] * r.n[i];
            d.dx[i] *= gain[c];
            mean += d.dx[i] * r.n[i] / static_cast<double>(r.columns);
        }
        for (std::size_t i = m * r.columns; i < (m + 1) * r.columns; ++i) d.dx[i] = (d.dx[i] - r.n[i] * mean) / r.root[m];
    }
    return d;
}

namespace {

// Halves of a sum, down to 16 terms: the error grows with the logarithm of their number.
template <typename Term>
float pairwise(std::size_t begin, std::size_t end, const Term& term) {
    if (end - begin > 16) {
        const std::size_t middle = begin + (end - begin) / 2;
        return pairwise(begin, middle, term) + pairwise(middle, end, term);
    }
    float sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += term(i);
    return sum;
}

}  // namespace

void rms_norm_cpu(std::span<const float> x, std::span<const float> gain, float epsilon, std::span<float> y,
                  std::span<float> r) {
    const std::size_t columns = gain.size();
    for (std::size_t m = 0; m < r.size(); ++m) {
        const float sum = pairwise(m * columns, (m + 1) * columns, [&](std::size_t i) { return x[i] * x[i]; });
        r[m] = 1 / std::sqrt(sum / static_cast<float>(columns) + epsilon);
    }
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] * r[i / columns] * gain[i % columns];
}

void rms_norm_cpu_backward(std::span<const float> x, std::span<const float> gain, std::span<const float> r,
                           std::span<const float> dy, std::span<float> dx, std::span<float> dgain) {
    const std::size_t columns = gain.size(), rows = r.size();
    for (std::size_t m = 0; m < rows; ++m) {
        const float sum = pairwise(0, columns, [&](std::size_t c) {
            return gain[c] * dy[m * columns + c] * (x[m * columns + c] * r[m]);
        });
        const float mean = sum / static_cast<float>(columns);
        for (std::size_t c = 0; c < columns; ++c)
            dx[m * columns + c] = (gain[c] * dy[m * columns + c] - x[m * columns + c] * r[m] * mean) * r[m];
    }
    for (std::size_t c = 0; c < columns; ++c)
        dgain[c] = pairwise(0, rows, [&](std::size_t m) { return dy[m * columns + c] * x[m * columns + c] * r[m]; });
}

std::string rms_norm_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Gain { float gain[]; };
layout(binding = 2) writeonly buffer Y { float y[]; };
layout(binding = 3) writeonly buffer R { float r[]; };
layout(push_constant) uniform Push { uint rows, columns; float epsilon; };
shared float parts[64], inverse;

void main() {
    const uint lane = gl_LocalInvocationID.x;
    parts[lane] = 0;
    for (uint c = lane; c < columns; c += 64) parts[lane] += pow(abs(x[gl_WorkGroupID.x * columns + c]), 2);
    barrier();
    if (lane == 0) {
        float sum = 0;
        for (uint i = 0; i < 64; ++i) sum += parts[i];
        inverse = inversesqrt(sum / columns + epsilon);
        r[gl_WorkGroupID.x] = inverse;
    }
    barrier();
    for (uint c = lane; c < columns; c += 64) {
        const uint i = gl_WorkGroupID.x * columns + c;
        y[i] = x[i] * inverse * gain[c];
    }
}
)";
}

std::string rms_norm_dx_shader() {
    return R"(#version 450
layout(local_size_x = 64) in;
layout(binding = 0) readonly buffer X { float x[]; };
layout(binding = 1) readonly buffer Gain { float gain[]; };
layout(binding = 2) readonly buffer R { float r[]; };
layout(binding = 3) readonly buffer Dy { float dy[]; };
layout(binding = 4) writeonly buffer Dx { float dx[]; };
layout(push_constant) uniform Push { uint rows, columns; float epsilon; };
shared float parts[64], mean;

void main() {
    const uint lane = gl_LocalInvocationID.x, row = gl_WorkGroupID.x;
    parts[lane] = 0;
    for (uint c = lane; c < columns; c += 64) parts[lane] += gain[c] * dy[row * columns + c] * x[row * columns + c] * r[row];
    barrier();
    if (lane == 0) {
        mean = 0;
        for (uint i = 0; i < 64; ++i) mean += parts[i] / columns;
    }
    barrier();
    for (uint c = lane; c < columns; c += 64) {
        const uint i = row * columns + c;
        dx[i] = (gain[c] * dy[i] - x[i] * r[row] * mean) * r[row];
    }
}
)";
}

std::vector<std::size_t> leaked(const std::vector<Image>& train, const std::vector<Image>& test) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < test.size(); ++i)
        for (const Image& image : train)
            if (image == test[i]) {
                found.push_back(i);
                break;
            }
    return found;
}

Report report(const std::vector<Run>& runs) {
    double sum = 0, squares = 0;
    for (const Run& run : runs) {
        std::size_t best = 0;
        for (std::size_t e = 1; e < run.validation.size(); ++e)
            if (run.validation[e] > run.validation[best]) best = e;
        sum += run.test[best], squares += run.test[best] * run.test[best];
    }
    const auto n = static_cast<double>(runs.size());
    return {sum / n, std::sqrt((squares - sum * sum / n) / (n - 1))};
}

}  // namespace exercise
