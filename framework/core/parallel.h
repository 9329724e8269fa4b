// parallel_for: a loop split over threads. The only place that knows threads.
//
// The partition is static: thread t of T gets [n t / T, n (t + 1) / T). It depends on n, the grain and the number of
// threads alone, so the same run gives the same bits again.
#pragma once

#include <cstdint>

namespace cairn {

// The number of threads parallel_for may use; at first available_processors() (core/processors.h).
int threads();
// Throws Error unless count is at least 1.
void set_threads(int count);

namespace detail {
using RangeFunction = void (*)(const void* body, std::int64_t begin, std::int64_t end, int thread);
void run_ranges(std::int64_t n, std::int64_t grain, RangeFunction call, const void* body);
}  // namespace detail

// How many threads parallel_for(n, grain, …) uses: at most threads(), and none gets fewer than about `grain`
// iterations.
int threads_for(std::int64_t n, std::int64_t grain);

// Calls body(begin, end, thread) for every part of [0, n), thread in 0 … threads_for(n, grain) - 1. Runs in the calling
// thread when one part is enough or when called inside another parallel_for. An exception thrown by the body is
// rethrown.
template <typename Body>
void parallel_for(std::int64_t n, std::int64_t grain, const Body& body) {
    detail::run_ranges(
        n, grain,
        [](const void* b, std::int64_t begin, std::int64_t end, int thread) {
            (*static_cast<const Body*>(b))(begin, end, thread);
        },
        &body);
}

}  // namespace cairn
