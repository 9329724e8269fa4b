// ReLU and max are not differentiable where their branch changes. gradcheck must not compare derivatives across such a
// kink, so ops tell which branches they took, and a recorder condenses them into one number: if it differs between
// f(x - h) and f(x + h), a kink lies between.
#pragma once

#include "core/tensor.h"

#include <cstdint>

namespace cairn::autograd {

// While one lives, ops of this thread record their branches in it. Recorders do not nest.
class BranchRecorder {
public:
    BranchRecorder();
    ~BranchRecorder();
    BranchRecorder(const BranchRecorder&) = delete;
    BranchRecorder& operator=(const BranchRecorder&) = delete;

    std::uint64_t digest() const { return digest_; }
    void add(std::uint64_t value);

private:
    std::uint64_t digest_ = 0xcbf29ce484222325u;
};

// Records where y > 0 (the side of a ReLU, or a 0/1 mask of chosen elements); free while no recorder lives.
void record_signs(const Tensor& y);
// Records an int32 tensor of choices (argmax), and shows it to an Observer.
void record_choices(const Tensor& choices);

// True while a recorder or an Observer lives: for ops that must compute their choices on purpose.
bool branches_are_recorded();

}  // namespace cairn::autograd
