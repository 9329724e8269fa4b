#include "cairn/report/rate_figure.h"

#include <fmt/format.h>

namespace cairn::report {

namespace {

constexpr const char* drawing = R"(set logscale x
set format x '10^{%T}'
set termoption enhanced
set xlabel 'learning rate'
set ylabel 'loss'
set yrange [0:1.6 * first_loss]
set key below horizontal Left reverse samplen 3
set arrow 1 from suggested, graph 0 to suggested, graph 1 nohead dt 2 lw 1.5 lc rgb colours[3]
set label 1 'suggested' at suggested, graph 0.95 right offset -0.5,0 textcolor rgb colours[3]
set label 2 'lowest' at lowest, lowest_loss point pt 7 ps 0.9 lc rgb colours[2] offset 0,-1 center
plot data using 'rate':'loss' with points pt 7 ps 0.25 lc rgb '#aaaaaa' title 'of each batch', \
     data using 'rate':'smoothed' with lines lw 2 lc rgb colours[1] title 'smoothed'
)";

}  // namespace

Figure rate_curve(const std::string& model, const train::RateCurve& curve) {
    std::string csv = "rate,loss,smoothed\n";
    for (const train::RateStep& step : curve.steps)
        csv += fmt::format("{},{},{}\n", step.rate, step.loss, step.smoothed);
    const std::string numbers =
        fmt::format("suggested = {}\nlowest = {}\nlowest_loss = {}\nfirst_loss = {}\n", curve.suggested(),
                    curve.lowest().rate, curve.lowest().smoothed, curve.steps.front().smoothed);
    return {.name = "learning-rate",
            .title = fmt::format("{}: loss against a rising learning rate", model),
            .csv = csv,
            .commands = numbers + drawing};
}

}  // namespace cairn::report
