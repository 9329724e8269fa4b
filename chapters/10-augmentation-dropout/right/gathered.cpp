// Chapter 10: another right answer: every element of a batch looks up where it comes from, and dropout goes by whole blocks.
#include "chapters/10-augmentation-dropout/exercise.h"

#include <algorithm>
#include <cmath>

namespace exercise {

Change draw(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift) {
    cairn::RandomKey key;
    key.seed = seed;
    key.step = epoch;
    const auto numbers = random_block(key, image);
    const double choices = static_cast<double>(2 * shift + 1);
    const auto offset = [&](std::uint32_t bits) {
        return static_cast<long>(std::floor(bits / 4294967296.0 * choices)) - shift;
    };
    return {numbers[0] >= 0x80000000u, offset(numbers[1]), offset(numbers[2])};
}

namespace {

// Element (y, x, c) of the image that begins at element `first` of a; 0 outside of it.
double at(const Array& a, std::size_t first, long y, long x, std::size_t c) {
    const std::size_t axes = a.shape.size(), C = a.shape[axes - 1];
    const long H = static_cast<long>(a.shape[axes - 3]), W = static_cast<long>(a.shape[axes - 2]);
    if (y < 0 || y >= H || x < 0 || x >= W) return 0;
    return a[first + static_cast<std::size_t>(y * W + x) * C + c];
}

Array changed(const Array& data, std::size_t first, const Change& change) {
    const std::size_t axes = data.shape.size();
    Array out({data.shape[axes - 3], data.shape[axes - 2], data.shape[axes - 1]});
    const long W = static_cast<long>(out.shape[1]);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t c = i % out.shape[2], pixel = i / out.shape[2];
        const long y = static_cast<long>(pixel) / W - change.down, x = static_cast<long>(pixel) % W - change.right;
        out[i] = at(data, first, y, change.mirror ? W - 1 - x : x, c);
    }
    return out;
}

}  // namespace

Array mirror(const Array& image) { return changed(image, 0, {true, 0, 0}); }

Array move(const Array& image, long down, long right) { return changed(image, 0, {false, down, right}); }

Array batch(const Array& data, const std::vector<std::uint32_t>& index, std::uint64_t seed, std::uint32_t epoch, long shift,
            bool training) {
    Array all(data.shape);
    all.shape[0] = index.size();
    all.values.clear();
    for (const std::uint32_t i : index) {
        const std::size_t first = i * (data.size() / data.shape[0]);
        const Array image = changed(data, first, training ? draw(seed, epoch, i, shift) : Change{false, 0, 0});
        all.values.insert(all.values.end(), image.values.begin(), image.values.end());
    }
    return all;
}

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) {
    std::array<std::uint32_t, 4> numbers{};
    for (std::size_t i = begin; i < end; ++i) {
        if (i == begin || i % 4 == 0) numbers = random_block(key, static_cast<std::uint32_t>(i / 4));
        y[i] = to_uniform(numbers[i % 4]) < rate ? 0 : x[i] / (1 - rate);
    }
}

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    Array dx(dy.shape);
    dropout(dy, rate, key, 0, dx.size(), dx);
    return dx;
}

}  // namespace exercise
