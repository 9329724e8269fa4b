#include "core/parallel.h"

#include "core/error.h"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <mutex>

namespace cairn {

namespace {
int& thread_count() {
    static int count = std::max(1, omp_get_num_procs());
    return count;
}
}  // namespace

int threads() { return thread_count(); }

void set_threads(int count) {
    check(count >= 1, "the number of threads must be at least 1, not {}", count);
    thread_count() = count;
}

int threads_for(std::int64_t n, std::int64_t grain) {
    if (omp_in_parallel()) return 1;
    const std::int64_t parts = n / std::max<std::int64_t>(1, grain);
    return static_cast<int>(std::clamp<std::int64_t>(parts, 1, thread_count()));
}

void detail::run_ranges(std::int64_t n, std::int64_t grain, RangeFunction call, const void* body) {
    if (n <= 0) return;
    const int parts = threads_for(n, grain);
    if (parts == 1) return call(body, 0, n, 0);

    std::exception_ptr failure;  // the first exception; one must not leave an OpenMP region
    std::mutex mutex;
#pragma omp parallel for num_threads(parts) schedule(static, 1)
    for (int t = 0; t < parts; ++t) {
        try {
            call(body, n * t / parts, n * (t + 1) / parts, t);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace cairn
