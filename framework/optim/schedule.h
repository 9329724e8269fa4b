// Schedules: how the learning rate changes in the course of a training.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cairn::optim {

struct Schedule {
    enum class Kind { constant, step, cosine, polynomial, one_cycle, plateau };
    Kind kind = Kind::constant;
    double warmup_epochs = 0;
    double power = 1;     // of polynomial
    double end = 0;       // of polynomial: what it comes to after the last step, as a share of the learning rate
    int patience = 10;    // of plateau: how many epochs val_loss may stand still,
    double reduce = 0.1;  // what the rate is then multiplied with,
    double delta = 1e-4;  // by how much val_loss must fall to count as progress,
    int cooldown = 0;     // how many epochs are not counted after a reduction,
    double least = 0;     // and the share of the learning rate that is the least
};

// What the learning rate is multiplied with at `step` (from 0, over the whole training). With S the steps of all epochs
// and W those of the warm-up:
//   warm-up     (step + 1) / W for step < W: linear (Goyal et al. 2017); then
//   constant    1
//   step        1, from S / 2 on 0.1, from 3 S / 4 on 0.01 (as He et al. 2015 trained on CIFAR-10)
//   cosine      (1 + cos(pi (step - W) / (S - W))) / 2 (Loshchilov and Hutter 2016, without restarts)
//   polynomial  (1 - end) (1 - (step - W) / (S - W))^power + end: Keras's PolynomialDecay; a line, with the power 1
//   one_cycle   from 1/25 along a cosine up to 1 in the first 3/10 of the training, then along a cosine down to 1/250000 at
//               the last step (Smith and Topin 2017, with PyTorch's numbers; the momentum is left alone)
//   plateau     1, times what plateau_factor says
// Greater than 0 at every step of the training. Depends on nothing else, so a training can go on at any step. Throws
// Error for a warm-up that is negative or not finite, for one that leaves no step for a schedule that falls over the whole
// training, and for other numbers that make no schedule.
double factor(const Schedule& schedule, std::int64_t step, std::int64_t steps_per_epoch, int epochs);

// What the plateau schedule has come to after epochs with these val_losses: 1 for another schedule. As Keras's
// ReduceLROnPlateau: the rate is reduced when val_loss has not fallen by more than `delta` below its best for `patience`
// epochs. It looks at the losses only, so that a training that goes on later has the rates that it would have had anyway.
double plateau_factor(const Schedule& schedule, std::span<const double> val_losses);

// Whether the rates depend on the number of epochs, so that a training cannot be made longer without changing them.
bool depends_on_epochs(Schedule::Kind kind);

// "constant", "step", "cosine", …, and back. Throws Error for another name.
std::string name_of(Schedule::Kind kind);
Schedule::Kind parse_schedule(const std::string& name);
std::vector<std::string> schedule_names();

}  // namespace cairn::optim
