#include "cairn/train/parameter_groups.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace cairn::train {

bool is_kernel(const std::string& name) { return name.ends_with("kernel"); }

std::vector<optim::Part> parts_of(const nn::Model& model, const std::vector<ParameterGroup>& groups,
                                  const Decays& decays) {
    std::vector<std::string> names;
    std::vector<optim::Part> parts;
    for (const auto& [name, parameter] : model.parameters()) {
        if (!parameter->trainable) continue;
        optim::Part part{.begin = parameter->offset, .decays = decays(name)};
        for (const ParameterGroup& group : groups)
            if (name.starts_with(group.prefix)) part.rate = group.rate;
        if (parameter->frozen) part.rate = 0;
        if (!parts.empty()) parts.back().size = part.begin - parts.back().begin;
        names.push_back(name);
        parts.push_back(part);
    }
    // A part goes on to where the next one begins: the gap between them holds zeros, which stay zeros.
    if (!parts.empty()) parts.back().size = model.values().size() - parts.back().begin;

    for (const ParameterGroup& group : groups) {
        check(group.rate > 0,
              "the rate of the group '{}' must be above 0, not {}; Model::freeze keeps parameters as they are",
              group.prefix, group.rate);
        check(std::ranges::any_of(names, [&](const std::string& name) { return name.starts_with(group.prefix); }),
              "no parameter's name begins with '{}'; those that can be trained are {}", group.prefix,
              fmt::join(names, ", "));
    }
    check(parts.empty() || std::ranges::any_of(parts, [](const optim::Part& part) { return part.rate > 0; }),
          "all parameters are frozen, so there is nothing to train; freeze fewer");
    return parts;
}

}  // namespace cairn::train
