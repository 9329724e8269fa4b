#include "cairn/data/picture_folder.h"

#include "cairn/core/cache_folder.h"
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/parallel.h"
#include "cairn/data/bundle.h"
#include "cairn/data/canonical.h"
#include "cairn/data/names.h"
#include "cairn/data/picture_list.h"
#include "cairn/io/picture.h"
#include "cairn/io/resize.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <sstream>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_named = 5;  // bad pictures in a message
constexpr const char* key_name = "key";
constexpr const char* notes_name = "notes";

io::Image fitted(io::Image picture, const ImageSize& size, bool crop) {
    if (crop) picture = io::crop_to_aspect_ratio(picture, size.height, size.width);
    return io::resize(picture, size.height, size.width);
}

// The pictures, in colour, one after another.
struct Decoded {
    std::vector<std::uint8_t> pixels;
    std::vector<std::string> problems;  // of each; empty: none
};

Decoded decode(const PictureList& list, const ImageSize& size, const LoadOptions& options,
               const LoadProgress& progress) {
    const auto count = static_cast<std::int64_t>(list.files.size());
    const double all_bytes =
        3.0 * static_cast<double>(size.height) * static_cast<double>(size.width) * static_cast<double>(count);
    check(std::max(size.height, size.width) <= io::max_image_side && all_bytes <= most_image_bytes,
          "{} images of {} x {} pixels would take {:.3g} GB; at most {} pixels on a side and {:.3g} GB together are "
          "read: choose a "
          "smaller --image-size",
          count, size.height, size.width, 1e-9 * all_bytes, io::max_image_side, 1e-9 * most_image_bytes);
    const std::int64_t bytes = 3 * size.height * size.width;
    Decoded decoded{std::vector<std::uint8_t>(static_cast<std::size_t>(count * bytes)),
                    std::vector<std::string>(list.files.size())};
    std::mutex telling;
    std::int64_t done = 0;
    parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
            const auto at = static_cast<std::size_t>(i);
            try {
                const io::Image image = fitted(io::read_picture(list.files[at].path), size, options.crop);
                std::ranges::copy(image.pixels, decoded.pixels.begin() + i * bytes);
            } catch (const Error& error) {
                decoded.problems[at] = error.what();
            }
            const std::lock_guard guard(telling);
            ++done;
            if (progress) progress(done, count);
        }
    });
    return decoded;
}

// Leaves out the pictures that could not be read, and says so; or refuses them.
std::vector<std::string> drop_bad(PictureList& list, Decoded& decoded, std::int64_t bytes, bool skip) {
    std::vector<std::string> problems;
    for (const std::string& problem : decoded.problems)
        if (!problem.empty()) problems.push_back(problem);
    if (problems.empty()) return {};
    const std::size_t named = std::min(problems.size(), most_named);
    check(skip, "{} of {} pictures cannot be read:\n{}{}\nMend or remove them, or leave them out: --skip-bad",
          problems.size(), list.files.size(), fmt::join(std::span(problems).first(named), "\n"),
          named < problems.size() ? fmt::format("\n… and {} more", problems.size() - named) : "");
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.files.size(); ++i) {
        if (!decoded.problems[i].empty()) continue;
        if (kept != i) {
            list.files[kept] = list.files[i];
            std::copy_n(decoded.pixels.begin() + static_cast<std::int64_t>(i) * bytes, bytes,
                        decoded.pixels.begin() + static_cast<std::int64_t>(kept) * bytes);
        }
        ++kept;
    }
    list.files.resize(kept);
    decoded.pixels.resize(kept * static_cast<std::size_t>(bytes));
    for (std::string& problem : problems) problem = "left out: " + problem;
    return problems;
}

bool all_grey(const std::vector<std::uint8_t>& pixels) {
    for (std::size_t i = 0; i < pixels.size(); i += 3)
        if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) return false;
    return true;
}

Split split_of(const PictureList& list, const Decoded& decoded, const ImageSize& size, const std::string& name) {
    const std::int64_t bytes = 3 * size.height * size.width, channels = all_grey(decoded.pixels) ? 1 : 3;
    Split split;
    for (Dataset* part : {&split.train, &split.test}) {
        part->name = name;
        part->classes = list.classes;
        part->image_shape = {size.height, size.width, channels};
    }
    for (std::size_t i = 0; i < list.files.size(); ++i) {
        Dataset& part = list.files[i].test ? split.test : split.train;
        const auto from = decoded.pixels.begin() + static_cast<std::int64_t>(i) * bytes;
        for (std::int64_t at = 0; at < bytes; at += 3)
            part.images.insert(part.images.end(), from + at, from + at + channels);
        part.labels.push_back(list.files[i].label);
    }
    for (Dataset* part : {&split.train, &split.test}) {
        check(part->size() >= 1, "{} has no {} images that can be read", name,
              part == &split.train ? "training" : "test");
        part->index = sort_canonically(*part);
    }
    return split;
}

// What the decoded pictures depend on.
std::string cache_key(const PictureList& list, const ImageSize& size, const LoadOptions& options) {
    return fmt::format("1 {:016x} {} {} {:d} {:d} {}", list.hash(), size.height, size.width, options.crop,
                       options.skip_bad, options.split_seed);
}

// Where they are kept; empty without a cache folder. One file for each folder, size and way to read it, so that a changed folder
// replaces what it left.
fs::path cache_file(const fs::path& folder, const ImageSize& size, const LoadOptions& options) {
    if (cache_folder().empty()) return {};
    const std::string settings =
        fmt::format("{} {} {} {:d} {:d} {}", fs::absolute(folder).lexically_normal().string(), size.height, size.width,
                    options.crop, options.skip_bad, options.split_seed);
    const std::uint64_t hash =
        record_hash({reinterpret_cast<const std::uint8_t*>(settings.data()), settings.size()}, 0);
    return cache_folder() / "pictures" / fmt::format("{}-{:016x}.safetensors", name_of_folder(folder), hash);
}

// What is kept under this key; nothing if it is not there, is of other pictures, or is damaged.
std::optional<Loaded> find_kept(const fs::path& file, const std::string& key) {
    std::error_code ignored;
    if (file.empty() || !fs::exists(file, ignored)) return std::nullopt;
    try {
        Metadata metadata;
        Loaded loaded{read_bundle(file, &metadata)};
        if (metadata[key_name] != key) return std::nullopt;
        std::istringstream notes(metadata[notes_name]);
        for (std::string note; std::getline(notes, note);) loaded.notes.push_back(note);
        return loaded;
    } catch (const Error&) {
        return std::nullopt;
    }
}

// Keeps it, if that is possible: without, the pictures are decoded again the next time.
void keep(const Loaded& loaded, const fs::path& file, const std::string& key) {
    if (file.empty()) return;
    try {
        make_folder(file.parent_path());
        write_bundle(loaded.split, file,
                     {{key_name, key}, {notes_name, fmt::format("{}", fmt::join(loaded.notes, "\n"))}});
    } catch (const Error&) {}
}

}  // namespace

bool is_picture_folder(const fs::path& folder) { return has_pictures_by_class(folder); }

Loaded load_picture_folder(const fs::path& folder, const LoadOptions& options, const LoadProgress& progress) {
    PictureList list = list_pictures(folder);
    const ImageSize size = options.image_size == ImageSize{} ? options.usual_size : options.image_size;
    const std::string key = cache_key(list, size, options);
    const fs::path file = cache_file(folder, size, options);
    if (std::optional<Loaded> kept = find_kept(file, key)) return std::move(*kept);

    Decoded decoded = decode(list, size, options, progress);
    std::vector<std::string> notes = drop_bad(list, decoded, 3 * size.height * size.width, options.skip_bad);
    if (!list.split) draw_test_images(list, options.split_seed);
    Loaded loaded{split_of(list, decoded, size, name_of_folder(folder)), std::move(notes)};
    keep(loaded, file, key);
    return loaded;
}

}  // namespace cairn::data
