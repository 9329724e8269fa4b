#include "app/registry.h"

#include "app/nearest.h"

#include <algorithm>

namespace cairn::app {

void Registry::add(ModelEntry entry) {
    invariant(std::ranges::find(models_, entry.name, &ModelEntry::name) == models_.end(),
              "two models are registered as '{}'", entry.name);
    models_.push_back(std::move(entry));
}

std::vector<std::string> Registry::names() const {
    std::vector<std::string> names;
    for (const ModelEntry& entry : models_) names.push_back(entry.name);
    return names;
}

const ModelEntry& Registry::model(const std::string& name) const {
    const auto found = std::ranges::find(models_, name, &ModelEntry::name);
    if (found == models_.end()) {
        const std::string hint = suggestion(name, names());
        fail("unknown model '{}'{} 'cairn models' lists them", name, hint.empty() ? ";" : hint);
    }
    return *found;
}

}  // namespace cairn::app
