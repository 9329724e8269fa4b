// A library to be preloaded, which lets a call of the C library fail:
//   FAULT_PROGRAM=name   of the program that it is for: what that starts is left alone
//   FAULT_CALL=write     or fsync, rename, open, read, close, mkdir, unlink, stat, readdir, spawn, mmap, malloc: the family of
//                        calls that is counted
//   FAULT_AT=n           the n-th of them, from 1, fails; 0: none does
//   FAULT_ERROR=number   with this errno; 0: a read or a write of one byte only
//   FAULT_STICKY=1       so do all after it
//   FAULT_COUNT=file     where the number of such calls is written when the program ends, and below it, for malloc, the first n of
//                        each place of the program that makes one: a line each
// What is read from or written to a terminal or a pipe at 0, 1 and 2 is not counted: a message must be able to leave.
#include <dirent.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" void* __libc_malloc(std::size_t);                 // glibc's own, below malloc
extern "C" void* __libc_memalign(std::size_t, std::size_t);  // and below the aligned ones
extern "C" void* __libc_calloc(std::size_t, std::size_t);
extern "C" void* __libc_realloc(void*, std::size_t);

namespace {

enum class Outcome { right, fails, is_short };

const char* counted_call = nullptr;
long fail_at = 0, error_number = 0;
bool sticky = false;
std::atomic<long> calls{0};

// The places of the program from which a counted malloc was called, by a hash of the innermost return addresses, and the first
// call of each.
constexpr std::size_t most_places = 1 << 16;
std::atomic<std::uint64_t> places[most_places];
std::atomic<long> first_calls[most_places];
std::atomic<std::size_t> found_places{0};
bool notes_places = false;
thread_local bool noting = false;  // what notes a place may allocate too

long number(const char* variable) {
    const char* text = std::getenv(variable);
    return text == nullptr ? 0 : std::atol(text);
}

__attribute__((constructor)) void begin() {
    const char* program = std::getenv("FAULT_PROGRAM");
    if (program == nullptr || std::strcmp(program, program_invocation_short_name) != 0) return;
    fail_at = number("FAULT_AT");
    error_number = number("FAULT_ERROR");
    sticky = number("FAULT_STICKY") != 0;
    const char* const call = std::getenv("FAULT_CALL");
    notes_places = call != nullptr && std::strcmp(call, "malloc") == 0 && std::getenv("FAULT_COUNT") != nullptr;
    void* first[1];
    if (notes_places) ::backtrace(first, 1);  // loads a library
    counted_call = call;
}

void note_place(long n) {
    if (noting) return;
    noting = true;
    constexpr int depth = 4, own = 3;  // frames, and those of this file
    void* frames[depth + own];
    const int count = ::backtrace(frames, depth + own);
    noting = false;
    std::uint64_t hash = 1;
    for (int i = own; i < count; ++i) hash = hash * 0x9E3779B97F4A7C15u + reinterpret_cast<std::uintptr_t>(frames[i]);
    for (std::size_t at = hash >> 48;; at = (at + 1) % most_places) {
        std::uint64_t there = 0;
        if (places[at].compare_exchange_strong(there, hash)) {
            if (const std::size_t k = found_places++; k < most_places) first_calls[k] = n;
            return;
        }
        if (there == hash) return;
    }
}

__attribute__((destructor)) void end() {
    const char* file = std::getenv("FAULT_COUNT");
    if (counted_call == nullptr || file == nullptr) return;
    counted_call = nullptr;
    const auto write_line = [fd = ::syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0644)](long n) {
        char text[32];
        const int length = std::snprintf(text, sizeof text, "%ld\n", n);
        if (::syscall(SYS_write, fd, text, length) != length) std::_Exit(3);
    };
    write_line(calls.load());
    for (std::size_t k = 0; k < found_places; ++k) write_line(first_calls[k]);
}

Outcome outcome(const char* call) {
    if (counted_call == nullptr || std::strcmp(counted_call, call) != 0) return Outcome::right;
    const long n = ++calls;
    if (notes_places) note_place(n);
    if (fail_at == 0 || (sticky ? n < fail_at : n != fail_at)) return Outcome::right;
    if (error_number == 0) return Outcome::is_short;
    errno = static_cast<int>(error_number);
    return Outcome::fails;
}

bool fails(const char* call) { return outcome(call) == Outcome::fails; }

// The result of a system call: its errno is set by syscall.
template <typename... Args>
long system_call(const char* call, long id, Args... args) {
    return fails(call) ? -1 : ::syscall(id, args...);
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int opened(int folder, const char* path, int flags, mode_t mode) {
    return static_cast<int>(system_call("open", SYS_openat, folder, path, flags, mode));
}

mode_t mode_of(int flags, va_list more) { return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; }

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, std::size_t size) {
    const Outcome is = fd > STDERR_FILENO ? outcome("write") : Outcome::right;
    if (is == Outcome::fails) return -1;
    return ::syscall(SYS_write, fd, bytes, is == Outcome::is_short && size > 1 ? 1 : size);
}

ssize_t read(int fd, void* bytes, std::size_t size) {
    const Outcome is = fd > STDERR_FILENO ? outcome("read") : Outcome::right;
    if (is == Outcome::fails) return -1;
    return ::syscall(SYS_read, fd, bytes, is == Outcome::is_short && size > 1 ? 1 : size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
    return system_call(fd > STDERR_FILENO ? "write" : "", SYS_writev, fd, parts, count);
}

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, more);
    va_end(more);
    return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, more);
    va_end(more);
    return opened(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, more);
    va_end(more);
    return opened(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
    static auto* const real = next<FILE*(const char*, const char*)>("fopen");
    return fails("open") ? nullptr : real(path, mode);
}

FILE* fopen64(const char* path, const char* mode) { return fopen(path, mode); }

FILE* tmpfile() {
    static auto* const real = next<FILE*()>("tmpfile");
    return fails("open") ? nullptr : real();
}

int pipe(int ends[2]) { return static_cast<int>(system_call("open", SYS_pipe2, ends, 0)); }

DIR* opendir(const char* path) {
    static auto* const real = next<DIR*(const char*)>("opendir");
    return fails("open") ? nullptr : real(path);
}

int close(int fd) {
    // As on Linux, the file is closed even where close reports an error.
    const bool failed = fd > STDERR_FILENO && fails("close");
    const int error = errno;
    const long result = ::syscall(SYS_close, fd);
    if (failed) errno = error;
    return failed ? -1 : static_cast<int>(result);
}

int fsync(int fd) { return static_cast<int>(system_call("fsync", SYS_fsync, fd)); }
int rename(const char* from, const char* to) { return static_cast<int>(system_call("rename", SYS_rename, from, to)); }
int mkdir(const char* path, mode_t mode) { return static_cast<int>(system_call("mkdir", SYS_mkdir, path, mode)); }
int unlink(const char* path) { return static_cast<int>(system_call("unlink", SYS_unlink, path)); }
int unlinkat(int folder, const char* path, int flags) {
    return static_cast<int>(system_call("unlink", SYS_unlinkat, folder, path, flags));
}
int rmdir(const char* path) { return static_cast<int>(system_call("unlink", SYS_rmdir, path)); }

int remove(const char* path) {
    static auto* const real = next<int(const char*)>("remove");
    return fails("unlink") ? -1 : real(path);
}

// The calls of the C library that ask about a file have more than one name, and so have those that list a folder.
int stat(const char* path, struct stat* info) {
    return static_cast<int>(system_call("stat", SYS_newfstatat, AT_FDCWD, path, info, 0));
}
int lstat(const char* path, struct stat* info) {
    return static_cast<int>(system_call("stat", SYS_newfstatat, AT_FDCWD, path, info, AT_SYMLINK_NOFOLLOW));
}
int fstat(int fd, struct stat* info) {
    return static_cast<int>(system_call("stat", SYS_newfstatat, fd, "", info, AT_EMPTY_PATH));
}
int fstat64(int fd, struct stat64* info) {
    return static_cast<int>(system_call("stat", SYS_newfstatat, fd, "", info, AT_EMPTY_PATH));
}
int fstatat(int folder, const char* path, struct stat* info, int flags) {
    return static_cast<int>(system_call("stat", SYS_newfstatat, folder, path, info, flags));
}
dirent* readdir(DIR* folder) {
    static auto* const real = next<dirent*(DIR*)>("readdir");
    return fails("readdir") ? nullptr : real(folder);
}

int posix_spawnp(pid_t* id, const char* file, const posix_spawn_file_actions_t* actions, const posix_spawnattr_t* how,
                 char* const argv[], char* const environment[]) {
    static auto* const real = next<int(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*,
                                       char* const*, char* const*)>("posix_spawnp");
    return fails("spawn") ? static_cast<int>(error_number) : real(id, file, actions, how, argv, environment);
}

void* mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) {
    return reinterpret_cast<void*>(system_call("mmap", SYS_mmap, at, size, protection, flags, fd, offset));
}

void* malloc(std::size_t size) { return fails("malloc") ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return fails("malloc") ? nullptr : __libc_calloc(count, size); }
void* realloc(void* old, std::size_t size) { return fails("malloc") ? nullptr : __libc_realloc(old, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails("malloc") ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** at, std::size_t alignment, std::size_t size) {
    if (fails("malloc")) return ENOMEM;
    *at = __libc_memalign(alignment, size);
    return *at == nullptr ? ENOMEM : 0;
}

}  // extern "C"
