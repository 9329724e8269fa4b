// The names of data sets and of their classes.
#pragma once

#include "cairn/core/shape.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::data {

// Beyond this the two confusion matrices of metrics.json hold more counts than are read back (io::JsonLimits).
inline constexpr std::size_t most_classes = 2048;

// What a data set that has no name is called: as its folder, with - for what is not a letter, a digit, a dot, - or _; and never
// as a data set that cairn knows, whose numbers it would be compared with ("cifar-10" becomes "my-cifar-10").
std::string name_of_folder(const std::filesystem::path& folder);

// Throws Error unless the name that a data set gives itself could be one of name_of_folder's: results get it, folders too.
void check_data_name(const std::string& name, const std::string& where);

// Throws Error unless each class has its own name: UTF-8 of at most 200 bytes, without commas, since names are listed with commas
// between them, and without what a terminal would obey instead of show. `where` is what the message calls their place.
void check_names(const std::vector<std::string>& classes, const std::string& where);

// The same, and there must be 2 to most_classes classes.
void check_classes(const std::vector<std::string>& classes, const std::string& where);

// "grey pictures of 28 x 28 pixels", for an image of this shape.
std::string kind_of_images(const Shape& image_shape);

}  // namespace cairn::data
