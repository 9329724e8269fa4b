#include "cairn/core/duration.h"

#include <fmt/format.h>

#include <cmath>

namespace cairn {

std::string duration(double seconds) {
    if (seconds < 59.5) return fmt::format("{:.2g} s", seconds);  // would be 60 s from there on
    const auto whole = std::lround(seconds);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace cairn
