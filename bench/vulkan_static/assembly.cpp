#include "vulkan_static/assembly.h"

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>
#include <vector>

namespace cairn::bench {

namespace {

struct Instruction {
    std::string name, first_operand;
};

bool begins(const std::string& name, std::initializer_list<const char*> beginnings) {
    return std::ranges::any_of(beginnings, [&](const char* beginning) { return name.starts_with(beginning); });
}

bool is_multiply_add(const std::string& name) {
    return begins(name, {"v_fma", "v_pk_fma", "v_mac_", "v_mad_f", "v_dual_fma"});
}

void count(const std::string& name, Instructions& counts) {
    ++counts.all;
    counts.multiply_adds += is_multiply_add(name);
    counts.vector += name.starts_with("v_");
    counts.loads += begins(name, {"buffer_load", "global_load"});
    counts.scalar_loads += begins(name, {"s_buffer", "s_load"});
    counts.shared += name.starts_with("ds_");
    counts.branches += begins(name, {"s_branch", "s_cbranch"});
}

}  // namespace

Counted count_instructions(const std::string& assembly) {
    std::vector<Instruction> all;
    std::map<std::string, std::size_t> labels;  // "BB12" -> the instruction that follows
    std::istringstream lines(assembly);
    const std::regex label(R"(^(BB\d+):.*)"), instruction(R"(^\s+([a-z]\w+)\s*([^,;\s]*).*)");
    std::smatch match;
    for (std::string line; std::getline(lines, line);)
        if (std::regex_match(line, match, label)) labels[match[1]] = all.size();
        else if (std::regex_match(line, match, instruction)) all.push_back({match[1], match[2]});

    // A loop is what lies between a label and a branch back to it.
    std::size_t begin = 0, end = 0;
    long most = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (!begins(all[k].name, {"s_branch", "s_cbranch"})) continue;
        const auto target = labels.find(all[k].first_operand);
        if (target == labels.end() || target->second > k) continue;
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(target->second),
                   to = all.begin() + static_cast<std::ptrdiff_t>(k + 1);
        const long found = std::count_if(from, to, [](const Instruction& i) { return is_multiply_add(i.name); });
        const bool shorter = found == most && k + 1 - target->second < end - begin;
        if (found == 0 || (found < most) || (found == most && !shorter)) continue;
        most = found;
        begin = target->second;
        end = k + 1;
    }
    Counted counted;
    for (std::size_t k = begin; k < end; ++k) count(all[k].name, counted.loop);
    counted.outside = static_cast<int>(all.size() - (end - begin));
    return counted;
}

}  // namespace cairn::bench
