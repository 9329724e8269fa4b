// A small pool of threads instead of OpenMP's: OpenMP's threads spin while they wait, and as soon as something else wants
// their processor (another program, a second training) the thread that has work waits for one that has none; a step of
// 4 ms then takes 60. These spin for a moment, enough for the next loop of a training step, and then sleep.
#include "cairn/core/parallel.h"

#include "cairn/core/denormals.h"
#include "cairn/core/error.h"
#include "cairn/core/heartbeat.h"
#include "cairn/core/processors.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace cairn {

namespace {

thread_local bool inside = false;  // this thread is running a part of a parallel_for

std::atomic<int>& thread_count() {  // several threads of a program may ask, and one may set it
    static std::atomic<int> count = available_processors();
    return count;
}

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

// How long a thread spins before it sleeps. To wake a sleeping one takes a virtual machine up to 50 microseconds; where
// threads slept after 5, a step of simple-cnn took 7 to 9 ms instead of 6, and where they slept after 50, one of mlp-bn,
// whose small layers are one thread's work for longer, 2.5 instead of 2.25 (2 threads, ./cairn bench). But beside a busy
// program every moment of spinning is taken off the work's share of the processor: with 200 microseconds they took twice as
// long there as with 50.
constexpr std::chrono::microseconds patience{200}, patience_in_company{50};

// Who waits for so long waits for a thread whose processor another program has. The next so many waits for which spinning does
// not suffice are brief then.
constexpr std::chrono::microseconds long_wait{1000};
constexpr int brief_waits = 200;
std::atomic<int> brief{0};

// Returns once `value` is no longer `old`: spins a little, then sleeps.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto deadline = start + (brief > 0 ? patience_in_company : patience);
    do {
        for (int spin = 0; spin < 50; ++spin) {
            const std::uint32_t now = value.load(std::memory_order_acquire);
            if (now != old) return now;
            pause();
        }
    } while (Clock::now() < deadline);
    value.wait(old, std::memory_order_acquire);
    if (Clock::now() - start > long_wait) brief = brief_waits;
    else if (brief > 0) --brief;
    return value.load(std::memory_order_acquire);
}

// One loop: its parts, and the first exception that one of them threw.
struct Job {
    std::int64_t n = 0;
    int parts = 0;
    detail::RangeFunction call = nullptr;
    const void* body = nullptr;
    std::exception_ptr failure;
    std::mutex mutex;

    void run(int part) {
        const FlushDenormals guard;
        inside = true;
        try {
            call(body, n * part / parts, n * (part + 1) / parts, part);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
        inside = false;
    }
};

class Pool {
public:
    void run(Job& job) {
        while (static_cast<int>(workers_.size()) < job.parts - 1) start_worker();
        job_ = &job;
        unfinished_.store(static_cast<std::uint32_t>(job.parts - 1), std::memory_order_relaxed);
        for (int part = 1; part < job.parts; ++part) {
            Worker& worker = *workers_[static_cast<std::size_t>(part - 1)];
            worker.round.fetch_add(1, std::memory_order_release);
            worker.round.notify_one();
        }
        job.run(0);
        std::uint32_t left = unfinished_.load(std::memory_order_acquire);
        while (left > 0) left = wait_for_change(unfinished_, left);
    }

private:
    struct alignas(64) Worker {               // a cache line each
        std::atomic<std::uint32_t> round{0};  // counts the jobs; the worker waits for it to change
    };

    void start_worker() {
        workers_.push_back(std::make_unique<Worker>());
        const int part = static_cast<int>(workers_.size());
        const auto work = [this, part, worker = workers_.back().get()] {
            for (std::uint32_t round = 0;;) {
                round = wait_for_change(worker->round, round);
                job_->run(part);
                if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) unfinished_.notify_one();
            }
        };
        try {
            std::thread(work)
                .detach();  // it lives as long as the program, and holds nothing that would need an orderly end
        } catch (const std::system_error& error) {
            workers_.pop_back();
            fail(
                "cannot start thread {} of {}: {}; give fewer threads (--threads N), or raise the limits on processes "
                "and "
                "memory (ulimit -u, ulimit -v)",
                part + 1, threads(), error.code().message());
        } catch (...) {           // there is no memory to start it
            workers_.pop_back();  // or the next loop would wait for it
            throw;
        }
    }

    std::vector<std::unique_ptr<Worker>> workers_;
    Job* job_ = nullptr;
    alignas(64) std::atomic<std::uint32_t> unfinished_{0};  // parts that workers still run
};

}  // namespace

int threads() { return thread_count(); }

void set_threads(int count) {
    check(count >= 1, "the number of threads must be at least 1, not {}", count);
    thread_count() = count;
}

int threads_for(std::int64_t n, std::int64_t grain) {
    if (inside) return 1;
    const std::int64_t parts = n / std::max<std::int64_t>(1, grain);
    return static_cast<int>(std::clamp<std::int64_t>(parts, 1, threads()));
}

void detail::run_ranges(std::int64_t n, std::int64_t grain, RangeFunction call, const void* body) {
    if (n <= 0) return;
    beat();
    const int parts = threads_for(n, grain);
    if (parts == 1) {
        const FlushDenormals guard;
        return call(body, 0, n, 0);
    }

    static Pool& pool = *new Pool;  // never destroyed: its threads may still wait in it when the program ends
    static std::mutex busy;
    Job job{n, parts, call, body, {}, {}};
    // While another thread of the program uses the pool, the parts run here, one after the other: the same parts, so the
    // same bits.
    if (const std::unique_lock lock(busy, std::try_to_lock); lock.owns_lock()) pool.run(job);
    else
        for (int part = 0; part < parts; ++part) job.run(part);
    if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace cairn
