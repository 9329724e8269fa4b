#include "train/weights.h"

#include "backend/devices.h"
#include "io/safetensors.h"

#include <algorithm>
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
          "{} holds the weights of {}, not of {}; name that model, or train this one: ./cairn train {}", path.string(),
          written_for == file.metadata.end() ? "" : written_for->second, model_name, model_name);

    const std::vector<nn::Model::NamedParameter> parameters = model.parameters();
    // Everything is compared before anything is loaded: a file that does not fit leaves the model as it was.
    std::vector<Tensor> found;
    for (const auto& [name, parameter] : parameters) {
        const auto entry =
            std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& t) { return t.first == name; });
        check(entry != file.tensors.end(),
              "{} has no tensor '{}', which {} needs; it holds the weights of another model", path.string(), name,
              model_name);
        check(entry->second.shape() == parameter->shape,
              "{}: '{}' has shape {}, but {} needs {}; it holds the weights of another model", path.string(), name,
              entry->second.shape(), model_name, parameter->shape);
        check(entry->second.dtype() == DType::float32 || entry->second.dtype() == DType::float64,
              "{}: '{}' is {}; weights are float32 or float64", path.string(), name, name_of(entry->second.dtype()));
        found.push_back(entry->second);
    }
    for (const auto& [name, tensor] : file.tensors)
        check(std::any_of(parameters.begin(), parameters.end(),
                          [&, &key = name](const auto& p) { return p.name == key; }),
              "{} has a tensor '{}', which {} does not know; it holds the weights of another model", path.string(),
              name, model_name);

    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Tensor& value = parameters[i].parameter->value;
        const Tensor converted = to_dtype(found[i], value.dtype());
        std::vector<std::byte> bytes(converted.bytes());
        converted.download(bytes.data());
        value.upload(bytes.data());
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

}  // namespace cairn::train
