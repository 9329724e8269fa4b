// Whether the program still gets on: every loop of core/parallel.h is a beat. A step that never ends, because a library that it
// calls tries something again without end, has none.
#pragma once

#include <atomic>
#include <cstdint>

namespace cairn {

namespace detail {
inline std::atomic<std::uint64_t> beats{0};
}

// Counts a beat. Several threads may lose one of two at the same moment, which is enough to see that they live.
inline void beat() {
    detail::beats.store(detail::beats.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

// A number that changes with each beat. A signal's handler may ask for it.
inline std::uint64_t heartbeat() { return detail::beats.load(std::memory_order_relaxed); }

}  // namespace cairn
