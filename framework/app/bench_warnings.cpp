#include "app/bench_warnings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

// The parts come from other steps than the time beside them. On a quiet machine they add up to a tenth more at most, for the
// stopwatch or, on a GPU, for kernels that no longer overlap.
constexpr double most_of_a_step = 1.2;

}  // namespace

std::vector<std::string> bench_warnings(const Json& result) {
    std::vector<std::string> warnings;
    if (const auto settings = result["blas_settings"].get<std::vector<std::string>>(); !settings.empty()) {
        std::string without;
        for (const std::string& setting : settings) without += " -u " + setting.substr(0, setting.find('='));
        warnings.push_back(fmt::format(
            "{} in the environment chooses OpenBLAS's kernels, so that sgemm, and the share of it, is not this "
            "machine's; without: env{} ./cairn bench",
            fmt::join(settings, " "), without));
    }
    const Json parts = result.contains("kernels_ms") ? result["kernels_ms"] : result["profiled_step_ms"];
    const double step = result["step_ms"];
    if (parts.is_number() && parts.get<double>() > most_of_a_step * step)
        warnings.push_back(fmt::format(
            "the parts of {} on {} add up to {:.2f} ms, but a step takes {:.2f} ms: something else ran while "
            "they were timed, so take neither for the machine's; close other programs and measure again",
            result["model"].get<std::string>(), result["device"].get<std::string>(), parts.get<double>(), step));
    return warnings;
}

}  // namespace cairn::app
