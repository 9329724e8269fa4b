#include "cairn/data/bundle.h"

#include "cairn/backend/devices.h"
#include "cairn/core/program.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/names.h"
#include "cairn/io/safetensors.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

std::string remedy() { return fmt::format("Write it again: {} data import", program().command); }

Tensor tensor_of(const Shape& shape, DType dtype, const void* elements) {
    const Tensor tensor = empty(shape, dtype, Device::cpu());
    tensor.upload(elements);
    return tensor;
}

class Reader {
public:
    Reader(const fs::path& file, const io::Safetensors& content) : file_(file), content_(content) {}

    // The tensor of this name, type and rank; undefined if it is missing and may be.
    Tensor get(const std::string& name, DType dtype, int rank, bool optional = false) const {
        const auto found = std::ranges::find(content_.tensors, name, &std::pair<std::string, Tensor>::first);
        if (optional && found == content_.tensors.end()) return {};
        check(found != content_.tensors.end(), "{} has no tensor '{}'.\n{}", file_.string(), name, remedy());
        const Tensor& tensor = found->second;
        check(tensor.dtype() == dtype && tensor.rank() == rank, "{}: '{}' is {} {}; expected {} with {} axes.\n{}",
              file_.string(), name, name_of(tensor.dtype()), tensor.shape(), name_of(dtype), rank, remedy());
        return tensor;
    }

    Dataset part(const std::string& which, const Description& about) const {
        const Tensor images = get(which + "_images", DType::uint8, 4), labels = get(which + "_labels", DType::int32, 1),
                     index = get(which + "_index", DType::int32, 1, true);
        const Shape shape = images.shape().drop_first();
        check(
            labels.size() == images.dim(0) && (!index.defined() || index.size() == images.dim(0)) && images.dim(0) >= 1,
            "{}: there are {} {} images and {} labels; expected as many of both, and one at least.\n{}", file_.string(),
            images.dim(0), which, labels.size(), remedy());
        check(shape[0] >= 1 && shape[1] >= 1 && (shape[2] == 1 || shape[2] == 3),
              "{}: the {} images are {}; expected (height, width, 1 or 3).\n{}", file_.string(), which, shape,
              remedy());
        Dataset part{.name = about.name, .classes = about.classes, .image_shape = shape, .images = {}, .labels = {}};
        part.images.resize(images.bytes());
        images.download(part.images.data());
        part.labels = labels.to_vector<std::int32_t>();
        for (std::size_t i = 0; i < part.labels.size(); ++i)
            check(part.labels[i] >= 0 && part.labels[i] < about.class_count(),
                  "{}: {} image {} has the label {}; there are {} classes, 0 to {}.\n{}", file_.string(), which, i,
                  part.labels[i], about.class_count(), about.class_count() - 1, remedy());
        const std::vector<std::int32_t> stood =
            index.defined() ? index.to_vector<std::int32_t>() : std::vector<std::int32_t>();
        part.index = sort_canonically(part);
        if (index.defined())
            for (std::int32_t& i : part.index) i = stood[static_cast<std::size_t>(i)];
        return part;
    }

private:
    const fs::path& file_;
    const io::Safetensors& content_;
};

// What stands there and would not be read was meant to be: val_images, or test_image.
void check_all_used(const fs::path& file, const io::Safetensors& content) {
    static const std::set<std::string> known = {"train_images", "train_labels", "train_index",
                                                "test_images",  "test_labels",  "test_index"};
    for (const auto& [name, tensor] : content.tensors)
        check(
            known.contains(name),
            "{} has a tensor '{}', which would not be used; expected {}.\nLeave it out, or give it one of these names",
            file.string(), name, fmt::join(known, ", "));
}

}  // namespace

void write_bundle(const Split& split, const fs::path& file, const Metadata& more) {
    Metadata metadata = more;
    metadata["name"] = split.train.name;
    metadata["classes"] = fmt::format("{}", fmt::join(split.train.classes, ","));
    io::NamedTensors tensors;
    for (const auto& [which, part] : {std::pair("train", &split.train), std::pair("test", &split.test)}) {
        const std::string name = which;
        tensors.emplace_back(name + "_images",
                             tensor_of(part->image_shape.prepend(part->size()), DType::uint8, part->images.data()));
        tensors.emplace_back(name + "_labels", tensor_of({part->size()}, DType::int32, part->labels.data()));
        if (!part->index.empty())
            tensors.emplace_back(name + "_index", tensor_of({part->size()}, DType::int32, part->index.data()));
    }
    io::write_safetensors(file, tensors, metadata);
}

Split read_bundle(const fs::path& file, Metadata* metadata) {
    const io::Safetensors content = io::read_safetensors(file, backend(Device::cpu()).allocator());
    Description about{.name = name_of_folder(fs::absolute(file).parent_path()), .image_shape = {}, .classes = {}};
    if (const auto name = content.metadata.find("name"); name != content.metadata.end()) about.name = name->second;
    const auto classes = content.metadata.find("classes");
    check(classes != content.metadata.end(), "{} does not name its classes: its metadata have no \"classes\".\n{}",
          file.string(), remedy());
    check_data_name(about.name, file.string());
    check_all_used(file, content);
    std::istringstream names(classes->second);
    for (std::string name; std::getline(names, name, ',');) about.classes.push_back(name);
    check_classes(about.classes, file.string());
    const Reader reader(file, content);
    Split split{reader.part("train", about), reader.part("test", about)};
    check(split.train.image_shape == split.test.image_shape,
          "{}: the training images are {} and the test images {}; they must be of one size.\n{}", file.string(),
          split.train.image_shape, split.test.image_shape, remedy());
    if (about.name == "cifar-10" && !is_published_cifar10(split))  // anybody can write that name
        for (Dataset* part : {&split.train, &split.test}) part->name = name_of_folder(fs::absolute(file).parent_path());
    if (metadata != nullptr) *metadata = content.metadata;
    return split;
}

}  // namespace cairn::data
