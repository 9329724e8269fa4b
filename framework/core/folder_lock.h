// FolderLock: one writer at a time in a folder.
#pragma once

#include <filesystem>
#include <memory>

namespace cairn {

// While it lives, no other FolderLock on the same folder can be made, in this process or in another one. It leaves no file
// behind, and ends with the process, however that ends. Where a file system knows no locks, nothing is locked.
class [[nodiscard]] FolderLock {
public:
    // Throws Error if another one holds the folder, or if it cannot be opened.
    explicit FolderLock(const std::filesystem::path& folder);

    // Whether `folder` is still the one that was locked: neither removed, nor renamed, nor unmounted.
    bool is_at(const std::filesystem::path& folder) const;

private:
    struct Held;
    std::shared_ptr<const Held> held_;
};

}  // namespace cairn
