#include "cairn/core/file.h"

#include "cairn/core/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <utility>

namespace cairn {

namespace {

// Owns a file descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    // Returns 0 or the error: some file systems tell of a failed write only here. After EINTR it is closed all the same.
    int close() {
        const int result = ::close(std::exchange(fd_, -1));
        return result != 0 && errno != EINTR ? errno : 0;
    }

private:
    int fd_;
};

constexpr const char* part_suffix = ".part";  // the writer's process id follows

WriteObserver observer = nullptr;

void about_to(WriteStep step) {
    if (observer != nullptr) observer(step);
}

std::string_view remedy(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return "free some space, or choose another folder";
        case EFBIG: return "allow larger files (ulimit -f)";
        case EACCES:
        case EPERM:
        case EROFS: return "choose a folder that you may write to";
        case ENOENT:
        case ENOTDIR: return "create its folder first";
        default: return "check the disk, or choose another folder";
    }
}

[[noreturn]] void fail_to_write(const std::filesystem::path& path, int error) {
    fail("cannot write {}: {}; {}", path.string(), std::strerror(error), remedy(error));
}

// A call that a signal interrupts is made again. One that is interrupted for ever is an error, and no reason to hang.
template <typename Call>
auto again(const Call& call) {
    constexpr int patience = 1000;
    auto result = call();
    for (int i = 0; result < 0 && errno == EINTR && i < patience; ++i) result = call();
    return result;
}

// Writes all bytes, and syncs them to the disk; returns 0 or the error.
int put(int fd, std::span<const std::uint8_t> bytes, bool syncs) {
    about_to(WriteStep::write);
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t put = again([&] { return ::write(fd, bytes.data() + done, bytes.size() - done); });
        if (put < 0) return errno;
        if (put == 0) return ENOSPC;  // a device that takes nothing
        done += static_cast<std::size_t>(put);
    }
    about_to(WriteStep::sync);
    return syncs && again([&] { return ::fsync(fd); }) != 0 ? errno : 0;
}

// The new name is on the disk once its folder is. Returns 0 or the error. Some file systems cannot sync a folder, and one that
// may not be listed cannot be opened: then nothing more can be done.
int sync_folder_of(const std::filesystem::path& path) {
    about_to(WriteStep::sync_folder);
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor directory(again([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (directory.get() < 0) return errno == EACCES ? 0 : errno;
    if (again([&] { return ::fsync(directory.get()); }) == 0) return 0;
    return errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : errno;
}

// NAME, if `name` is NAME.part123 and there is no process 123 any more; else nothing.
std::string left_behind(const std::string& name) {
    const std::size_t at = name.rfind(part_suffix);
    if (at == std::string::npos) return "";
    const char* const end = name.data() + name.size();
    pid_t writer = 0;
    const auto [stop, error] = std::from_chars(name.data() + at + std::strlen(part_suffix), end, writer);
    const bool whole = error == std::errc() && stop == end && writer > 0;
    return whole && ::kill(writer, 0) != 0 && errno == ESRCH ? name.substr(0, at) : "";
}

}  // namespace

std::uint64_t size_of_file(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) fail("cannot read {}: {}", path.string(), std::strerror(errno));
    check(S_ISREG(info.st_mode), "cannot read {}: it is not a file", path.string());
    return static_cast<std::uint64_t>(info.st_size);
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
    // Without O_NONBLOCK, to open a pipe would wait for somebody who writes into it.
    const Descriptor file(again([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
        fail("cannot read {}: {}", path.string(), std::strerror(errno));
    check(S_ISREG(info.st_mode), "cannot read {}: it is not a file", path.string());
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(info.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = again([&] { return ::read(file.get(), bytes.data() + done, bytes.size() - done); });
        if (got < 0) fail("cannot read {}: {}", path.string(), std::strerror(errno));
        if (got == 0) break;  // the file shrank while it was read
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    const std::filesystem::path part = path.string() + fmt::format("{}{}", part_suffix, ::getpid());
    about_to(WriteStep::open);
    Descriptor file(again([&] { return ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644); }));
    if (file.get() < 0) fail_to_write(path, errno);
    int error = put(file.get(), bytes, true);
    if (const int closed = file.close(); error == 0) error = closed;
    about_to(WriteStep::rename);
    if (error == 0 && ::rename(part.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) {
        ::unlink(part.c_str());
        fail_to_write(path, error);
    }
    if (const int unsynced = sync_folder_of(path); unsynced != 0)
        fail("{} was written, but it may not be on the disk: its folder cannot be synced: {}; check the disk",
             path.string(), std::strerror(unsynced));
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void write_output(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    struct stat info {};
    const bool exists = ::stat(path.c_str(), &info) == 0;
    if (exists && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {  // a pipe, a terminal, /dev/null
        Descriptor file(again([&] { return ::open(path.c_str(), O_WRONLY | O_CLOEXEC); }));
        if (file.get() < 0) fail_to_write(path, errno);
        int error = put(file.get(), bytes, false);
        if (const int closed = file.close(); error == 0) error = closed;
        if (error != 0) fail_to_write(path, error);
        return;
    }
    std::filesystem::path target = path;
    std::error_code none;
    constexpr int most_links = 40;  // as the kernel follows
    for (int links = 0; std::filesystem::is_symlink(target, none); ++links) {
        if (links == most_links) fail_to_write(path, ELOOP);
        const std::filesystem::path named = std::filesystem::read_symlink(target, none);
        if (none) fail_to_write(path, none.value());
        target = named.is_absolute() ? named : target.parent_path() / named;
    }
    write_file(target, bytes);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        names.push_back(entry->path().filename().string());
    check(!error || error == std::errc::no_such_file_or_directory, "cannot read the folder {}: {}", folder.string(),
          error.message());
    return names;
}

void remove_files(const std::filesystem::path& folder, const Names& chosen) {
    for (const std::string& name : names_in(folder)) {
        if (!chosen(name)) continue;
        std::error_code error;
        std::filesystem::remove(folder / name, error);
        check(!error, "cannot remove {}: {}; choose another folder", (folder / name).string(), error.message());
    }
}

void remove_leftovers(const std::filesystem::path& folder, const Names& chosen) {
    remove_files(folder, [&](const std::string& name) { return chosen(left_behind(name)); });
}

void set_write_observer(WriteObserver watching) { observer = watching; }

void make_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    check(!error, "cannot create the folder {}: {}; choose another folder", path.string(), error.message());
}

std::filesystem::path make_new_folder(const std::filesystem::path& path) {
    constexpr int most = 10'000;
    const std::filesystem::path parent = path.parent_path();
    if (!parent.empty()) make_folder(parent);
    std::filesystem::path made = path;
    for (int i = 2; i < most; ++i) {
        if (::mkdir(made.c_str(), 0777) == 0) return made;
        if (errno != EEXIST)
            fail("cannot create the folder {}: {}; choose another folder", made.string(), std::strerror(errno));
        made.replace_filename(fmt::format("{}-{}", path.filename().string(), i));
    }
    fail("cannot create the folder {}: there are too many with this name; choose another folder", path.string());
}

FolderLock claim_folder(const std::filesystem::path& path, std::string_view first, bool ours) {
    make_folder(path);
    FolderLock lock(path);
    for (const std::string& name : names_in(path))
        check(ours || left_behind(name) == first,
              "{} holds {} and no sign that cairn wrote it, so it is left as it is; choose another folder: a new or an "
              "empty one",
              path.string(), name);
    return lock;
}

}  // namespace cairn
