// A model's weights as a safetensors file: every parameter under its name, "conv2d/kernel", moving statistics included.
#pragma once

#include "cairn/data/description.h"
#include "cairn/io/safetensors.h"
#include "cairn/nn/model.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace cairn::train {

// `metadata` says where they come from; "model" is what load_weights compares. Throws Error when the file cannot be
// written.
void save_weights(const nn::Model& model, const std::filesystem::path& path,
                  const std::map<std::string, std::string>& metadata);

// Throws Error unless a file with this header holds the weights of the model, which need not be initialized: names the file and
// the first parameter that is missing, unknown, of another shape or of another type, and, where the metadata names another
// model, that model.
void check_weights(const nn::Model& model, const std::string& model_name, const std::filesystem::path& path,
                   const io::SafetensorsHeader& header);

// Loads into an initialized model of the same structure; returns the file's metadata. Throws Error as check_weights, and for
// numbers that are not finite, unless they are allowed: which parameter has them, how many, and where the first one is.
std::map<std::string, std::string> load_weights(nn::Model& model, const std::string& model_name,
                                                const std::filesystem::path& path, bool allow_nonfinite = false);

// The file of weights that a person names by itself, or by the folder of the run that wrote it.
std::filesystem::path weights_file(const std::filesystem::path& file_or_run);

// Starts a training from weights (a file, or the folder of the run that wrote it) that need not be of the same model: as load_weights, but the layer that comes last may have
// other shapes, or be missing, in the file (other classes); it then keeps its initial values. Returns the names of the
// parameters that do.
std::vector<std::string> start_from_weights(nn::Model& model, const std::filesystem::path& path);

// The names of the labels, as the metadata of weights list them ("classes", separated by commas); none if they do not. Throws
// Error for names that cannot be classes (data::check_names).
std::vector<std::string> class_names(const std::map<std::string, std::string>& metadata);

// The images that a model with such weights takes: "dataset", "image_shape" ("32,32,3") and "classes" of their metadata. What
// the metadata leave out is taken to be CIFAR-10's, but classes without names are "0", "1", … Throws Error for a shape that is
// none, and for names that cannot be those of classes or of a data set.
data::Description images_of(const std::map<std::string, std::string>& metadata);

// The factor of the L2 penalties that a training set ("l2"), by which its loss is judged; none: the model's own. Throws Error for
// what is no such number.
std::optional<double> l2_of(const std::map<std::string, std::string>& metadata);

}  // namespace cairn::train
