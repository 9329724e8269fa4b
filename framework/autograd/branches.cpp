#include "autograd/branches.h"

#include "autograd/observer.h"
#include "core/error.h"

namespace cairn::autograd {

namespace {
thread_local BranchRecorder* active = nullptr;
}

BranchRecorder::BranchRecorder() {
    invariant(active == nullptr, "branches are being recorded already");
    active = this;
}

BranchRecorder::~BranchRecorder() { active = nullptr; }

// FNV-1a (Fowler, Noll, Vo) over 64-bit words, with a shift so that high bits reach the low ones.
void BranchRecorder::add(std::uint64_t value) {
    digest_ = (digest_ ^ value) * 0x100000001b3u;
    digest_ ^= digest_ >> 29;
}

void record_signs(const Tensor& y) {
    if (!active) return;
    with_float(y.dtype(), [&]<typename T>() {
        const std::vector<T> values = y.to_vector<T>();
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            bits = bits << 1 | (values[i] > 0 ? 1u : 0u);
            if (i % 64 == 63) active->add(bits);
        }
        active->add(bits);
    });
}

void record_choices(const Tensor& choices) {
    if (Observer* observer = Observer::living()) observer->on_choices(choices);
    if (!active) return;
    for (const std::int32_t choice : choices.to_vector<std::int32_t>()) active->add(static_cast<std::uint32_t>(choice));
}

bool branches_are_recorded() { return active != nullptr || Observer::living() != nullptr; }

}  // namespace cairn::autograd
