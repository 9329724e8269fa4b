#include "cairn/report/mosaic.h"

#include "cairn/report/embedded.h"

#include <algorithm>

namespace cairn::report {

Mosaic::Mosaic(std::size_t count, std::int64_t columns, std::int64_t cell_height, std::int64_t cell_width)
    : columns_(columns), cell_height_(cell_height), cell_width_(cell_width) {
    image_.height = (static_cast<std::int64_t>(count) + columns - 1) / columns * cell_height;
    image_.width = columns * cell_width;
    image_.pixels.assign(static_cast<std::size_t>(image_.height * image_.width * 3), 255);
}

void Mosaic::put(std::size_t i, const io::Image& picture, std::int64_t zoom) {
    const auto cell = static_cast<std::int64_t>(i);
    invariant((cell / columns_ + 1) * cell_height_ <= image_.height && zoom * picture.height <= cell_height_ &&
                  zoom * picture.width <= cell_width_,
              "a picture of {} x {} pixels, {} times as large, does not fit into cell {} of {} x {}", picture.height,
              picture.width, zoom, i, cell_height_, cell_width_);
    const std::int64_t top = cell / columns_ * cell_height_;
    const std::int64_t left = cell % columns_ * cell_width_ + (cell_width_ - zoom * picture.width) / 2;
    for (std::int64_t y = 0; y < zoom * picture.height; ++y)
        for (std::int64_t x = 0; x < zoom * picture.width; ++x)
            std::copy_n(&picture.pixels[static_cast<std::size_t>((y / zoom * picture.width + x / zoom) * 3)], 3,
                        &image_.pixels[static_cast<std::size_t>(((top + y) * image_.width + left + x) * 3)]);
}

Fit fit_into(std::int64_t side, std::int64_t height, std::int64_t width) {
    const std::int64_t longer = std::max(height, width);
    if (longer <= side) return {height, width, side / longer};
    return {std::max<std::int64_t>(1, height * side / longer), std::max<std::int64_t>(1, width * side / longer), 1};
}

Figure mosaic_figure(const std::string& name, const std::string& title, const std::string& csv, const Mosaic& mosaic,
                     const std::string& variables, int title_height) {
    const auto width = static_cast<int>(mosaic.image().width), height = static_cast<int>(mosaic.image().height);
    return {.name = name,
            .title = title,
            .csv = csv,
            .commands = fmt::format("pixels_width = {}\npixels_height = {}\n{}{}", width, height, variables,
                                    embedded::pictures),
            .width = width,
            .height = height + title_height,
            .pixels = mosaic.image()};
}

}  // namespace cairn::report
