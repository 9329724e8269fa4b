#include "cairn/core/folder_lock.h"

#include "cairn/core/error.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn {
namespace {

// Catches a lock that two may have at once, and one that its owner leaves behind.
TEST(FolderLock, HasOneOwner) {
    const test::TempFolder folder;
    {
        const FolderLock mine(folder.path());
        EXPECT_THROW(FolderLock(folder.path()), Error);
    }
    EXPECT_NO_THROW(FolderLock(folder.path()));
}

}  // namespace
}  // namespace cairn
