#include "ladder/shapes.h"

#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

#include <algorithm>

namespace cairn::bench {

namespace {

// Calls visit(name, batch size, model) for each model.
template <typename Visit>
void for_each_model(const Visit& visit) {
    visit("mlp-l2", 32, chapters::mlp_l2());
    visit("mlp-bn", 32, chapters::mlp_bn());
    visit("simple-cnn", 32, chapters::simple_cnn());
    visit("original-cnn", 64, chapters::original_cnn());
    visit("modified-cnn", 64, chapters::modified_cnn());
    visit("original-cnn-bn", 64, chapters::original_cnn_bn());
    visit("cnn-da-dropout", 32, chapters::cnn_da_dropout());
    visit("resnet", 32, chapters::resnet());
    visit("resnet-skip", 32, chapters::resnet_skip());
}

}  // namespace

std::vector<LayerShapes> layers_of(const std::string& type) {
    std::vector<LayerShapes> found;
    for_each_model([&](const std::string& name, std::int64_t batch, const nn::Model& model) {
        for (const nn::NamedLayer& layer : model.layers()) {
            if (layer.layer->type() != type) continue;
            const auto& parameters = layer.layer->parameters();
            const Shape kernel = parameters.empty() ? Shape{} : parameters.front()->shape;
            const Shape input = model.layers()[layer.from.front()].output.prepend(batch);
            const bool known = std::ranges::any_of(
                found, [&](const LayerShapes& other) { return other.input == input && other.kernel == kernel; });
            if (!known) found.push_back({name + "/" + layer.name, input, layer.output.prepend(batch), kernel});
        }
    });
    return found;
}

std::vector<ModelSize> model_sizes() {
    std::vector<ModelSize> sizes;
    for_each_model([&](const std::string& name, std::int64_t, const nn::Model& model) {
        sizes.push_back({name, model.count_parameters(true)});
    });
    return sizes;
}

}  // namespace cairn::bench
