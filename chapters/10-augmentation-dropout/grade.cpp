// The grading of chapter 10. Changes and masks are made of Philox's numbers directly, pixels by index tuples.
#include "cairn/course/grading.h"
#include "chapters/10-augmentation-dropout/exercise.h"

#include <fmt/format.h>

namespace cairn::course {

namespace {

// The first words of the generator's block `image` of an epoch; see core/random.h.
std::array<std::uint32_t, 4> words(std::uint64_t seed, std::uint32_t stream, std::uint32_t step, std::uint32_t block) {
    return philox4x32({block, step, stream, 0},
                      {static_cast<std::uint32_t>(seed & 0xffffffffu), static_cast<std::uint32_t>(seed >> 32)});
}

exercise::Change change_of(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift) {
    const std::array<std::uint32_t, 4> bits = words(seed, 0, epoch, image);
    const auto offset = [&](std::uint32_t word) {
        return static_cast<long>(static_cast<std::uint64_t>(2 * shift + 1) * word / 4294967296u) - shift;
    };
    return {bits[0] / 2147483648u == 1, offset(bits[1]), offset(bits[2])};
}

void draw(Trial& t) {
    for (const long shift : {0l, 1l, 4l, 7l})
        t.run(fmt::format("shift {}", shift), [&] {
            constexpr std::size_t count = 60;
            Array mirrors({count}), downs({count}), rights({count});
            Array yours_mirrors = mirrors, yours_downs = downs, yours_rights = rights;
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint64_t seed = i % 3 + (i % 2 << 33);
                const auto epoch = static_cast<std::uint32_t>(i / 20), image = static_cast<std::uint32_t>(7 * i % 20);
                const exercise::Change yours = exercise::draw(seed, epoch, image, shift),
                                       expected = change_of(seed, epoch, image, shift);
                mirrors[i] = expected.mirror, yours_mirrors[i] = yours.mirror;
                downs[i] = static_cast<double>(expected.down), yours_downs[i] = static_cast<double>(yours.down);
                rights[i] = static_cast<double>(expected.right), yours_rights[i] = static_cast<double>(yours.right);
            }
            t.check("mirror", yours_mirrors, mirrors, {.hint = "the highest of the 32 bits of the first number"});
            t.check("down", yours_downs, downs, {.hint = "⌊number · (2 shift + 1) / 2³²⌋ − shift, of the second number"});
            t.check("right", yours_rights, rights, {.hint = "the same of the third number"});
        });
}

const std::vector<Sizes> shapes = {{1, 1, 1}, {2, 3, 1}, {3, 2, 3}, {5, 4, 2}, {4, 4, 3}, {1, 7, 2}, {6, 1, 3}};

double pixel(const Array& image, long y, long x, std::size_t c) {
    const long height = static_cast<long>(image.shape[0]), width = static_cast<long>(image.shape[1]);
    if (y < 0 || x < 0 || y >= height || x >= width) return 0;
    return image.values.at(static_cast<std::size_t>(y * width + x) * image.shape[2] + c);
}

Array changed(const Array& image, const exercise::Change& change) {
    Array out(image.shape);
    const long width = static_cast<long>(image.shape[1]);
    for (std::size_t y = 0; y < image.shape[0]; ++y)
        for (std::size_t x = 0; x < image.shape[1]; ++x)
            for (std::size_t c = 0; c < image.shape[2]; ++c) {
                const long from_y = static_cast<long>(y) - change.down, from_x = static_cast<long>(x) - change.right;
                out[(y * image.shape[1] + x) * image.shape[2] + c] =
                    pixel(image, from_y, change.mirror ? width - 1 - from_x : from_x, c);
            }
    return out;
}

void mirror(Trial& t) {
    for (const Sizes& shape : shapes)
        t.run("image " + text_of(shape), [&] {
            const Array image = t.normal(shape);
            t.check("out", exercise::mirror(image), changed(image, {true, 0, 0}));
        });
}

void move(Trial& t) {
    struct By {
        long down, right;
    };
    for (const Sizes& shape : shapes)
        for (const By by : {By{1, 0}, By{0, -1}, By{-1, 2}, By{0, 0}, By{9, -9}})
            t.run(fmt::format("image {}, {} down, {} right", text_of(shape), by.down, by.right), [&] {
                const Array image = t.normal(shape);
                t.check("out", exercise::move(image, by.down, by.right), changed(image, {false, by.down, by.right}));
            });
}

void batch(Trial& t) {
    struct Kind {
        std::string name;
        Sizes shape;
        std::vector<std::uint32_t> index;
        std::uint32_t epoch;
        bool training;
    };
    const std::vector<Kind> kinds = {
        {"test images", {3, 4, 5, 3}, {0, 1, 2}, 0, false},
        {"epoch 0", {3, 4, 5, 3}, {0, 1, 2}, 0, true},
        {"epoch 1", {3, 4, 5, 3}, {0, 1, 2}, 1, true},
        {"in another order", {5, 6, 3, 2}, {4, 0, 3}, 2, true},
        {"one image", {9, 5, 5, 1}, {7}, 3, true},
        {"an image twice", {4, 3, 5, 3}, {2, 2, 1}, 1, true},
    };
    for (const Kind& kind : kinds)
        t.run(kind.name, [&] {
            const Array data = t.normal(kind.shape);
            const std::uint64_t seed = 12;
            const std::size_t size = data.size() / kind.shape[0];
            Array expected({kind.index.size(), kind.shape[1], kind.shape[2], kind.shape[3]}, std::vector<double>{});
            for (const std::uint32_t i : kind.index) {
                const auto first = data.values.begin() + static_cast<std::ptrdiff_t>(i * size);
                const Array image({kind.shape[1], kind.shape[2], kind.shape[3]},
                                  std::vector<double>(first, first + static_cast<std::ptrdiff_t>(size)));
                const Array out = kind.training ? changed(image, change_of(seed, kind.epoch, i, 2)) : image;
                expected.values.insert(expected.values.end(), out.values.begin(), out.values.end());
            }
            t.check("images", exercise::batch(data, kind.index, seed, kind.epoch, 2, kind.training), expected);
        });
}

// What is left of each element: 0 or 1 / (1 - rate).
Array mask(const Sizes& shape, double rate, const RandomKey& key) {
    Array m(shape);
    for (std::size_t i = 0; i < m.size(); ++i) {
        const std::uint32_t word = words(key.seed, key.stream, key.step, static_cast<std::uint32_t>(i / 4))[i % 4];
        m[i] = static_cast<double>(word / 256) / 16777216.0 < rate ? 0 : 1 / (1 - rate);
    }
    return m;
}

void dropout(Trial& t) {
    struct Pieces {
        std::string name;
        std::vector<std::size_t> ends;  // of the threads' parts
        bool backwards;
    };
    const std::vector<Pieces> all = {{"one thread", {30}, false},
                                     {"two threads, each a half", {15, 30}, false},
                                     {"four threads, the last one first", {3, 4, 17, 30}, true},
                                     {"parts that begin at multiples of four", {8, 20, 30}, true}};
    for (const double rate : {0.5, 0.2})
        for (const Pieces& pieces : all)
            t.run(fmt::format("rate {}, {}", rate, pieces.name), [&] {
                const RandomKey key{5, stream_of(Purpose::dropout, 3), 11};
                const Array x = t.normal({5, 6}), m = mask(x.shape, rate, key);
                Array expected = x, y(x.shape, 77);
                for (std::size_t i = 0; i < x.size(); ++i) expected[i] *= m[i];
                for (std::size_t k = 0; k < pieces.ends.size(); ++k) {
                    const std::size_t p = pieces.backwards ? pieces.ends.size() - 1 - k : k;
                    exercise::dropout(x, rate, key, p == 0 ? 0 : pieces.ends[p - 1], pieces.ends[p], y);
                }
                t.check("y", y, expected);
            });
}

void dropout_backward(Trial& t) {
    for (const Sizes& shape : {Sizes{1}, Sizes{2, 3}, Sizes{7, 5}, Sizes{4, 4}})
        for (const double rate : {0.5, 0.2})
            t.run(fmt::format("dy {}, rate {}", text_of(shape), rate), [&] {
                const RandomKey key{8, stream_of(Purpose::dropout, 1), 2};
                const Array dy = t.normal(shape), m = mask(shape, rate, key);
                Array dx = dy;
                for (std::size_t i = 0; i < dx.size(); ++i) dx[i] *= m[i];
                t.check("dx", exercise::dropout_backward(dy, rate, key), dx);
            });
}

}  // namespace

Grading grading() {
    return {{
        {.name = "draw",
         .functions = {"draw"},
         .run = draw,
         .hint = "Three numbers of one block, each for one thing.",
         .points = 2},
        {.name = "mirror", .functions = {"mirror"}, .run = mirror, .hint = "out[y, x, c] = image[y, W − 1 − x, c]."},
        {.name = "move", .functions = {"move"}, .run = move, .hint = "out[y, x, c] = image[y − down, x − right, c], or 0."},
        {.name = "batch",
         .functions = {"batch"},
         .run = batch,
         .hint = "Each image is drawn by its own number in the data set; first the mirror, then the move.",
         .points = 2},
        {.name = "dropout",
         .functions = {"dropout"},
         .run = dropout,
         .hint = "Number i % 4 of block i / 4, whoever computes element i.",
         .points = 2},
        {.name = "dropout_backward",
         .functions = {"dropout_backward"},
         .run = dropout_backward,
         .hint = "The mask is drawn again, by the same key."},
    }};
}

}  // namespace cairn::course
