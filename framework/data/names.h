// The names of data sets and of their classes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::data {

// Beyond this a confusion matrix takes more than 130 MB.
inline constexpr std::size_t most_classes = 4096;

// What a data set that has no name is called: as its folder, with - for what is not a letter, a digit, a dot, - or _; and never
// as a data set that cairn knows, whose numbers it would be compared with ("cifar-10" becomes "my-cifar-10").
std::string name_of_folder(const std::filesystem::path& folder);

// Throws Error unless there are 2 to most_classes classes, each with its own name, which has no comma and no line break: names are
// listed with commas between them. `where` is what the message calls the data set.
void check_classes(const std::vector<std::string>& classes, const std::string& where);

}  // namespace cairn::data
