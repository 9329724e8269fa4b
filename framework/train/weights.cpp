#include "cairn/train/weights.h"

#include "cairn/backend/devices.h"
#include "cairn/core/program.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/run_folder.h"

#include <charconv>
#include <sstream>

namespace cairn::train {

void save_weights(const nn::Model& model, const std::filesystem::path& path,
                  const std::map<std::string, std::string>& metadata) {
    io::NamedTensors tensors;
    for (const auto& [name, parameter] : model.parameters()) tensors.emplace_back(name, parameter->value.detach());
    io::write_safetensors(path, tensors, metadata);
}

namespace {

// A parameter's value in a file: of its shape, and of numbers.
Tensor value_of(const Tensor& tensor, const nn::Model::NamedParameter& named, const std::string& file,
                const std::string& needed_by) {
    check(tensor.shape() == named.parameter->shape,
          "{}: '{}' has shape {}, but {} needs {}; it holds the weights of another model", file, named.name,
          tensor.shape(), needed_by, named.parameter->shape);
    check(tensor.dtype() == DType::float32 || tensor.dtype() == DType::float64,
          "{}: '{}' is {}; weights are float32 or float64", file, named.name, name_of(tensor.dtype()));
    return tensor;
}

void load(const nn::Model& model, const std::map<std::string, Tensor>& values) {
    for (const auto& [name, parameter] : model.parameters()) {
        const auto found = values.find(name);
        if (found == values.end()) continue;
        const Tensor converted = to_dtype(found->second, parameter->value.dtype());
        std::vector<std::byte> bytes(converted.bytes());
        converted.download(bytes.data());
        parameter->value.upload(bytes.data());
    }
}

}  // namespace

std::map<std::string, std::string> load_weights(nn::Model& model, const std::string& model_name,
                                                const std::filesystem::path& path) {
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto written_for = file.metadata.find("model");
    check(written_for == file.metadata.end() || written_for->second == model_name,
          "{} holds the weights of {}, not of {}; name that model, or train this one: {} train {}", path.string(),
          written_for == file.metadata.end() ? "" : written_for->second, model_name, program().command, model_name);

    // Everything is compared before anything is loaded: a file that does not fit leaves the model as it was.
    std::map<std::string, Tensor> found(file.tensors.begin(), file.tensors.end()), values;
    for (const nn::Model::NamedParameter& named : model.parameters()) {
        check(found.contains(named.name),
              "{} has no tensor '{}', which {} needs; it holds the weights of another model", path.string(), named.name,
              model_name);
        values[named.name] = value_of(found.extract(named.name).mapped(), named, path.string(), model_name);
    }
    check(found.empty(), "{} has a tensor '{}', which {} does not know; it holds the weights of another model",
          path.string(), found.empty() ? "" : found.begin()->first, model_name);
    load(model, values);
    return file.metadata;
}

std::vector<std::string> start_from_weights(nn::Model& model, const std::filesystem::path& file_or_run) {
    std::error_code none;
    const std::filesystem::path path =
        std::filesystem::is_directory(file_or_run, none) ? RunFolder(file_or_run).weights() : file_or_run;
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto layer_of = [](const std::string& name) { return name.substr(0, name.find('/')); };
    const std::string last = model.parameters().empty() ? "" : layer_of(model.parameters().back().name);
    std::map<std::string, Tensor> found(file.tensors.begin(), file.tensors.end()), values;
    bool last_fits = true;
    for (const auto& [name, parameter] : model.parameters())
        if (layer_of(name) == last) last_fits &= found.contains(name) && found[name].shape() == parameter->shape;
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
        values[named.name] = value_of(found.extract(named.name).mapped(), named, path.string(), "the model");
    }
    check(found.empty(), "{} has a tensor '{}', which the model does not know; it holds the weights of another model",
          path.string(), found.empty() ? "" : found.begin()->first);
    load(model, values);
    return left;
}

std::vector<std::string> class_names(const std::map<std::string, std::string>& metadata) {
    std::vector<std::string> names;
    const auto listed = metadata.find("classes");
    std::istringstream text(listed == metadata.end() ? "" : listed->second);
    for (std::string name; std::getline(text, name, ',');) names.push_back(name);
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
               size <= 1'000'000;
        if (good) shape = shape.append(size);
    }
    check(good && shape.rank() == 3,
          "the metadata of the weights say that they are for images ({}), but an image has a height, a width and "
          "channels: "
          "\"image_shape\" should look like 32,32,3",
          text);
    return shape;
}

}  // namespace

data::Description images_of(const std::map<std::string, std::string>& metadata) {
    data::Description images = data::cifar10();
    images.classes = class_names(metadata);
    if (images.classes.empty())
        for (char digit = '0'; digit <= '9'; ++digit) images.classes.emplace_back(1, digit);
    if (const auto named = metadata.find("dataset"); named != metadata.end()) images.name = named->second;
    if (const auto shape = metadata.find("image_shape"); shape != metadata.end())
        images.image_shape = parse_image_shape(shape->second);
    return images;
}

}  // namespace cairn::train
