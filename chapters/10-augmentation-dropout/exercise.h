// Chapter 10: what you write in exercise.cpp. Shapes and formulas stand in README.md.
#pragma once

#include "cairn/core/random.h"
#include "cairn/course/exercise.h"

namespace exercise {

using cairn::random_block;
using cairn::RandomKey;
using cairn::to_uniform;
using cairn::course::Array;
using cairn::course::not_written_yet;
using cairn::course::Sizes;

// What happens to one image: it is mirrored or not, then moved by so many pixels; negative is up, and left.
struct Change {
    bool mirror;
    long down, right;
};

// The change of image `image` of the data set in an epoch, with down and right in -shift … shift. It is made of the first three
// numbers of random_block({seed, 0, epoch}, image) and of nothing else.
Change draw(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift);

// The image (H, W, C), mirrored left to right.
Array mirror(const Array& image);

// out[y, x, c] = image[y - down, x - right, c], and 0 where that lies outside of the image.
Array move(const Array& image, long down, long right);

// The batch of the images of `data` (size, H, W, C) that `index` names, in this order: (index.size(), H, W, C). In training each is
// changed as draw() says, else none is.
Array batch(const Array& data, const std::vector<std::uint32_t>& index, std::uint64_t seed, std::uint32_t epoch, long shift,
            bool training);

// Elements begin … end - 1 of y = dropout(x): element i is kept, and divided by 1 - rate, where u[i] >= rate, and else 0. u[i] is
// to_uniform of number i % 4 of random_block(key, i / 4). Several threads call it, each for a part of y, in any order.
void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y);

// dx = dy where x was kept, divided by 1 - rate, else 0: of all elements. The key is that of the forward pass.
Array dropout_backward(const Array& dy, double rate, const RandomKey& key);

}  // namespace exercise
