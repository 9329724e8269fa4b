#include "cairn/app/registry.h"

#include "cairn/app/nearest.h"
#include "cairn/core/program.h"

#include <algorithm>

namespace cairn::app {

nn::Model make_model(const ModelEntry& entry, const data::Description& images) {
    try {
        nn::Model model = entry.make(images);
        check(model.output_shape() == Shape{images.class_count()},
              "its output is {}, but {} has {} classes: let it end with nn::Dense(images.class_count())",
              model.output_shape(), images.name, images.class_count());
        return model;
    } catch (const Error& error) {
        fail("{} cannot be made for images {} of {}: {}", entry.name, images.image_shape, images.name, error.what());
    }
}

void Registry::add(ModelEntry entry) {
    invariant(std::ranges::find(models_, entry.name, &ModelEntry::name) == models_.end(),
              "two models are registered as '{}'", entry.name);
    models_.push_back(std::move(entry));
}

void Registry::add(ChapterEntry entry) {
    invariant(std::ranges::find(chapters_, entry.number, &ChapterEntry::number) == chapters_.end(),
              "two chapters have the number {}", entry.number);
    chapters_.push_back(std::move(entry));
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
        fail("unknown model '{}'{} '{} models' lists them", name, hint.empty() ? ";" : hint, program().command);
    }
    return *found;
}

const ChapterEntry& Registry::chapter(int number) const {
    const auto found = std::ranges::find(chapters_, number, &ChapterEntry::number);
    if (found == chapters_.end()) {
        std::vector<int> numbers;
        for (const ChapterEntry& entry : chapters_) numbers.push_back(entry.number);
        fail("there is no program of chapter {}; there are those of {}", number, fmt::join(numbers, ", "));
    }
    return *found;
}

}  // namespace cairn::app
