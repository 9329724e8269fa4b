// Chapter 2: how far is a difference quotient from the derivative, for which step h? Draws the error of the forward and of the
// central difference of exp at x = 1, in float32 and in float64.
#include "cairn/app/chapter.h"

#include <cmath>

namespace cairn::chapters {

namespace {

// The relative error of a difference quotient of exp at 1 with the step h.
template <typename Real>
double error_of_step(double h, bool central) {
    const Real x = 1, step = static_cast<Real>(h), exact = std::exp(x);
    const Real above = x + step, below = central ? x - step : x;
    const Real slope = (std::exp(above) - std::exp(below)) / (central ? 2 * step : step);
    return std::abs(static_cast<double>(slope - exact)) / static_cast<double>(exact);
}

// Errors jump from step to step where rounding rules, so each point is the mean of some steps near it.
template <typename Real>
double mean_error(double h, bool central) {
    double sum = 0;
    for (int i = 0; i < 20; ++i) sum += error_of_step<Real>(h * (0.8 + 0.02 * i), central);
    return sum / 20;
}

constexpr const char* drawing = R"(set logscale xy
set format xy '10^{%T}'
set termoption enhanced
set xlabel 'step h'
set ylabel 'relative error'
set xrange [1e-14:1]
set yrange [1e-12:10]
set key below horizontal Left reverse maxcols 2 samplen 3
set label 1 'slope 1' at 2e-4,1e-2 textcolor rgb '#555555'
set label 2 'slope 2' at 1e-3,6e-9 textcolor rgb '#555555'
array titles[4] = ['forward, float32', 'central, float32', 'forward, float64', 'central, float64']
set style line 1 lw 2 ps 0.5 pt 6 dt 2 lc rgb colours[2]
set style line 2 lw 2 ps 0.5 pt 7 lc rgb colours[2]
set style line 3 lw 2 ps 0.5 pt 6 dt 2 lc rgb colours[1]
set style line 4 lw 2 ps 0.5 pt 7 lc rgb colours[1]
plot for [i = 1:4] data using 1:i + 1 with linespoints linestyle i title titles[i]
)";

}  // namespace

void chapter_02(app::Chapter& chapter) {
    chapter.make_output("steps");
    std::string csv = "h,forward float32,central float32,forward float64,central float64\n";
    app::say(
        "Relative error of a difference quotient of exp at x = 1\n\n"
        "     h    forward, float32  central, float32  forward, float64  central, float64\n");
    for (int power = 0; power <= 26; ++power) {
        const double h = std::pow(10.0, -0.5 * power - 0.5);
        const double errors[] = {mean_error<float>(h, false), mean_error<float>(h, true), mean_error<double>(h, false),
                                 mean_error<double>(h, true)};
        csv += fmt::format("{}", h);
        for (const double error : errors) csv += fmt::format(",{}", error);
        csv += "\n";
        if (power % 2 == 1)
            app::say("{:8.0e}  {:16.1e}  {:16.1e}  {:16.1e}  {:16.1e}\n", h, errors[0], errors[1], errors[2], errors[3]);
    }
    app::say("\n");
    chapter.draw({.name = "error-against-h",
                  .title = "Error of a difference quotient of exp at x = 1",
                  .csv = csv,
                  .commands = drawing,
                  .width = 640,
                  .height = 470});
}

}  // namespace cairn::chapters
