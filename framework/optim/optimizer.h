// Optimizers work on arenas: one flat tensor of all parameters and one of their gradients, updated in one kernel.
// This is what all of them share; optimizers.h has the optimizers.
#pragma once

#include "cairn/core/tensor.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::optim {

// What every optimizer takes, with Keras's names and defaults. An update does in this order:
//   clip    g = g min(1, global_clipnorm / |g|), |g| over all parameters that are trained; or
//           g = g min(1, clipnorm / |g|) of each parameter (a part, see set_parts) by itself; or
//           g = min(max(g, -clipvalue), clipvalue).      g is NaN where its norm is infinite or NaN
//   decay   w = w - lr weight_decay w, where the parameter decays (decoupled: Loshchilov and Hutter 2017)
//   the optimizer's own step
//   average a = ema_momentum a + (1 - ema_momentum) w; after the first step a = w
struct Shared {
    std::optional<double> weight_decay{};  // none: the optimizer's own, which is 0.004 for AdamW and 0 for all others
    double clipnorm = 0;                   // 0: gradients are not clipped, each parameter's by its own norm,
    double global_clipnorm = 0;            // 0: nor by the norm of all together,
    double clipvalue = 0;                  // 0: nor by their values
    bool use_ema = false;
    double ema_momentum = 0.99;
};

// A part of the arenas that is updated in a way of its own: elements begin … begin + size - 1.
struct Part {
    std::int64_t begin = 0, size = 0;
    double rate = 1;     // times the learning rate; 0: the part is left alone, and has no share in the gradients' norm
    bool decays = true;  // whether weight_decay applies
};

class Optimizer {
public:
    Optimizer(const Optimizer&) = delete;
    Optimizer& operator=(const Optimizer&) = delete;
    virtual ~Optimizer() = default;

    virtual std::string name() const = 0;

    // Moves `values` by one step against `gradients` (both flat, same size), in place; gradients are clipped in place. gate
    // (int32 scalar, optional): the values do not change where it is 0. The slots are allocated at the first update.
    void update(const Tensor& values, const Tensor& gradients, const Tensor& gate = {});

    // Tells apart what is updated in ways of its own (train/parameter_groups.h makes the parts of a model). The parts stand
    // in the order of the arenas and do not overlap; what lies outside of them has the rate 1 and decays.
    void set_parts(std::vector<Part> parts);

    double learning_rate() const { return learning_rate_; }
    void set_learning_rate(
        double rate);  // for schedules; takes effect at the next update. Throws Error unless positive
    double weight_decay() const { return weight_decay_; }
    const Shared& shared() const { return shared_; }

    // What the next update depends on besides the values: the number of updates so far, and the slots by name.
    std::int64_t steps() const { return steps_; }
    std::vector<std::pair<std::string, Tensor>> slots() const;
    void restore(std::int64_t steps, const std::vector<std::pair<std::string, Tensor>>& slots);
    // The moving averages of the values: the slot "average"; undefined without use_ema and before the first update.
    Tensor average() const;

protected:
    // Throws Error, beginning with `name`, for numbers out of range.
    Optimizer(const std::string& name, double learning_rate, const Shared& shared, double default_decay = 0);

    // What an optimizer keeps for every parameter, and the value that it begins with.
    struct Slot {
        std::string name;
        double initial = 0;
    };
    virtual std::vector<Slot> own_slots() const = 0;

    // One step on a part of the arenas, or on all of them: all tensors are flat and of one size.
    struct Arenas {
        Tensor values, gradients;
        Tensors slots;  // in the order of own_slots()
        Tensor gate;    // int32 scalar, may be undefined
    };
    virtual void apply(const Arenas& arenas, double learning_rate) = 0;

private:
    std::vector<Slot> all_slots() const;
    void prepare(const Tensor& values);
    void clip(const Tensor& gradients) const;
    void decay(const Tensor& values, const Tensor& gate);

    Shared shared_;
    double learning_rate_, weight_decay_;
    std::int64_t steps_ = 0;
    Tensors slots_;
    std::vector<Part> parts_;
    Tensor mask_;  // of the decay: a part's rate where it decays, else 0; undefined where it is 1 everywhere
};

// While one lives, `values` holds the optimizer's averages, if it keeps them; then again what it held before.
class Averaged {
public:
    Averaged(const Optimizer& optimizer, const Tensor& values);
    ~Averaged();
    Averaged(const Averaged&) = delete;
    Averaged& operator=(const Averaged&) = delete;

private:
    Tensor values_, before_;
};

}  // namespace cairn::optim
