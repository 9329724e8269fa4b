// How many processors this process may use: fewer than the machine has where its affinity mask (taskset, a cluster's job) or
// its control group (a container's --cpus) says so.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cairn {

// The smaller of the affinity mask's processors and the control groups' quota, the quota rounded up; at least 1.
int available_processors();

// The tightest quota of the control groups of a process, in processors: 1.5 for 150 ms of processor time per 100 ms. None
// where no group has one. `groups` is the text of /proc/self/cgroup, `mounts` that of /proc/self/mountinfo; the files that
// they lead to, cpu.max of version 2 or cpu.cfs_quota_us and cpu.cfs_period_us of version 1, are read below `root`.
std::optional<double> quota_of_groups(const std::string& groups, const std::string& mounts,
                                      const std::filesystem::path& root = "/");

}  // namespace cairn
