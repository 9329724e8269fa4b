#include "nn/layer.h"

#include <cctype>

namespace cairn::nn {

Shape Layer::build(const Shape&) { fail("{} merges several inputs; give it more than one", type()); }

Shape Layer::build(const std::vector<Shape>& inputs) {
    check(inputs.size() == 1, "{} takes one input, not {}", type(), inputs.size());
    return build(inputs.front());
}

Tensor Layer::forward(const Tensor&, const Call&) const {
    fail("{} merges several inputs; give it more than one", type());
}

Tensor Layer::forward(const Tensors& inputs, const Call& call) const {
    check(inputs.size() == 1, "{} takes one input, not {}", type(), inputs.size());
    return forward(inputs.front(), call);
}

void Layer::add_parameter(const std::string& name, const Shape& shape, Initializer initializer, bool trainable) {
    parameters_.push_back({name, shape, std::move(initializer), trainable, 0, {}});
}

std::string snake_case(const std::string& type) {
    std::string name;
    for (std::size_t i = 0; i < type.size(); ++i) {
        const auto letter = static_cast<unsigned char>(type[i]);
        // A word begins at a capital after a small letter: MaxPooling2D -> max_pooling2d, Conv2D -> conv2d.
        if (std::isupper(letter) && i > 0 && std::islower(static_cast<unsigned char>(type[i - 1]))) name += '_';
        name += static_cast<char>(std::tolower(letter));
    }
    return name;
}

}  // namespace cairn::nn
