#include "cairn/data/load.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/data/bundle.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/cifar100.h"
#include "cairn/data/idx.h"
#include "cairn/data/names.h"
#include "cairn/data/picture_folder.h"
#include "cairn/io/picture.h"

#include <algorithm>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

enum class Layout { none, bundle, cifar10, cifar100, idx, pictures };

bool is_there(const fs::path& path) {
    std::error_code ignored;  // what cannot be looked at fails when it is read, with a better message
    return fs::exists(path, ignored);
}

bool has_cifar10(const fs::path& folder) {
    return is_there(folder / cifar10_folder_name) || is_there(folder / "data_batch_1.bin") ||
           is_there(folder / "test_batch.bin");
}

// Of several data sets in one folder none is chosen silently.
Layout layout_of(const fs::path& folder) {
    std::vector<std::pair<Layout, const char*>> found;
    if (is_there(folder / bundle_name)) found.emplace_back(Layout::bundle, bundle_name);
    if (has_cifar10(folder)) found.emplace_back(Layout::cifar10, "CIFAR-10's files");
    if (is_cifar100(folder)) found.emplace_back(Layout::cifar100, "CIFAR-100's files");
    if (is_idx(folder)) found.emplace_back(Layout::idx, "MNIST's files");
    if (found.empty() && is_picture_folder(folder)) return Layout::pictures;
    check(found.size() <= 1,
          "{} holds several data sets, {} and {}; only one of them would be used: name the folder of one, or move the "
          "others elsewhere",
          folder.string(), found.empty() ? "" : found[0].second, found.size() < 2 ? "" : found[1].second);
    return found.empty() ? Layout::none : found.front().first;
}

bool is_archive(const std::string& name) {
    return std::ranges::any_of(std::initializer_list<const char*>{".tar.gz", ".tgz", ".tar", ".zip"},
                               [&](const char* ending) { return name.ends_with(ending); });
}

std::string how_to_unpack(const fs::path& archive) {
    const std::string name = archive.string();
    return name.ends_with(".zip") ? "unzip " + name + " -d DIR" : "tar -xf " + name + " -C DIR";
}

// What to do with a folder that holds something else.
std::string way_out(const fs::path& folder) {
    std::vector<std::string> names = names_in(folder);
    std::ranges::sort(names);
    const auto any = [&](const auto& is) { return std::ranges::find_if(names, is); };
    for (const char* inner : {"", "cifar-10-batches-py", "cifar-100-python"})
        for (const char* pickle : {"data_batch_1", "train"})
            if (std::error_code ignored; fs::is_regular_file(folder / inner / pickle, ignored))
                return fmt::format(
                    "{} is a pickle of Python's; cairn reads CIFAR's binary version: {} data fetch {} DIR",
                    (folder / inner / pickle).string(), program().command,
                    std::string(pickle) == "train" ? "cifar100" : "cifar10");
    if (const auto array = any([](const std::string& n) { return n.ends_with(".npy") || n.ends_with(".npz"); });
        array != names.end())
        return fmt::format(
            "{} is an array of NumPy's. Write the arrays into one file, {}: in Python, safetensors.numpy.save_file({{"
            "\"train_images\": x, \"train_labels\": y.astype(\"int32\"), \"test_images\": …, \"test_labels\": …}}, "
            "\"{}\", metadata={{\"classes\": \"cat,dog\"}}), with images (N, height, width, 1 or 3) of uint8",
            (folder / *array).string(), bundle_name, bundle_name);
    if (const auto archive = any(is_archive); archive != names.end())
        return fmt::format("{} is an archive; unpack it: {}", (folder / *archive).string(),
                           how_to_unpack(folder / *archive));
    if (any([](const std::string& n) { return io::is_picture_name(n); }) != names.end())
        return "its pictures are in no folders; put those of each class into a folder of the class's name: "
               "DIR/cat/*.jpg";
    return fmt::format("get a data set: {0} data fetch cifar10 DIR, or {0} data make-shapes10 DIR", program().command);
}

void check_folder(const fs::path& folder) {
    std::error_code ignored;
    check(fs::exists(folder, ignored), "there is no folder {}.\nTo get a data set: {} data fetch cifar10 {}",
          folder.string(), program().command, folder.string());
    check(!is_archive(folder.string()) || fs::is_directory(folder, ignored),
          "{} is an archive; unpack it and give the folder: {}", folder.string(), how_to_unpack(folder));
    check(fs::is_directory(folder, ignored), "{} is a file; give the folder that holds the data set", folder.string());
    check(!fs::is_empty(folder, ignored),
          "the folder {} is empty; expected a data set: data_batch_1.bin …, train.bin, train-images-idx3-ubyte …, or a "
          "folder of pictures for each class.\nTo get one: {} data fetch cifar10 {}",
          folder.string(), program().command, folder.string());
}

// Options are for one layout each; one that changes nothing would go unnoticed.
void check_options(Layout layout, const LoadOptions& options, const fs::path& folder) {
    check(options.labels == "fine" || layout == Layout::cifar100,
          "{} is not in CIFAR-100's layout, which alone has two kinds of labels; leave out --labels", folder.string());
    LoadOptions others = options;
    others.labels = "fine";
    others.usual_size = usual_image_size;
    check(others == LoadOptions{} || layout == Layout::pictures,
          "{} is no folder of pictures, and only those are decoded; leave out --image-size, --crop, --skip-bad and "
          "--split-seed",
          folder.string());
}

Loaded load_as(Layout layout, const fs::path& folder, const LoadOptions& options, const LoadProgress& progress) {
    switch (layout) {
        case Layout::bundle: return {read_bundle(folder / bundle_name)};
        case Layout::cifar10: return {load_cifar10(folder)};
        case Layout::cifar100: return {load_cifar100(folder, options.labels == "coarse")};
        case Layout::idx: return {load_idx(folder)};
        case Layout::pictures: return load_picture_folder(folder, options, progress);
        case Layout::none: break;
    }
    fail(
        "{} holds no data set that cairn can read (CIFAR-10's and CIFAR-100's binary files, MNIST's, pictures in a "
        "folder "
        "for each class).\n{}{}",
        folder.string(), "What to do: ", way_out(folder));
}

}  // namespace

Loaded load(const fs::path& folder, const LoadOptions& options, const LoadProgress& progress) {
    check_folder(folder);
    const Layout layout = layout_of(folder);
    if (layout != Layout::none) check_options(layout, options, folder);
    Loaded loaded = load_as(layout, folder, options, progress);
    check_classes(loaded.split.train.classes, folder.string());
    if (loaded.split.train.name != "cifar-10" && loaded.split.train.classes == cifar10().classes)
        loaded.notes.push_back(fmt::format(
            "{} has CIFAR-10's classes, but its images are not those that were published, so it is called {}",
            folder.string(), loaded.split.train.name));
    return loaded;
}

}  // namespace cairn::data
