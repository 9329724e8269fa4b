#include "cairn/train/weights.h"

#include "cairn/backend/devices.h"
#include "cairn/core/program.h"
#include "cairn/io/safetensors.h"

#include <charconv>
#include <sstream>

namespace cairn::train {

void save_weights(const nn::Model& model, const std::filesystem::path& path,
                  const std::map<std::string, std::string>& metadata) {
    io::NamedTensors tensors;
    for (const auto& [name, parameter] : model.parameters()) tensors.emplace_back(name, parameter->value.detach());
    io::write_safetensors(path, tensors, metadata);
}

std::map<std::string, std::string> load_weights(nn::Model& model, const std::string& model_name,
                                                const std::filesystem::path& path) {
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto written_for = file.metadata.find("model");
    check(written_for == file.metadata.end() || written_for->second == model_name,
          "{} holds the weights of {}, not of {}; name that model, or train this one: {} train {}", path.string(),
          written_for == file.metadata.end() ? "" : written_for->second, model_name, program().command, model_name);

    // Everything is compared before anything is loaded: a file that does not fit leaves the model as it was.
    std::map<std::string, Tensor> found(file.tensors.begin(), file.tensors.end()), loaded;
    for (const auto& [name, parameter] : model.parameters()) {
        check(found.contains(name), "{} has no tensor '{}', which {} needs; it holds the weights of another model",
              path.string(), name, model_name);
        const Tensor tensor = loaded[name] = found.extract(name).mapped();
        check(tensor.shape() == parameter->shape,
              "{}: '{}' has shape {}, but {} needs {}; it holds the weights of another model", path.string(), name,
              tensor.shape(), model_name, parameter->shape);
        check(tensor.dtype() == DType::float32 || tensor.dtype() == DType::float64,
              "{}: '{}' is {}; weights are float32 or float64", path.string(), name, name_of(tensor.dtype()));
    }
    check(found.empty(), "{} has a tensor '{}', which {} does not know; it holds the weights of another model",
          path.string(), found.empty() ? "" : found.begin()->first, model_name);

    for (const auto& [name, parameter] : model.parameters()) {
        const Tensor converted = to_dtype(loaded[name], parameter->value.dtype());
        std::vector<std::byte> bytes(converted.bytes());
        converted.download(bytes.data());
        parameter->value.upload(bytes.data());
    }
    return file.metadata;
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
