// Debian's OpenBLAS 0.3.21 keeps 128 MB of addresses for every thread that multiplies, of which few become memory. Where it is
// refused them, by a limit as of ulimit -v, it asks again without end: the program hangs. And when it is loaded, which is before
// main(), it starts a thread for every processor, each with such a buffer, although cairn has threads of its own.
#include "cairn/backend/cpu/blas_memory.h"

#include "cairn/core/error.h"
#include "cairn/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

extern "C" void* blas_memory_alloc(int position);
extern "C" void blas_memory_free(void* buffer);

namespace cairn::cpu {

namespace {

// The functions of .preinit_array run before the libraries start, and only those of a program, not of a shared library (for which
// code is compiled with PIC and without PIE). The C library takes its variables from this very environment afterwards, so a
// variable cannot be added, but another one can make room for a moment.
#if defined(__linux__) && (!defined(__PIC__) || defined(__PIE__))

char one_thread[] = "OPENBLAS_NUM_THREADS=1";
char** place = nullptr;
char* displaced = nullptr;

// A sanitizer may not have started either.
#define CAIRN_BEFORE_SANITIZERS __attribute__((no_sanitize("address"), no_sanitize("undefined"), no_sanitize("thread")))

CAIRN_BEFORE_SANITIZERS bool begins_with(const char* text, const char* begin) {
    while (*begin != 0 && *text == *begin) ++text, ++begin;
    return *begin == 0;
}

CAIRN_BEFORE_SANITIZERS void ask_for_one_thread(int, char**, char** environment) {
    const char* const names[] = {"OPENBLAS_NUM_THREADS=", "SHLVL=", "_=", "OLDPWD=", ""};
    for (const char* name : names)
        for (char** variable = environment; *variable != nullptr; ++variable) {
            if (!begins_with(*variable, name)) continue;
            place = variable;
            displaced = *variable;
            *variable = one_thread;
            return;
        }
}

__attribute__((section(".preinit_array"), used)) void (*const before_libraries)(int, char**,
                                                                                char**) = ask_for_one_thread;

__attribute__((constructor)) void restore_environment() {
    if (place != nullptr) *place = displaced;
}

#endif

#ifdef __linux__
constexpr std::size_t buffer_bytes = 128 << 20;

// Whether OpenBLAS could have another buffer now.
bool there_is_room() {
    void* const room = ::mmap(nullptr, buffer_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return false;
    ::munmap(room, buffer_bytes);
    return true;
}
#endif

std::atomic<int> reserved{0};  // as many buffers OpenBLAS has
std::atomic<int> callers{0};   // threads that ever multiplied

}  // namespace

void reserve_blas_memory() {
#ifdef __linux__
    thread_local const int caller = ++callers;
    const int wanted = std::max({threads(), callers.load(std::memory_order_relaxed), caller});
    if (reserved.load(std::memory_order_acquire) >= wanted) return;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::vector<void*> buffers;
    buffers.reserve(static_cast<std::size_t>(wanted));
    const bool enough = [&] {
        while (static_cast<int>(buffers.size()) < wanted) {
            if (!there_is_room()) return false;
            buffers.push_back(blas_memory_alloc(0));
        }
        return true;
    }();
    const std::size_t got = buffers.size();
    for (void* const buffer : buffers) blas_memory_free(buffer);  // to OpenBLAS, which keeps them
    check(enough,
          "out of memory: OpenBLAS keeps 128 MB of addresses for each of {} threads, and there is room for {}; give "
          "fewer "
          "threads (--threads N), or a higher limit (ulimit -v)",
          wanted, got);
    reserved.store(std::max(wanted, reserved.load()), std::memory_order_release);
#endif
}

}  // namespace cairn::cpu
