// What figures made of pictures share.
#pragma once

#include "cairn/core/error.h"
#include "cairn/report/gnuplot.h"

#include <string>

namespace cairn::report {

// Pictures of one size in a grid on white, every pixel enlarged to a square of zoom x zoom.
class Mosaic {
public:
    Mosaic(std::size_t count, std::int64_t columns, std::int64_t cell_height, std::int64_t cell_width);

    // Puts a picture in the middle of the upper edge of cell i.
    void put(std::size_t i, const io::Image& picture, std::int64_t zoom);

    const io::Image& image() const { return image_; }

private:
    std::int64_t columns_, cell_height_, cell_width_;
    io::Image image_;
};

// How a picture is shown in a square of side x side pixels: enlarged by a whole factor, or made smaller.
struct Fit {
    std::int64_t height, width, zoom;
};
Fit fit_into(std::int64_t side, std::int64_t height, std::int64_t width);

// The grid as a figure: pictures.gnuplot with the variables that it needs.
Figure mosaic_figure(const std::string& name, const std::string& title, const std::string& csv, const Mosaic& mosaic,
                     const std::string& variables, int title_height);

}  // namespace cairn::report
