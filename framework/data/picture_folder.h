// A folder of pictures by class, PNG and JPEG of any size, grey or in colour:
//
//   DIR/cat/*.jpg, DIR/dog/*.png, …                      a fifth of each class, drawn by a seed, is kept to test on
//   DIR/train/cat/*.jpg, …, DIR/test/cat/*.jpg, …        as it is (test/ may be called val/ or validation/)
//
// The classes are the folders' names in the order of their bytes. Folders inside a class's folder belong to it; what is hidden, and
// files of other endings, are passed over.
#pragma once

#include "cairn/data/load_options.h"

#include <filesystem>

namespace cairn::data {

// The share of each class's pictures that become test images, where there is no test/; at least one picture.
inline constexpr double test_share = 0.2;

// Images together take no more than this: more is more than most machines' memory.
inline constexpr double most_image_bytes = 16e9;

// Whether the folder has folders of pictures.
bool is_picture_folder(const std::filesystem::path& folder);

// Loads it. Every picture is decoded, cut if asked for, and resized to the images' size; if all are grey, so are the images, with
// one channel. Pictures are decoded in parallel, and once: the result is kept in cairn's cache folder, where it is found as long
// as no file's name, size or time has changed. Records are in canonical order; their index is the place of the file among all of
// its part, sorted by name. Throws Error that names the file and the remedy: a picture that cannot be read (unless `skip_bad`), a
// class without pictures, a class in test/ that train/ does not have, or images that would not fit into the memory.
Loaded load_picture_folder(const std::filesystem::path& folder, const LoadOptions& options,
                           const LoadProgress& progress);

}  // namespace cairn::data
