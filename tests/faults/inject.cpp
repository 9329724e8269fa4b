// A library to be preloaded, which lets a call of the C library fail:
//   FAULT_PROGRAM=name   of the program that it is for: what that starts is left alone
//   FAULT_CALL=write     or fsync, rename, open, read, close, mkdir, unlink, mmap, malloc: the family of calls that is counted
//   FAULT_AT=n           the n-th of them, from 1, fails; 0: none does
//   FAULT_ERROR=number   with this errno; 0: a read or a write of one byte only
//   FAULT_STICKY=1       so do all after it
//   FAULT_COUNT=file     where the number of such calls is written when the program ends
// What is read from or written to a terminal or a pipe at 0, 1 and 2 is not counted: a message must be able to leave.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" void* __libc_malloc(std::size_t);                 // glibc's own, below malloc
extern "C" void* __libc_memalign(std::size_t, std::size_t);  // and below the aligned ones
extern "C" void* __libc_calloc(std::size_t, std::size_t);

namespace {

enum class Outcome { right, fails, is_short };

const char* counted_call = nullptr;
long fail_at = 0, error_number = 0;
bool sticky = false;
std::atomic<long> calls{0};

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
    counted_call = std::getenv("FAULT_CALL");
}

__attribute__((destructor)) void end() {
    const char* file = std::getenv("FAULT_COUNT");
    if (counted_call == nullptr || file == nullptr) return;
    counted_call = nullptr;
    char text[32];
    const int length = std::snprintf(text, sizeof text, "%ld\n", calls.load());
    const long fd = ::syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (::syscall(SYS_write, fd, text, length) != length) std::_Exit(3);
}

Outcome outcome(const char* call) {
    if (counted_call == nullptr || std::strcmp(counted_call, call) != 0) return Outcome::right;
    const long n = ++calls;
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
int rmdir(const char* path) { return static_cast<int>(system_call("unlink", SYS_rmdir, path)); }

int remove(const char* path) {
    static auto* const real = next<int(const char*)>("remove");
    return fails("unlink") ? -1 : real(path);
}

void* mmap(void* at, std::size_t size, int protection, int flags, int fd, off_t offset) {
    return reinterpret_cast<void*>(system_call("mmap", SYS_mmap, at, size, protection, flags, fd, offset));
}

void* malloc(std::size_t size) { return fails("malloc") ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return fails("malloc") ? nullptr : __libc_calloc(count, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails("malloc") ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** at, std::size_t alignment, std::size_t size) {
    if (fails("malloc")) return ENOMEM;
    *at = __libc_memalign(alignment, size);
    return *at == nullptr ? ENOMEM : 0;
}

}  // extern "C"
