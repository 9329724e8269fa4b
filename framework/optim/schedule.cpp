#include "cairn/optim/schedule.h"

#include "cairn/core/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace cairn::optim {

namespace {

using Named = std::pair<Schedule::Kind, const char*>;
constexpr Named names[] = {
    {Schedule::Kind::constant, "constant"}, {Schedule::Kind::step, "step"}, {Schedule::Kind::cosine, "cosine"}};

}  // namespace

double factor(const Schedule& schedule, std::int64_t step, std::int64_t steps_per_epoch, int epochs) {
    check(schedule.warmup_epochs >= 0 && std::isfinite(schedule.warmup_epochs),
          "the warm-up must last for 0 epochs or more, not {}", schedule.warmup_epochs);
    check(schedule.kind != Schedule::Kind::cosine || schedule.warmup_epochs < epochs,
          "a warm-up of {} epochs leaves nothing of {} epochs for the cosine; shorten it", schedule.warmup_epochs,
          epochs);
    const double warmup = schedule.warmup_epochs * static_cast<double>(steps_per_epoch);
    const double all = static_cast<double>(epochs) * static_cast<double>(steps_per_epoch);
    const auto at = static_cast<double>(step);
    if (at < warmup) return std::min(1.0, (at + 1) / warmup);
    switch (schedule.kind) {
        case Schedule::Kind::constant: return 1;
        case Schedule::Kind::step: return at < all / 2 ? 1 : at < 3 * all / 4 ? 0.1 : 0.01;
        case Schedule::Kind::cosine: return (1 + std::cos(std::numbers::pi * (at - warmup) / (all - warmup))) / 2;
    }
    throw BugError("unknown schedule");
}

std::string name_of(Schedule::Kind kind) { return std::ranges::find(names, kind, &Named::first)->second; }

Schedule::Kind parse_schedule(const std::string& name) {
    for (const auto& [kind, known] : names)
        if (name == known) return kind;
    fail("unknown schedule '{}'; it is constant, step or cosine", name);
}

}  // namespace cairn::optim
