#include "cairn/autograd/profile.h"

#include <algorithm>

namespace cairn::autograd {

void Profile::on_section(const Section& before) {
    const Clock::time_point now = Clock::now();
    auto part = std::ranges::find(parts_, before.layer, &Part::layer);
    if (part == parts_.end()) part = parts_.insert(part, Part{std::string(before.layer), {}});
    part->seconds[static_cast<std::size_t>(before.phase)] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
}

}  // namespace cairn::autograd
