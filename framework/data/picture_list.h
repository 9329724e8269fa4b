// The files of a folder of pictures (data/picture_folder.h), before any of them is decoded.
#pragma once

#include "cairn/data/load_options.h"

#include <filesystem>

namespace cairn::data {

struct PictureList {
    struct File {
        std::filesystem::path path;
        std::int32_t label = 0;
        bool test = false;
    };
    std::filesystem::path folder;
    std::vector<std::string> classes;
    std::vector<File> files;  // sorted by name, train/ before test/
    bool split = false;       // the folder itself says which are to test on

    // Depends on the name (in the folder), the size and the time of every file.
    std::uint64_t hash() const;
};

// The files in a folder, and in those inside it, that should be pictures by their names; sorted, without hidden ones.
std::vector<std::filesystem::path> pictures_in(const std::filesystem::path& folder);

// Whether the folder has folders with pictures.
bool has_pictures_by_class(const std::filesystem::path& folder);

// Throws Error for a class without pictures, a class in test/ that train/ does not have, and names that cannot be classes.
PictureList list_pictures(const std::filesystem::path& folder);

// Marks test_share of each class as test images. Which ones, the seed and their places in the list decide. Throws Error for a
// class with a single picture.
void draw_test_images(PictureList& list, std::uint64_t seed);

}  // namespace cairn::data
