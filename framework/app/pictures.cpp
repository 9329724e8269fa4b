#include "cairn/app/pictures.h"

#include "cairn/app/common_options.h"
#include "cairn/data/picture_list.h"
#include "cairn/io/picture.h"
#include "cairn/io/resize.h"
#include "cairn/train/run_folder.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace cairn::app {

namespace fs = std::filesystem;

namespace {

// The files that the words mean: a folder's are those in it.
std::vector<std::string> files_of(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored)) {
            files.push_back(path);
            continue;
        }
        const std::vector<fs::path> inside = data::pictures_in(path);
        check(!inside.empty(), "there are no pictures (.png, .jpg, .jpeg) in {}", path);
        for (const fs::path& file : inside) files.push_back(file.string());
    }
    return files;
}

}  // namespace

Pictures read_pictures(const std::vector<std::string>& paths, const data::Description& like,
                       const data::LoadOptions& options) {
    Pictures pictures{
        .paths = {},
        .images = {
            .name = "pictures", .classes = like.classes, .image_shape = like.image_shape, .images = {}, .labels = {}}};
    const std::int64_t height = like.image_shape[0], width = like.image_shape[1];
    const std::vector<std::string> files = files_of(paths);
    std::vector<std::string> problems;
    for (const std::string& file : files) {
        try {
            io::Image picture = io::read_picture(file);
            if (options.crop) picture = io::crop_to_aspect_ratio(picture, height, width);
            data::append_picture(pictures.images, io::resize(picture, height, width));
        } catch (const Error& error) {
            if (options.skip_bad) warn(fmt::format("left out: {}", error.what()));
            else problems.emplace_back(error.what());
            continue;
        }
        pictures.images.labels.push_back(0);
        pictures.paths.push_back(file);
    }
    check(problems.empty() || files.size() > 1, "{}", fmt::join(problems, "\n"));
    check(problems.empty(), "{} of {} pictures cannot be read:\n{}\nMend or remove them, or leave them out: --skip-bad",
          problems.size(), files.size(), fmt::join(problems, "\n"));
    check(!pictures.paths.empty(), "none of the pictures can be read");
    return pictures;
}

bool is_model_name(const Registry& registry, const std::string& word) {
    const std::vector<std::string> names = registry.names();
    if (std::ranges::find(names, word) != names.end() || train::holds_results(word)) return true;
    if (!fs::exists(word) && word.find_first_of("./") == std::string::npos) registry.model(word);
    return false;
}

}  // namespace cairn::app
