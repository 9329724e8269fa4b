#include "cairn/core/print.h"

#include <algorithm>
#include <ostream>

namespace cairn {

namespace {

constexpr std::int64_t whole_up_to = 1000, edge = 3;

// Every element as text: as few digits as tell a whole number, six otherwise.
std::vector<std::string> texts_of(const Tensor& x) {
    std::vector<std::string> texts;
    const auto add_all = [&](const auto& values) {
        for (const auto value : values) texts.push_back(fmt::format("{:.6g}", static_cast<double>(value)));
    };
    switch (x.dtype()) {
        case DType::float32: add_all(x.to_vector<float>()); break;
        case DType::float64: add_all(x.to_vector<double>()); break;
        case DType::int32:
            for (const std::int32_t value : x.to_vector<std::int32_t>()) texts.push_back(fmt::format("{}", value));
            break;
        case DType::uint8: add_all(x.to_vector<std::uint8_t>()); break;
    }
    return texts;
}

struct Writer {
    const Shape& shape;
    const std::vector<std::string>& texts;
    bool elide;
    std::size_t width = 0;
    std::string out{};

    // Calls element(i) for the indices of an axis that are shown, and gap() where some are left out.
    template <typename Element, typename Gap>
    void along(std::int64_t size, const Element& element, const Gap& gap) const {
        const bool cut = elide && size > 2 * edge;
        for (std::int64_t i = 0; i < size; ++i) {
            if (cut && i == edge) {
                gap();
                i = size - edge;
            }
            element(i);
        }
    }

    void measure(int axis, std::int64_t first) {
        if (axis == shape.rank()) {
            width = std::max(width, texts[static_cast<std::size_t>(first)].size());
            return;
        }
        along(
            shape[axis], [&](std::int64_t i) { measure(axis + 1, first * shape[axis] + i); }, [] {});
    }

    // Axes but the last go on below each other, with an empty line more for each axis that ends in between.
    void write(int axis, std::int64_t first) {
        if (axis == shape.rank()) {
            out += fmt::format("{:>{}}", texts[static_cast<std::size_t>(first)], width);
            return;
        }
        const bool last = axis + 1 == shape.rank();
        const std::string separator = last
                                          ? ", "
                                          : "," + std::string(static_cast<std::size_t>(shape.rank() - 1 - axis), '\n') +
                                                std::string(static_cast<std::size_t>(axis + 1), ' ');
        out += '[';
        bool begun = false;
        const auto separate = [&] {
            if (begun) out += separator;
            begun = true;
        };
        along(
            shape[axis],
            [&](std::int64_t i) {
                separate();
                write(axis + 1, first * shape[axis] + i);
            },
            [&] {
                separate();
                out += "...";
            });
        out += ']';
    }
};

}  // namespace

std::string to_string(const Tensor& x) {
    if (!x.defined()) return "undefined tensor";
    const std::vector<std::string> texts = texts_of(x);
    Writer writer{x.shape(), texts, x.size() > whole_up_to};
    if (x.size() > 0) writer.measure(0, 0);
    writer.write(0, 0);
    return fmt::format("tensor {} {} on {}\n{}", x.shape(), name_of(x.dtype()), x.device(), writer.out);
}

std::ostream& operator<<(std::ostream& out, const Tensor& x) { return out << to_string(x); }

}  // namespace cairn
