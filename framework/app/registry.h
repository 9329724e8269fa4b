// The models the command line knows. chapters/cairn.cpp registers every chapter's; app/ does not know the chapters.
#pragma once

#include "nn/model.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::app {

struct ModelEntry {
    std::string name;  // "simple-cnn"
    int chapter = 0;
    std::string description;  // one line
    int epochs = 0;           // as in the notebook
    std::int64_t batch_size = 0;
    std::function<std::unique_ptr<nn::Model>()> make;  // put together, not initialized
};

class Registry {
public:
    // Throws BugError if the name is taken.
    void add(ModelEntry entry);

    const std::vector<ModelEntry>& models() const { return models_; }  // in the order of registration
    std::vector<std::string> names() const;

    // Throws Error that suggests the nearest name.
    const ModelEntry& model(const std::string& name) const;

private:
    std::vector<ModelEntry> models_;
};

}  // namespace cairn::app
