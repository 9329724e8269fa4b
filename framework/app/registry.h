// The models and the chapters the command line knows. chapters/cairn.cpp registers them; app/ does not know the
// chapters.
#pragma once

#include "cairn/data/description.h"
#include "cairn/nn/model.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cairn::app {

struct ModelEntry {
    std::string name;  // "simple-cnn"
    int chapter = 0;
    std::string description;  // one line
    int epochs = 0;           // as in the notebook
    std::int64_t batch_size = 0;
    // The model for images like these, put together, not initialized.
    std::function<nn::Model(const data::Description& images)> make;
    std::filesystem::path weights{};  // ready-made ones that come with it; empty: none
};

// entry.make(images). Throws Error, in one line, where the model cannot take such images (too small for its pooling), or does
// not tell as many classes apart as they have.
nn::Model make_model(const ModelEntry& entry, const data::Description& images);

class Chapter;

struct ChapterEntry {
    int number = 0;
    std::string folder;  // in chapters/: "08-deeper-cnn"
    std::string title;
    std::function<void(Chapter&)> run;
};

class Registry {
public:
    // Throws BugError if the name or the number is taken.
    void add(ModelEntry entry);
    void add(ChapterEntry entry);

    const std::vector<ModelEntry>& models() const { return models_; }  // in the order of registration
    std::vector<std::string> names() const;

    // Throws Error that suggests the nearest name.
    const ModelEntry& model(const std::string& name) const;

    const std::vector<ChapterEntry>& chapters() const { return chapters_; }  // in the order of registration
    // Throws Error that names those there are.
    const ChapterEntry& chapter(int number) const;

private:
    std::vector<ModelEntry> models_;
    std::vector<ChapterEntry> chapters_;
};

}  // namespace cairn::app
