#include "cairn/data/picture_list.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/random.h"
#include "cairn/data/canonical.h"
#include "cairn/data/names.h"
#include "cairn/data/picture_folder.h"
#include "cairn/io/picture.h"

#include <algorithm>
#include <cmath>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t split_ordinal = 2;  // of Purpose::dataset; shapes10's two parts have 0 and 1

bool is_hidden(const std::string& name) { return name.starts_with(".") || name == "__MACOSX"; }

}  // namespace

std::vector<fs::path> pictures_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code error, ignored;  // a link to nowhere is no file
    fs::recursive_directory_iterator at(folder, error), end;
    for (; !error && at != end; at.increment(error)) {
        const bool hidden = is_hidden(at->path().filename().string());
        if (hidden && at->is_directory(ignored)) at.disable_recursion_pending();
        if (!hidden && at->is_regular_file(ignored) && io::is_picture_name(at->path())) paths.push_back(at->path());
    }
    check(!error, "cannot read the folder {}: {}", folder.string(), error.message());
    std::ranges::sort(paths, {}, [](const fs::path& path) { return path.string(); });
    return paths;
}

namespace {

// The folders in a folder, sorted by name.
std::vector<std::string> folders_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return names;
    for (const std::string& name : names_in(folder))
        if (!is_hidden(name) && fs::is_directory(folder / name, ignored)) names.push_back(name);
    std::ranges::sort(names);
    return names;
}

constexpr const char* test_names[] = {"test", "val", "validation"};

// The folder inside this one that holds the test images; empty if there is none.
fs::path test_folder(const fs::path& folder) {
    for (const char* name : test_names)
        if (!folders_in(folder / name).empty()) return folder / name;
    return {};
}

// Pictures that belong to no class, or to a part that is not read, were meant to be used. `parts` are the folders that are
// read: one with a folder for each class, or train/ and the folder of the test images.
void check_all_used(const fs::path& folder, const std::vector<fs::path>& parts) {
    std::error_code ignored;
    for (const fs::path& part : parts)
        for (const std::string& name : names_in(part))
            check(is_hidden(name) || !io::is_picture_name(name) || !fs::is_regular_file(part / name, ignored),
                  "{} would not be used, since it stands in no class's folder; put it into one, or move it elsewhere",
                  (part / name).string());
    if (parts.front() == folder) return;
    for (const std::string& name : folders_in(folder))
        check(std::ranges::find(parts, folder / name) != parts.end() || pictures_in(folder / name).empty(),
              "the pictures in {} would not be used beside those in {}; move them into these, or elsewhere",
              (folder / name).string(),
              parts.size() < 2 ? parts.front().string() : parts[0].string() + " and " + parts[1].string());
}

bool has_train_folder(const fs::path& folder) {
    for (const std::string& name : folders_in(folder / "train"))
        if (!pictures_in(folder / "train" / name).empty()) return true;
    return false;
}

void add_part(PictureList& list, const fs::path& folder, bool test) {
    for (const std::string& name : folders_in(folder)) {
        const auto known = std::ranges::find(list.classes, name);
        check(known != list.classes.end(), "{} has a class '{}' that the training images do not have; there are {}",
              folder.string(), name, fmt::join(list.classes, ", "));
        const std::vector<fs::path> pictures = pictures_in(folder / name);
        check(!pictures.empty(),
              "there are no pictures (.png, .jpg, .jpeg) in {}; put some there, or remove the folder",
              (folder / name).string());
        for (const fs::path& path : pictures)
            list.files.push_back({path, static_cast<std::int32_t>(known - list.classes.begin()), test});
    }
}

}  // namespace

std::uint64_t PictureList::hash() const {
    std::string text;
    for (const File& file : files) {
        std::error_code error;
        const auto time = fs::last_write_time(file.path, error);
        check(!error, "cannot read {}: {}", file.path.string(), error.message());
        text += fmt::format("{}\t{}\t{}\n", file.path.lexically_relative(folder).string(), size_of_file(file.path),
                            time.time_since_epoch().count());
    }
    return record_hash({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0);
}

bool has_pictures_by_class(const fs::path& folder) {
    if (has_train_folder(folder)) return true;
    return std::ranges::any_of(folders_in(folder),
                               [&](const std::string& name) { return !pictures_in(folder / name).empty(); });
}

PictureList list_pictures(const fs::path& folder) {
    const bool train = has_train_folder(folder);
    const fs::path first = train ? folder / "train" : folder, second = train ? test_folder(folder) : fs::path();
    PictureList list{.folder = folder, .classes = folders_in(first), .files = {}, .split = !second.empty()};
    check_classes(list.classes, first.string());
    add_part(list, first, false);
    if (list.split) add_part(list, second, true);
    check_all_used(folder, list.split ? std::vector{first, second} : std::vector{first});
    return list;
}

void draw_test_images(PictureList& list, std::uint64_t seed) {
    for (std::size_t label = 0; label < list.classes.size(); ++label) {
        std::vector<PictureList::File*> of_class;
        for (PictureList::File& file : list.files)
            if (file.label == static_cast<std::int32_t>(label)) of_class.push_back(&file);
        check(of_class.size() >= 2,
              "the class '{}' has {} picture that can be read; it takes 2 at least, one of them to test on",
              list.classes[label], of_class.size());
        const auto tests = std::max<std::int64_t>(1, std::lround(test_share * static_cast<double>(of_class.size())));
        RandomStream random({seed, stream_of(Purpose::dataset, split_ordinal), static_cast<std::uint32_t>(label)});
        const std::vector<std::uint32_t> order = random.permutation(static_cast<std::uint32_t>(of_class.size()));
        for (const std::uint32_t i : std::span(order).first(static_cast<std::size_t>(tests))) of_class[i]->test = true;
    }
}

}  // namespace cairn::data
