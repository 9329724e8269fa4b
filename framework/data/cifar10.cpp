#include "cairn/data/cifar10.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar_records.h"
#include "cairn/data/shapes10_outlines.h"

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t cifar10_batch_records = 10'000;
constexpr int most_batches = 5;

fs::path batch_file(const fs::path& folder, int batch) { return folder / fmt::format("data_batch_{}.bin", batch); }
bool is_there(const fs::path& path) {
    std::error_code ignored;  // what cannot be looked at fails when it is read
    return fs::exists(path, ignored) || ignored;
}
fs::path test_file(const fs::path& folder) { return folder / "test_batch.bin"; }
fs::path names_file(const fs::path& folder) { return folder / "batches.meta.txt"; }

// How to come by good files: the last line of every message about bad ones.
std::string remedy(const fs::path& folder, const std::string& name) {
    const fs::path whole = fs::absolute(folder).lexically_normal();
    const std::string target = (whole.filename() == cifar10_folder_name ? whole.parent_path() : whole).string();
    if (name == "cifar-10") return fmt::format("Fetch CIFAR-10: {} data fetch cifar10 {}", program().command, target);
    if (name == "shapes10") return fmt::format("Draw it again: {} data make-shapes10 {}", program().command, target);
    return fmt::format("Write it again, or get a data set: {0} data fetch cifar10 DIR, {0} data make-shapes10 DIR",
                       program().command);
}

// Whether the name is of a batch file: data_batch_6.bin too.
bool is_batch(const std::string& name) { return name.starts_with("data_batch_") && name.ends_with(".bin"); }

// What stands there and would not be read was meant to be trained on.
void check_all_used(const fs::path& folder, const fs::path& found) {
    const auto refuse = [](const fs::path& unused, const std::string& why) {
        fail("{} would not be used: {}; move it elsewhere, or bring all images into the files that are read",
             unused.string(), why);
    };
    for (const std::string& name : found == folder ? std::vector<std::string>() : names_in(folder))
        if (is_batch(name) || name == "test_batch.bin")
            refuse(folder / name, "the images are read from " + found.string());
    for (const std::string& name : names_in(found)) {
        bool known = !is_batch(name);
        for (int batch = 1; batch <= most_batches; ++batch) known |= batch_file(found, batch).filename() == name;
        if (!known) refuse(found / name, "CIFAR-10's layout has the batches data_batch_1.bin to data_batch_5.bin");
    }
}

fs::path folder_with_batches(const fs::path& folder) {
    std::error_code ignored;  // what cannot be looked at fails when it is read, with a better message
    check(fs::exists(folder, ignored), "there is no folder {}.\n{}", folder.string(), remedy(folder, "cifar-10"));
    check(fs::is_directory(folder, ignored), "{} is a file; give the folder that holds data_batch_1.bin",
          folder.string());
    const fs::path inner = folder / cifar10_folder_name;
    const fs::path found = fs::is_directory(inner, ignored) ? inner : folder;
    check_all_used(folder, found);
    check(!fs::is_empty(found, ignored),
          "the folder {} is empty; expected data_batch_1.bin … data_batch_5.bin and test_batch.bin.\n{}",
          found.string(), remedy(found, "cifar-10"));
    return found;
}

// The names of a data set whose images are still to be read.
Dataset identify(const fs::path& folder) {
    Dataset dataset{.name = "images10",
                    .classes = read_class_names(names_file(folder), 10),
                    .image_shape = cifar10().image_shape,
                    .images = {},
                    .labels = {}};
    if (dataset.classes.empty()) {
        std::error_code missing;
        const bool complete =
            fs::file_size(test_file(folder), missing) == std::uintmax_t{cifar10_batch_records * RecordLayout{}.bytes()};
        dataset.classes = complete ? cifar10().classes : numbered_classes(10);
    }
    if (dataset.classes == cifar10().classes) dataset.name = "cifar-10";
    if (dataset.classes == shapes10_classes()) dataset.name = "shapes10";
    return dataset;
}

// Appends the records of one file. CIFAR-10 must be complete.
void append_batch(Dataset& dataset, const fs::path& path) {
    const std::string how = remedy(path.parent_path(), dataset.name);
    const std::int64_t records = append_records(dataset, path, {}, how);
    check(dataset.name != "cifar-10" || records == cifar10_batch_records,
          "{} holds {} records; CIFAR-10 has {} in each file.\n{}", path.string(), records, cifar10_batch_records, how);
}

// The records [begin, end) as the bytes of a batch file.
std::vector<std::uint8_t> to_records(const Dataset& dataset, std::int64_t begin, std::int64_t end) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(static_cast<std::size_t>((end - begin) * RecordLayout{}.bytes()));
    for (std::int64_t r = begin; r < end; ++r) {
        bytes.push_back(static_cast<std::uint8_t>(dataset.labels[static_cast<std::size_t>(r)]));
        const std::span<const std::uint8_t> image = dataset.image(r);
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t i = c; i < image.size(); i += 3) bytes.push_back(image[i]);
    }
    return bytes;
}

}  // namespace

bool is_published_cifar10(const Split& split) {
    return content_hash(split.train) == 0x92520302488640d4 && content_hash(split.test) == 0x26f0d42fdba69465;
}

Split load_cifar10(const fs::path& folder) {
    const fs::path found = folder_with_batches(folder);
    const Dataset empty = identify(found);
    Split split{empty, empty};

    int batches = most_batches;  // the last one there is, so that a gap is noticed
    if (empty.name != "cifar-10")
        while (batches > 1 && !is_there(batch_file(found, batches))) --batches;
    append_batch(split.test, test_file(found));
    if (empty.name == "cifar-10") split.train.images.reserve(most_batches * split.test.images.size());
    for (int batch = 1; batch <= batches; ++batch) append_batch(split.train, batch_file(found, batch));
    for (Dataset* part : {&split.train, &split.test}) part->index = sort_canonically(*part);
    if (empty.name == "cifar-10" && !is_published_cifar10(split))
        for (Dataset* part : {&split.train, &split.test}) {
            part->name = "images10";
            if (!fs::exists(names_file(found))) part->classes = numbered_classes(10);
        }
    return split;
}

void write_cifar10_layout(const Split& split, const fs::path& folder) {
    for (const Dataset* part : {&split.train, &split.test})
        check(part->image_shape == cifar10().image_shape && part->classes.size() == 10,
              "CIFAR-10's layout holds (32, 32, 3) images of 10 classes, not {} images of {}", part->image_shape,
              part->classes.size());
    check(split.train.size() >= most_batches && split.test.size() > 0,
          "CIFAR-10's layout needs 5 training images and 1 test image at least, not {} and {}", split.train.size(),
          split.test.size());

    make_folder(folder);
    std::string names;
    for (const std::string& name : split.train.classes) names += name + "\n";
    write_file(names_file(folder), names);
    const std::int64_t n = split.train.size();
    for (int batch = 1; batch <= most_batches; ++batch)
        write_file(batch_file(folder, batch),
                   to_records(split.train, n * (batch - 1) / most_batches, n * batch / most_batches));
    write_file(test_file(folder), to_records(split.test, 0, split.test.size()));
}

}  // namespace cairn::data
