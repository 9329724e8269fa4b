#include "support/convolutions.h"

#include "support/windows.h"

#include <limits>

namespace cairn::test {

namespace {

const ConvGeometry geometries[] = {
    {1, 1, 1, 1, 1, 1, 1, false},
    {1, 1, 1, 5, 3, 3, 3, true},  // the kernel is larger than the image
    {1, 2, 3, 3, 5, 5, 5, true},
    {1, 3, 3, 1, 3, 3, 1, false},  // one output
    {2, 5, 7, 3, 3, 3, 5, true},
    {2, 5, 7, 3, 3, 3, 5, false},
    {1, 8, 8, 3, 3, 3, 32, true},
    {7, 8, 8, 32, 3, 3, 64, true},    // a second layer; images shared out among threads
    {2, 20, 20, 64, 3, 3, 16, true},  // patches that exceed a cache
    {1, 6, 6, 64, 3, 3, 64, false},
    {3, 9, 9, 5, 5, 5, 3, true},
    {1, 9, 9, 1, 5, 5, 32, false},
    {2, 8, 8, 3, 3, 3, 5, true, 2, 2},      // pads 0 before and 1 after
    {2, 9, 9, 5, 3, 3, 3, true, 2, 2},      // pads 1 and 1
    {2, 8, 10, 5, 3, 3, 3, false, 2, 2},    // the last column is never seen
    {2, 12, 12, 3, 5, 5, 4, true, 2, 2},    // pads 1 and 2
    {7, 16, 16, 32, 3, 3, 64, true, 2, 2},  // strides, and large enough to be shared out among threads
    {2, 7, 9, 3, 2, 3, 5, true},            // even height: pads 0 and 1
    {2, 7, 9, 3, 2, 3, 5, false, 2, 1},
    {1, 8, 8, 5, 2, 3, 3, true, 1, 2},
    {2, 6, 6, 5, 1, 1, 3, true, 2, 2},  // a shortcut of a residual block
    {1, 7, 7, 64, 1, 1, 32, false},
    {5, 4, 4, 3, 1, 1, 64, true},
    {2, 8, 8, 3, 2, 2, 3, false, 3, 3},  // gaps between the windows: dx is 0 there
    {1, 5, 5, 63, 3, 3, 65, true},
    {5, 7, 6, 17, 3, 3, 19, true},  // tiles of 2 x 2 and of 4 x 4 that are partly outside; vectors that are not full
    {3, 7, 6, 19, 3, 3, 17, false},
    {9, 3, 3, 40, 3, 3, 16, true},
    {4, 4, 4, 33, 3, 3, 31, true},
    {3, 1, 65, 3, 1, 3, 5, true},    // one row
    {2, 32, 32, 3, 3, 3, 32, true},  // the first layer of the CIFAR-10 models
    {2, 5, 6, 6, 3, 3, 10, true},    // channels in pairs, but not in fours
    // dilation
    {2, 7, 9, 3, 3, 3, 5, true, 1, 1, 2, 2},
    {2, 7, 9, 17, 3, 3, 5, false, 1, 1, 2, 3},
    {1, 9, 8, 5, 2, 3, 3, true, 2, 1, 3, 2},  // strides and dilation
    {1, 1, 1, 3, 3, 3, 5, true, 1, 1, 2, 2},  // all elements but one see padding
    {2, 9, 9, 16, 3, 3, 16, true, 3, 3, 3, 3},
    {1, 5, 5, 1, 3, 3, 1, false, 1, 1, 2, 2},  // one output
    // groups
    {2, 7, 5, 6, 3, 3, 4, true, 1, 1, 1, 1, 2},
    {2, 6, 7, 34, 3, 2, 10, false, 2, 2, 1, 1, 2},
    {1, 4, 4, 8, 2, 2, 12, true, 1, 1, 1, 1, 4},  // a patch has as many numbers as a pixel has channels
    {3, 8, 8, 6, 3, 3, 9, true, 1, 2, 2, 1, 3},
    {2, 5, 5, 32, 1, 1, 16, true, 1, 1, 1, 1, 2},
    // each channel by itself, with one or more outputs
    {1, 1, 1, 3, 1, 1, 3, true, 1, 1, 1, 1, 3},
    {2, 7, 9, 5, 3, 3, 5, true, 1, 1, 1, 1, 5},
    {2, 8, 7, 17, 3, 3, 17, true, 2, 2, 1, 1, 17},
    {3, 9, 9, 33, 3, 3, 33, false, 1, 1, 2, 2, 33},
    {2, 7, 6, 3, 2, 3, 9, true, 1, 1, 1, 1, 3},
    {1, 10, 9, 5, 3, 3, 10, false, 3, 2, 1, 2, 5},
    {2, 6, 6, 17, 1, 1, 34, true, 2, 2, 1, 1, 17},    // strides beyond the window: dx is 0 between
    {1, 3, 4, 65, 5, 5, 65, true, 1, 1, 1, 1, 65},    // the kernel is larger than the image
    {9, 16, 16, 64, 3, 3, 64, true, 1, 1, 1, 1, 64},  // images shared out among threads
};

// Winograd's convolution, which computes 3 x 3 windows without strides, and by itself takes only those of many channels: what
// it computes together, of images (N, H, W, channels) and of kernels (3, 3, C, O).
std::optional<Tile> winograd(const Convolved& c, Tile tile) {
    const bool few_channels = c.kernel[2] < 16 || c.kernel[3] < 16;
    const bool fits = c.kernel[0] == 3 && c.kernel[1] == 3 && c.window.stride_h == 1 && c.window.stride_w == 1 &&
                      !c.window.is_dilated() && c.kernel[2] == c.x[3];
    const bool chosen = c.algorithm == ConvolutionAlgorithm::winograd ||
                        (c.algorithm == ConvolutionAlgorithm::automatic && !few_channels);
    if (few_channels) tile.norm_factor = tile.factor;
    return fits && chosen ? std::optional(tile) : std::nullopt;
}
constexpr Tile of_output{1, 1, 2}, of_input_gradient{1, 3, 2}, of_kernel_gradient{0, 2, 8};

}  // namespace

Convolved convolution(const ConvGeometry& g, ConvolutionAlgorithm algorithm) {
    const Axis rows = slide(g.H, (g.kh - 1) * g.dh + 1, g.sh, g.same),
               columns = slide(g.W, (g.kw - 1) * g.dw + 1, g.sw, g.same);
    const Shape x{g.N, g.H, g.W, g.C}, kernel{g.kh, g.kw, g.C / g.groups, g.O};
    const std::string dilation = g.dh * g.dw == 1 ? "" : fmt::format(" dilation {} {}", g.dh, g.dw);
    return {
        x,
        kernel,
        {g.N, rows.outputs, columns.outputs, g.O},
        {g.kh, g.kw, g.sh, g.sw, rows.before, columns.before, g.dh, g.dw},
        algorithm,
        fmt::format(" {} kernel {} {} strides {} {}{}", x, kernel, g.same ? "same" : "valid", g.sh, g.sw, dilation)};
}

std::vector<Convolved> convolutions(ConvolutionAlgorithm algorithm) {
    std::vector<Convolved> all;
    for (const ConvGeometry& g : geometries) all.push_back(convolution(g, algorithm));
    return all;
}

Output convolved_image(const Convolved& c, const Shape& shape, std::int64_t terms) {
    return {"y", shape, sum_of(terms), {}, {}, winograd(c, of_output)};
}

Output input_gradient(const Convolved& c, std::int64_t terms) {
    return {"dx", c.x, sum_of(terms), {}, {}, winograd(c, of_input_gradient)};
}

Output kernel_gradient(const Convolved& c, std::int64_t terms) {
    return {"dkernel", c.kernel, sum_of(terms), {}, {}, winograd(c, of_kernel_gradient)};
}

Input signs_by_channel(const Shape& x) {
    Input images{x, {}};
    for (std::int64_t i = 0; i < x.size(); ++i) images.values.push_back(i % x[-1] % 2 == 0 ? 1 : -1);
    return images;
}

Input infinite(const Shape& shape) {
    return {shape,
            std::vector<double>(static_cast<std::size_t>(shape.size()), std::numeric_limits<double>::infinity())};
}

}  // namespace cairn::test
