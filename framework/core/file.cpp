#include "cairn/core/file.h"

#include "cairn/core/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>

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

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0)
        fail("cannot read {}: {}", path.string(), std::strerror(errno));
    check(S_ISREG(info.st_mode), "cannot read {}: it is not a file", path.string());
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(info.st_size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("cannot read {}: {}", path.string(), std::strerror(errno));
        if (got == 0) break;  // the file shrank while it was read
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    const std::filesystem::path part = path.string() + fmt::format("{}{}", part_suffix, ::getpid());
    int error = 0;
    about_to(WriteStep::open);
    {
        const Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (file.get() < 0) fail_to_write(path, errno);
        about_to(WriteStep::write);
        std::size_t done = 0;
        while (error == 0 && done < bytes.size()) {
            const ssize_t put = ::write(file.get(), bytes.data() + done, bytes.size() - done);
            if (put >= 0) done += static_cast<std::size_t>(put);
            else if (errno != EINTR) error = errno;
        }
        about_to(WriteStep::sync);
        if (error == 0 && ::fsync(file.get()) != 0) error = errno;
    }
    about_to(WriteStep::rename);
    if (error == 0 && ::rename(part.c_str(), path.c_str()) != 0) error = errno;
    if (error != 0) {
        ::unlink(part.c_str());
        fail_to_write(path, error);
    }
    // The new name is on the disk once its folder is. Some file systems cannot sync a folder: then nothing more can be
    // done.
    about_to(WriteStep::sync_folder);
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0) ::fsync(directory.get());
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
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

void claim_folder(const std::filesystem::path& path, std::string_view first, bool ours) {
    make_folder(path);
    for (const std::string& name : names_in(path))
        check(ours || left_behind(name) == first,
              "{} holds {} and no sign that cairn wrote it, so it is left as it is; choose another folder: a new or an "
              "empty one",
              path.string(), name);
}

}  // namespace cairn
