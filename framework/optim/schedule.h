// Schedules: how the learning rate changes in the course of a training.
#pragma once

#include <cstdint>
#include <string>

namespace cairn::optim {

struct Schedule {
    enum class Kind { constant, step, cosine };
    Kind kind = Kind::constant;
    double warmup_epochs = 0;
};

// What the learning rate is multiplied with at `step` (from 0, over the whole training). With S the steps of all epochs
// and W those of the warm-up:
//   warm-up   (step + 1) / W for step < W: linear (Goyal et al. 2017); then
//   constant  1
//   step      1, from S / 2 on 0.1, from 3 S / 4 on 0.01 (as He et al. 2015 trained on CIFAR-10)
//   cosine    (1 + cos(pi (step - W) / (S - W))) / 2 (Loshchilov and Hutter 2016, without restarts)
// Greater than 0 at every step of the training. Depends on nothing else, so a training can go on at any step. Throws
// Error for a warm-up that is negative or not finite, and for one that leaves no step for the cosine.
double factor(const Schedule& schedule, std::int64_t step, std::int64_t steps_per_epoch, int epochs);

// "constant", "step", "cosine", and back. Throws Error for another name.
std::string name_of(Schedule::Kind kind);
Schedule::Kind parse_schedule(const std::string& name);

}  // namespace cairn::optim
