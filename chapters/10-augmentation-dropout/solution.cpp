// Chapter 10: one right answer.
#include "chapters/10-augmentation-dropout/exercise.h"

#include <algorithm>

namespace exercise {

namespace {

// 0 … choices - 1, of 32 random bits.
long scaled(std::uint32_t bits, long choices) {
    return static_cast<long>(bits * static_cast<std::uint64_t>(choices) >> 32);
}

bool is_kept(double rate, const RandomKey& key, std::size_t i) {
    return to_uniform(random_block(key, static_cast<std::uint32_t>(i / 4))[i % 4]) >= rate;
}

}  // namespace

Change draw(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift) {
    const std::array<std::uint32_t, 4> bits = random_block({.seed = seed, .stream = 0, .step = epoch}, image);
    const long choices = 2 * shift + 1;
    return {bits[0] >> 31 != 0, scaled(bits[1], choices) - shift, scaled(bits[2], choices) - shift};
}

Array mirror(const Array& image) {
    const std::size_t H = image.shape[0], W = image.shape[1], C = image.shape[2];
    Array out(image.shape);
    for (std::size_t y = 0; y < H; ++y)
        for (std::size_t x = 0; x < W; ++x)
            for (std::size_t c = 0; c < C; ++c) out[(y * W + x) * C + c] = image[(y * W + W - 1 - x) * C + c];
    return out;
}

Array move(const Array& image, long down, long right) {
    const long H = static_cast<long>(image.shape[0]), W = static_cast<long>(image.shape[1]);
    const std::size_t C = image.shape[2];
    Array out(image.shape);
    for (long y = std::max(0l, down); y < std::min(H, H + down); ++y)
        for (long x = std::max(0l, right); x < std::min(W, W + right); ++x) {
            const auto from = static_cast<std::size_t>((y - down) * W + x - right) * C;
            std::copy_n(image.values.data() + from, C, out.values.data() + static_cast<std::size_t>(y * W + x) * C);
        }
    return out;
}

Array batch(const Array& data, const std::vector<std::uint32_t>& index, std::uint64_t seed, std::uint32_t epoch, long shift,
            bool training) {
    const Sizes shape(data.shape.begin() + 1, data.shape.end());
    const auto size = static_cast<std::ptrdiff_t>(cairn::course::count_of(shape));
    Array all({index.size(), shape[0], shape[1], shape[2]}, std::vector<double>{});
    for (const std::uint32_t i : index) {
        const auto first = data.values.begin() + i * size;
        Array image(shape, std::vector<double>(first, first + size));
        if (training) {
            const Change change = draw(seed, epoch, i, shift);
            image = move(change.mirror ? mirror(image) : image, change.down, change.right);
        }
        all.values.insert(all.values.end(), image.values.begin(), image.values.end());
    }
    return all;
}

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) {
    for (std::size_t i = begin; i < end; ++i) y[i] = is_kept(rate, key, i) ? x[i] / (1 - rate) : 0;
}

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) {
    Array dx(dy.shape);
    for (std::size_t i = 0; i < dx.size(); ++i) dx[i] = is_kept(rate, key, i) ? dy[i] / (1 - rate) : 0;
    return dx;
}

}  // namespace exercise
