#include "cairn/optim/schedule.h"

#include "cairn/core/error.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace cairn::optim {

namespace {

using Kind = Schedule::Kind;
constexpr std::pair<Kind, const char*> names[] = {{Kind::constant, "constant"},   {Kind::step, "step"},
                                                  {Kind::cosine, "cosine"},       {Kind::polynomial, "polynomial"},
                                                  {Kind::one_cycle, "one-cycle"}, {Kind::plateau, "plateau"}};

// From a to b along half a cosine, while `share` goes from 0 to 1.
double along_cosine(double a, double b, double share) {
    return b + (a - b) / 2 * (1 + std::cos(std::numbers::pi * share));
}

// at: the step; last: the last one of the training
double one_cycle(double at, double last) {
    constexpr double start = 1 / 25.0, end = start / 1e4;
    const double top = std::max(0.0, 0.3 * (last + 1) - 1);
    if (at < top) return along_cosine(start, 1, at / top);
    return last > top ? along_cosine(1, end, (at - top) / (last - top)) : 1;
}

void check_schedule(const Schedule& s, int epochs) {
    check(s.warmup_epochs >= 0 && std::isfinite(s.warmup_epochs), "the warm-up must last for 0 epochs or more, not {}",
          s.warmup_epochs);
    check(s.warmup_epochs == 0 || s.warmup_epochs < epochs,
          "a warm-up of {} epochs leaves nothing of {} epochs for the learning rate itself; shorten it",
          s.warmup_epochs, epochs);
    check(s.kind != Kind::one_cycle || s.warmup_epochs == 0,
          "a one-cycle schedule begins with a warm-up of its own; leave the other out");
    check(s.power > 0 && std::isfinite(s.power), "the power of a schedule must be above 0, not {}", s.power);
    check(s.end >= 0 && s.end <= 1, "a schedule must end at a share of the learning rate from 0 to 1, not at {}",
          s.end);
    check(s.patience >= 1 && s.cooldown >= 0, "the patience of a schedule must be 1 epoch or more, not {}", s.patience);
    check(s.reduce > 0 && s.reduce < 1, "what a plateau multiplies the rate with must be between 0 and 1, not {}",
          s.reduce);
}

}  // namespace

double factor(const Schedule& schedule, std::int64_t step, std::int64_t steps_per_epoch, int epochs) {
    check_schedule(schedule, epochs);
    const double warmup = schedule.warmup_epochs * static_cast<double>(steps_per_epoch);
    const double all = static_cast<double>(epochs) * static_cast<double>(steps_per_epoch);
    const auto at = static_cast<double>(step);
    if (at < warmup) return std::min(1.0, (at + 1) / warmup);
    switch (schedule.kind) {
        case Kind::constant:
        case Kind::plateau: return 1;
        case Kind::step: return at < all / 2 ? 1 : at < 3 * all / 4 ? 0.1 : 0.01;
        case Kind::cosine: return (1 + std::cos(std::numbers::pi * (at - warmup) / (all - warmup))) / 2;
        case Kind::polynomial:
            return (1 - schedule.end) * std::pow(1 - (at - warmup) / (all - warmup), schedule.power) + schedule.end;
        case Kind::one_cycle: return one_cycle(at, all - 1);
    }
    throw BugError("unknown schedule");
}

double plateau_factor(const Schedule& schedule, std::span<const double> val_losses) {
    if (schedule.kind != Kind::plateau || val_losses.empty()) return 1;
    double now = 1, best = val_losses.front();
    int waited = 0, cooling = 0;
    for (const double loss : val_losses.subspan(1)) {
        if (cooling > 0) {
            --cooling;
            waited = 0;
        }
        if (loss + schedule.delta < best) {
            best = loss;
            waited = 0;
        } else if (cooling == 0 && ++waited >= schedule.patience && now > schedule.least) {
            now = std::max(now * schedule.reduce, schedule.least);
            cooling = schedule.cooldown;
            waited = 0;
        }
    }
    return now;
}

bool depends_on_epochs(Schedule::Kind kind) { return kind != Kind::constant && kind != Kind::plateau; }

std::string name_of(Schedule::Kind kind) {
    return std::ranges::find(names, kind, &std::pair<Kind, const char*>::first)->second;
}

Schedule::Kind parse_schedule(const std::string& name) {
    for (const auto& [kind, known] : names)
        if (name == known) return kind;
    fail("unknown schedule '{}'; there are {}", name, fmt::join(schedule_names(), ", "));
}

std::vector<std::string> schedule_names() {
    std::vector<std::string> all;
    for (const auto& [kind, name] : names) all.emplace_back(name);
    return all;
}

}  // namespace cairn::optim
