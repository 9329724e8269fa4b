#include "cairn/data/idx.h"

#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar_records.h"
#include "cairn/data/names.h"
#include "cairn/io/gzip.h"
#include "cairn/io/limited_file.h"

#include <algorithm>
#include <cstring>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

std::string remedy() {
    return fmt::format("Fetch it again: {0} data fetch mnist DIR, {0} data fetch fashion-mnist DIR", program().command);
}

// The file of this name, in the spelling that is there ("-idx3-ubyte" or ".idx3-ubyte", with .gz or without); empty if there is
// none.
fs::path spelled(const fs::path& folder, std::string name) {
    for (const bool dot : {false, true}) {
        if (dot) name[name.find("-idx")] = '.';
        for (const char* ending : {"", ".gz"}) {
            std::error_code ignored;
            if (fs::path path = folder / (name + ending); fs::is_regular_file(path, ignored)) return path;
        }
    }
    return {};
}

constexpr const char* names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
                                 "t10k-labels-idx1-ubyte"};

bool has_files(const fs::path& folder) {
    return std::ranges::any_of(names, [&](const char* name) { return !spelled(folder, name).empty(); });
}

// The folder of the files: this one, or one inside it.
fs::path with_files(const fs::path& folder) {
    for (const char* inner : {"", "raw", "MNIST/raw", "FashionMNIST/raw", "mnist", "fashion-mnist"})
        if (has_files(folder / inner)) return folder / inner;
    return folder;
}

// Of a file as it stands on the disk, and of what a packed one may become: a thousandth of that can announce it.
constexpr std::uint64_t most_file_bytes = 16'000'000'000;
constexpr std::int64_t most_unpacked_bytes = 256'000'000;

// One of the files, not yet unpacked.
struct IdxFile {
    fs::path path;
    std::vector<std::uint8_t> bytes;

    bool packed() const { return path.extension() == ".gz"; }
    // The first `most` bytes, or fewer if it holds fewer.
    std::vector<std::uint8_t> first(std::size_t most) const {
        if (packed()) return io::gunzip(bytes, most, path.string());
        return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(most, bytes.size()))};
    }
};

IdxFile open(const fs::path& folder, const char* name) {
    const fs::path path = spelled(folder, name);
    check(!path.empty(), "{} is missing, with and without .gz.\n{}", (folder / name).string(), remedy());
    return {path, io::read_limited_file(path, most_file_bytes)};
}

// The elements of a file whose magic number announces `axes` axes of bytes; `sizes` are set to their sizes. Nothing that the file
// announces is believed before its own size agrees.
std::vector<std::uint8_t> elements(const IdxFile& file, std::size_t axes, std::vector<std::int64_t>& sizes) {
    const std::string name = file.path.string();
    const std::size_t header_bytes = 4 + 4 * axes;
    const std::vector<std::uint8_t> header = file.first(header_bytes);
    check(header.size() == header_bytes, "{} holds {} bytes, too few for its header of {}.\n{}", name, header.size(),
          header_bytes, remedy());
    const auto number = [&](std::size_t at) {
        return std::int64_t{header[at]} << 24 | std::int64_t{header[at + 1]} << 16 | std::int64_t{header[at + 2]} << 8 |
               std::int64_t{header[at + 3]};
    };
    const auto magic = static_cast<std::int64_t>(0x0800 + axes);
    check(number(0) == magic, "{} begins with the magic number {:#010x}; expected {:#010x}, {} of bytes.\n{}", name,
          number(0), magic, axes == 3 ? "images" : "labels", remedy());
    std::int64_t expected = 1;
    bool fits = true;
    for (std::size_t axis = 0; axis < axes; ++axis) {
        sizes.push_back(number(4 + 4 * axis));
        if (axis > 0)
            check(sizes.back() >= 1 && sizes.back() <= io::max_image_side,
                  "{} announces images of {} pixels on a side; 1 to {} are read.\n{}", name, sizes.back(),
                  io::max_image_side, remedy());
        fits = fits && !__builtin_mul_overflow(expected, sizes.back(), &expected);
    }
    // Deflate makes at most 1032 bytes of one, so a short file cannot hold what would fill the memory.
    const std::int64_t most = static_cast<std::int64_t>(file.bytes.size()) * (file.packed() ? 1032 : 1);
    check(fits && sizes[0] >= 1 && expected <= most,
          "{} announces ({}) elements, but {} bytes cannot hold them: the file is truncated or damaged.\n{}", name,
          fmt::join(sizes, ", "), file.bytes.size(), remedy());
    check(!file.packed() || expected <= most_unpacked_bytes,
          "{} announces ({}) elements; of a packed file at most {} bytes are read: unpack it with gunzip", name,
          fmt::join(sizes, ", "), most_unpacked_bytes);
    const std::size_t whole = header_bytes + static_cast<std::size_t>(expected);
    std::vector<std::uint8_t> all = file.first(whole + 1);
    check(all.size() == whole && (file.packed() || file.bytes.size() == whole),
          "{} announces ({}) elements, so it should hold {} bytes{}, but it holds {}.\n{}", name,
          fmt::join(sizes, ", "), whole, file.packed() ? " when it is unpacked" : "",
          all.size() > whole ? "more" : std::to_string(all.size()), remedy());
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(header_bytes));
    return all;
}

Dataset read_part(const fs::path& folder, const char* images_name, const char* labels_name) {
    const IdxFile images = open(folder, images_name), labels = open(folder, labels_name);
    std::vector<std::int64_t> image_sizes, label_sizes;
    Dataset part;
    part.images = elements(images, 3, image_sizes);
    const std::vector<std::uint8_t> values = elements(labels, 1, label_sizes);
    check(image_sizes[0] == label_sizes[0], "{} holds {} images, but {} holds {} labels.\n{}", images.path.string(),
          image_sizes[0], labels.path.string(), label_sizes[0], remedy());
    part.labels.assign(values.begin(), values.end());
    part.image_shape = {image_sizes[1], image_sizes[2], 1};
    return part;
}

struct Known {
    const char* name;
    std::array<std::int32_t, 10> first_labels;  // of the training images
    std::vector<std::string> classes;
};

// The name and the classes, once the labels are known. (Other data sets of the same size have equally many images of each class
// too, so it is the order of the labels that tells.)
void identify(Split& split, const fs::path& folder) {
    static const Known known[] = {
        {"mnist", {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, numbered_classes(10)},
        {"fashion-mnist",
         {9, 0, 0, 3, 0, 2, 7, 2, 5, 5},
         {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}}};
    std::int32_t largest = 0;
    for (const Dataset* part : {&split.train, &split.test}) largest = std::max(largest, std::ranges::max(part->labels));
    check(largest >= 1, "all labels in {} are 0; a data set has at least two classes", folder.string());
    std::string name = name_of_folder(folder);
    std::vector<std::string> classes = numbered_classes(largest + 1);
    for (const Known& set : known)
        if (split.train.size() == 60'000 && split.test.size() == 10'000 && largest == 9 &&
            std::ranges::equal(set.first_labels, std::span(split.train.labels).first(10))) {
            name = set.name;
            classes = set.classes;
        }
    for (Dataset* part : {&split.train, &split.test}) {
        part->name = name;
        part->classes = classes;
    }
}

}  // namespace

bool is_idx(const fs::path& folder) { return has_files(with_files(folder)); }

Split load_idx(const fs::path& folder) {
    const fs::path found = with_files(folder);
    Split split{read_part(found, names[0], names[1]), read_part(found, names[2], names[3])};
    check(split.train.image_shape == split.test.image_shape,
          "the training images in {} are {} and the test images {}; they must be of one size", found.string(),
          split.train.image_shape, split.test.image_shape);
    identify(split, folder);
    for (Dataset* part : {&split.train, &split.test}) part->index = sort_canonically(*part);
    return split;
}

}  // namespace cairn::data
