#include "cairn/train/weights.h"

#include "cairn/backend/devices.h"
#include "cairn/core/program.h"
#include "cairn/data/names.h"
#include "cairn/io/image.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

namespace cairn::train {

void save_weights(const nn::Model& model, const std::filesystem::path& path,
                  const std::map<std::string, std::string>& metadata) {
    io::NamedTensors tensors;
    for (const auto& [name, parameter] : model.parameters()) tensors.emplace_back(name, parameter->value.detach());
    io::write_safetensors(path, tensors, metadata);
}

namespace {

// What a file says of a parameter's value: of its shape, and of numbers.
void check_entry(const io::SafetensorsEntry& entry, const nn::Model::NamedParameter& named, const std::string& file,
                 const std::string& needed_by) {
    check(entry.shape == named.parameter->shape,
          "{}: '{}' has shape {}, but {} needs {}; it holds the weights of another model", file, named.name,
          entry.shape, needed_by, named.parameter->shape);
    check(entry.dtype == DType::float32 || entry.dtype == DType::float64,
          "{}: '{}' is {}; weights are float32 or float64", file, named.name, name_of(entry.dtype));
}

template <typename T>
void check_finite(const Tensor& tensor, const std::string& name, const std::string& file) {
    const std::vector<T> values = tensor.to_vector<T>();
    const auto bad = [](T value) { return !std::isfinite(value); };
    const auto first = std::ranges::find_if(values, bad);
    if (first == values.end()) return;
    std::vector<std::int64_t> at(static_cast<std::size_t>(tensor.rank()));
    std::int64_t rest = first - values.begin();
    for (int axis = tensor.rank() - 1; axis >= 0; --axis) {
        at[static_cast<std::size_t>(axis)] = rest % tensor.dim(axis);
        rest /= tensor.dim(axis);
    }
    fail(
        "{}: '{}' holds {} of {} numbers that are not finite; the first is {} at [{}]. A model computes nothing of use "
        "with them: take other weights, or insist by --allow-nonfinite",
        file, name, std::ranges::count_if(values, bad), values.size(), *first, fmt::join(at, ", "));
}

void load(const nn::Model& model, const io::NamedTensors& tensors, const std::string& file, bool allow_nonfinite) {
    const std::map<std::string, Tensor> values(tensors.begin(), tensors.end());
    for (const auto& [name, tensor] : values) {
        if (allow_nonfinite) break;
        if (tensor.dtype() == DType::float32) check_finite<float>(tensor, name, file);
        if (tensor.dtype() == DType::float64) check_finite<double>(tensor, name, file);
    }
    for (const auto& [name, parameter] : model.parameters()) {
        const auto found = values.find(name);
        if (found == values.end()) continue;
        const Tensor converted = to_dtype(found->second, parameter->value.dtype());
        std::vector<std::byte> bytes(converted.bytes());
        converted.download(bytes.data());
        parameter->value.upload(bytes.data());
    }
}

using Entries = std::map<std::string, io::SafetensorsEntry>;

Entries entries_of(const io::SafetensorsHeader& header) {
    Entries entries;
    for (const io::SafetensorsEntry& entry : header.tensors) entries[entry.name] = entry;
    return entries;
}

}  // namespace

void check_weights(const nn::Model& model, const std::string& model_name, const std::filesystem::path& path,
                   const io::SafetensorsHeader& header) {
    const auto written_for = header.metadata.find("model");
    check(written_for == header.metadata.end() || written_for->second == model_name,
          "{} holds the weights of {}, not of {}; name that model, or train this one: {} train {}", path.string(),
          written_for == header.metadata.end() ? "" : written_for->second, model_name, program().command, model_name);
    Entries found = entries_of(header);
    for (const nn::Model::NamedParameter& named : model.parameters()) {
        check(found.contains(named.name),
              "{} has no tensor '{}', which {} needs; it holds the weights of another model", path.string(), named.name,
              model_name);
        check_entry(found.extract(named.name).mapped(), named, path.string(), model_name);
    }
    check(found.empty(), "{} has a tensor '{}', which {} does not know; it holds the weights of another model",
          path.string(), found.empty() ? "" : found.begin()->first, model_name);
}

std::map<std::string, std::string> load_weights(nn::Model& model, const std::string& model_name,
                                                const std::filesystem::path& path, bool allow_nonfinite) {
    // Everything is compared before anything is loaded: a file that does not fit leaves the model as it was.
    const io::SafetensorsHeader header = io::read_safetensors_header(path);
    check_weights(model, model_name, path, header);
    load(model, io::read_safetensors(path, backend(Device::cpu()).allocator()).tensors, path.string(), allow_nonfinite);
    return header.metadata;
}

namespace {

// ", which is made for grey pictures of 28 x 28 pixels, while …," where weights with these metadata take other images.
std::string other_images(const io::Metadata& metadata, const Shape& input) {
    if (!metadata.contains("image_shape") || input.rank() != 3) return "";
    const Shape learned = images_of(metadata).image_shape;
    if (learned == input) return "";
    return fmt::format(", made for {} while these weights are for {},", data::kind_of_images(input),
                       data::kind_of_images(learned));
}

}  // namespace

std::filesystem::path weights_file(const std::filesystem::path& file_or_run) {
    std::error_code ignored;  // what cannot be looked at fails when it is read, with a better message
    return std::filesystem::is_directory(file_or_run, ignored) ? file_or_run / "model.safetensors" : file_or_run;
}

std::vector<std::string> start_from_weights(nn::Model& model, const std::filesystem::path& file_or_run) {
    const std::filesystem::path path = weights_file(file_or_run);
    const auto layer_of = [](const std::string& name) { return name.substr(0, name.find('/')); };
    const std::string last = model.parameters().empty() ? "" : layer_of(model.parameters().back().name);
    const io::SafetensorsHeader header = io::read_safetensors_header(path);
    const std::string needed_by = "the model" + other_images(header.metadata, model.input_shape());
    Entries found = entries_of(header);
    bool last_fits = true;
    for (const auto& [name, parameter] : model.parameters())
        if (layer_of(name) == last) last_fits &= found.contains(name) && found[name].shape == parameter->shape;
    std::vector<std::string> left;
    for (const nn::Model::NamedParameter& named : model.parameters()) {
        if (!last_fits && layer_of(named.name) == last) {
            left.push_back(named.name);
            found.erase(named.name);
            continue;
        }
        check(found.contains(named.name),
              "{} has no tensor '{}'; of the weights to start from, only the last layer's, {}, "
              "may be missing",
              path.string(), named.name, last);
        check_entry(found.extract(named.name).mapped(), named, path.string(), needed_by);
    }
    check(found.empty(), "{} has a tensor '{}', which the model does not know; it holds the weights of another model",
          path.string(), found.empty() ? "" : found.begin()->first);
    io::NamedTensors tensors = io::read_safetensors(path, backend(Device::cpu()).allocator()).tensors;
    std::erase_if(tensors, [&](const auto& named) { return std::ranges::find(left, named.first) != left.end(); });
    load(model, tensors, path.string(), false);
    return left;
}

std::vector<std::string> class_names(const std::map<std::string, std::string>& metadata) {
    std::vector<std::string> names;
    const auto listed = metadata.find("classes");
    std::istringstream text(listed == metadata.end() ? "" : listed->second);
    for (std::string name; std::getline(text, name, ',');) names.push_back(name);
    data::check_names(names, "the metadata of the weights");
    return names;
}

namespace {

// "32,32,3" -> (32, 32, 3)
Shape parse_image_shape(const std::string& text) {
    std::istringstream dims(text);
    Shape shape;
    bool good = true;
    for (std::string dim; good && std::getline(dims, dim, ',');) {
        std::int64_t size = 0;
        const auto [end, error] = std::from_chars(dim.data(), dim.data() + dim.size(), size);
        good = shape.rank() < 3 && error == std::errc() && end == dim.data() + dim.size() && size >= 1 &&
               size <= io::max_image_side;
        if (good) shape = shape.append(size);
    }
    check(good && shape.rank() == 3 && shape[0] * shape[1] <= io::max_image_pixels,
          "the metadata of the weights say that they are for images ({}), but an image has a height, a width and "
          "channels: "
          "\"image_shape\" should look like 32,32,3",
          text);
    return shape;
}

}  // namespace

std::optional<double> l2_of(const std::map<std::string, std::string>& metadata) {
    const auto text = metadata.find("l2");
    if (text == metadata.end()) return {};
    double l2 = 0;
    const auto [end, error] = std::from_chars(text->second.data(), text->second.data() + text->second.size(), l2);
    check(error == std::errc() && end == text->second.data() + text->second.size() && l2 >= 0 && std::isfinite(l2),
          "the metadata of the weights name a penalty \"l2\" of '{}', which should be a number from 0 on",
          text->second);
    return l2;
}

data::Description images_of(const std::map<std::string, std::string>& metadata) {
    data::Description images = data::cifar10();
    images.classes = class_names(metadata);
    if (images.classes.empty())
        for (char digit = '0'; digit <= '9'; ++digit) images.classes.emplace_back(1, digit);
    if (const auto named = metadata.find("dataset"); named != metadata.end()) images.name = named->second;
    data::check_data_name(images.name, "the metadata of the weights");
    if (const auto shape = metadata.find("image_shape"); shape != metadata.end())
        images.image_shape = parse_image_shape(shape->second);
    return images;
}

}  // namespace cairn::train
