// Pictures that the command line names, as a model takes them.
#pragma once

#include "cairn/app/registry.h"
#include "cairn/data/load_options.h"

namespace cairn::app {

struct Pictures {
    std::vector<std::string> paths;
    data::Dataset images;  // in this order; without labels that mean anything
};

// Reads the pictures, and those in the folders, that `paths` name, in the size and with the channels of `like`; they are cut, and
// bad ones left out with a warning, as the options say. Throws Error that names the file and the remedy.
Pictures read_pictures(const std::vector<std::string>& paths, const data::Description& like,
                       const data::LoadOptions& options);

// Whether a word that stands where a picture or a model may stand is a model's name. Throws Error that suggests the nearest one for
// a word that is neither a model, nor a file, nor looks like one.
bool is_model_name(const Registry& registry, const std::string& word);

}  // namespace cairn::app
