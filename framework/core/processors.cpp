#include "cairn/core/processors.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

namespace cairn {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
    return parts;
}

bool has(const std::string& list, const char* word) {
    const std::vector<std::string> words = split(list, ',');
    return std::ranges::find(words, word) != words.end();
}

// A line of /proc/self/cgroup: "4:cpu,cpuacct:/path" of version 1, "0::/path" of version 2.
struct Group {
    bool version_2 = false;
    std::string path;
};

// Those that may limit processor time.
std::vector<Group> groups_of(const std::string& text) {
    std::vector<Group> groups;
    for (const std::string& line : split(text, '\n')) {
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (controllers.empty() || has(controllers, "cpu"))
            groups.push_back({controllers.empty(), line.substr(second + 1)});
    }
    return groups;
}

// Where a hierarchy of groups is mounted, and which of its groups the mount shows at its top.
struct Mount {
    std::string top;
    std::string point;
};

// A line of /proc/self/mountinfo: "25 21 0:22 TOP POINT rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct".
std::optional<Mount> mount_of(const Group& group, const std::string& mounts) {
    for (const std::string& line : split(mounts, '\n')) {
        const std::size_t dash = line.find(" - ");
        if (dash == std::string::npos) continue;
        const std::vector<std::string> head = split(line.substr(0, dash), ' '),
                                       tail = split(line.substr(dash + 3), ' ');
        if (head.size() < 5 || tail.size() < 3) continue;
        if (group.version_2 ? tail[0] == "cgroup2" : tail[0] == "cgroup" && has(tail[2], "cpu"))
            return Mount{head[3], head[4]};
    }
    return {};
}

// The quota of the group in this folder, in processors; none if it has no limit.
std::optional<double> quota_in(const fs::path& folder, bool version_2) {
    std::istringstream text(version_2
                                ? text_of(folder / "cpu.max")  // "150000 100000" or "max 100000"
                                : text_of(folder / "cpu.cfs_quota_us") + " " + text_of(folder / "cpu.cfs_period_us"));
    double quota = 0, period = 0;
    if (!(text >> quota >> period) || quota <= 0 || period <= 0) return {};
    return quota / period;
}

int processors_of_affinity() {
#ifdef __linux__
    for (int most = 1024; most <= 1 << 20; most *= 2) {  // the kernel refuses a set that is smaller than its own
        cpu_set_t* const set = CPU_ALLOC(static_cast<std::size_t>(most));
        if (set == nullptr) break;
        const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(most));
        const bool known = ::sched_getaffinity(0, bytes, set) == 0;
        const bool too_small = !known && errno == EINVAL;
        const int count = known ? CPU_COUNT_S(bytes, set) : 0;
        CPU_FREE(set);
        if (count > 0) return count;
        if (!too_small) break;
    }
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

std::optional<double> quota_of_groups(const std::string& groups, const std::string& mounts, const fs::path& root) {
    std::optional<double> tightest;
    for (const Group& group : groups_of(groups)) {
        const std::optional<Mount> mount = mount_of(group, mounts);
        if (!mount) continue;
        const fs::path top = root / fs::path(mount->point).relative_path();
        // In a container the path may be the host's, of which the mount shows only the end, or nothing.
        fs::path inside = fs::path(group.path).lexically_relative(mount->top);
        if (inside.empty() || *inside.begin() == "..") inside = ".";
        // A group's limit holds for the groups inside it too.
        for (fs::path folder = (top / inside).lexically_normal();; folder = folder.parent_path()) {
            const std::optional<double> quota = quota_in(folder, group.version_2);
            if (quota) tightest = std::min(tightest.value_or(*quota), *quota);
            if (folder == top || folder == folder.parent_path()) break;
        }
    }
    return tightest;
}

int available_processors() {
    const int processors = processors_of_affinity();
    const std::optional<double> quota = quota_of_groups(text_of("/proc/self/cgroup"), text_of("/proc/self/mountinfo"));
    if (!quota || *quota >= processors) return processors;
    return std::max(1, static_cast<int>(std::ceil(*quota)));
}

}  // namespace cairn
