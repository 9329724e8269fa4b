#include "cairn/core/processors.h"

#include "cairn/core/file.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#ifdef __linux__
#include <sched.h>
#endif

namespace cairn {
namespace {

struct File {
    const char* path;
    const char* text;
};

struct Case {
    const char* what;
    const char* groups;
    const char* mounts;
    std::vector<File> files;
    std::optional<double> quota;
};

// As the kernel prints them, among mounts that have nothing to do with it.
constexpr const char* version_1 =
    "21 1 0:4 / /proc rw - proc proc rw\n"
    "31 30 0:27 / /sys/fs/cgroup/cpuset rw,relatime shared:9 - cgroup cgroup rw,cpuset\n"
    "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct\n";
constexpr const char* version_2 =
    "21 1 0:4 / /proc rw - proc proc rw\n"
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* of_a_container = "32 30 0:28 /docker/abc /sys/fs/cgroup/cpu ro,relatime - cgroup cgroup rw,cpu\n";

// Catches a group whose limit is overlooked: in one version, in a group above, behind a container's mount; and a limit that
// is none, read from "max", from -1 or from another controller's file.
TEST(Processors, TheTightestQuotaOfTheGroupsCounts) {
    const Case cases[] = {
        {"no control groups", "", "", {}, {}},
        {"version 2, no limit", "0::/a\n", version_2, {{"sys/fs/cgroup/a/cpu.max", "max 100000\n"}}, {}},
        {"version 2", "0::/a\n", version_2, {{"sys/fs/cgroup/a/cpu.max", "150000 100000\n"}}, 1.5},
        {"version 2, at the top", "0::/\n", version_2, {{"sys/fs/cgroup/cpu.max", "300000 100000\n"}}, 3},
        {"version 2, in a group above",
         "0::/a/b/c\n",
         version_2,
         {{"sys/fs/cgroup/a/cpu.max", "50000 100000\n"}, {"sys/fs/cgroup/a/b/c/cpu.max", "200000 100000\n"}},
         0.5},
        {"version 2, a neighbour's",
         "0::/a/b\n",
         version_2,
         {{"sys/fs/cgroup/a/b/cpu.max", "max 100000\n"}, {"sys/fs/cgroup/a/c/cpu.max", "50000 100000\n"}},
         {}},
        {"version 2, of a group outside of what is mounted",
         "0::/../other\n",
         version_2,
         {{"sys/fs/cgroup/cpu.max", "200000 100000\n"}},
         2},
        {"version 1",
         "9:cpuset:/a\n4:cpu,cpuacct:/a\n0::/\n",
         version_1,
         {{"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "250000\n"},
          {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n"}},
         2.5},
        {"version 1, no limit",
         "4:cpu,cpuacct:/a\n",
         version_1,
         {{"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n"},
          {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n"}},
         {}},
        {"version 1, in the group above",
         "4:cpu,cpuacct:/a/b\n",
         version_1,
         {{"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "100000\n"},
          {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "50000\n"}},
         2},
        {"version 1, a container whose mount begins at its own group",
         "4:cpu:/docker/abc/x\n",
         of_a_container,
         {{"sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "100000\n"}, {"sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n"}},
         1},
        {"version 1, a container that sees the host's path",
         "4:cpu:/kubepods/pod1\n",
         of_a_container,
         {{"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "400000\n"}, {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}},
         4},
        {"texts that are no such lists", "0:\n:::\nx\n", "- - -\n 1 - cgroup2\n", {}, {}},
    };
    for (const Case& c : cases) {
        const test::TempFolder root;
        for (const File& file : c.files) {
            make_folder((root / file.path).parent_path());
            write_file(root / file.path, std::string_view(file.text));
        }
        EXPECT_EQ(quota_of_groups(c.groups, c.mounts, root.path()), c.quota) << c.what;
    }
}

#ifdef __linux__
// Catches threads for processors on which the process must not run: `taskset -c 0` once gave as many as the machine has.
TEST(Processors, FollowTheAffinityMask) {
    cpu_set_t before;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_GE(available_processors(), 1);
    EXPECT_LE(available_processors(), CPU_COUNT(&before));
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(available_processors(), 1);
    ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}
#endif

}  // namespace
}  // namespace cairn
