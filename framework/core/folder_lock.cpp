#include "cairn/core/folder_lock.h"

#include "cairn/core/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cairn {

struct FolderLock::Held {
    explicit Held(int opened) : fd(opened) {}
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { ::close(fd); }
    int fd;
};

FolderLock::FolderLock(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) fail("cannot open the folder {}: {}; choose another folder", folder.string(), std::strerror(errno));
    held_ = std::make_shared<const Held>(fd);
    check(::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK,
          "another program is writing into {}; wait until it has ended, or choose another folder", folder.string());
}

bool FolderLock::is_at(const std::filesystem::path& folder) const {
    struct stat locked {
    }, there{};
    return ::fstat(held_->fd, &locked) == 0 && ::stat(folder.c_str(), &there) == 0 && locked.st_dev == there.st_dev &&
           locked.st_ino == there.st_ino;
}

}  // namespace cairn
