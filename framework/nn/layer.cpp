#include "cairn/nn/input.h"

#include <cctype>

namespace cairn::nn {

std::shared_ptr<Parameter> Layer::add_parameter(const std::string& name, const Shape& shape, Initializer initializer,
                                                bool trainable) {
    parameters_.push_back(std::make_shared<Parameter>(name, shape, std::move(initializer), trainable));
    return parameters_.back();
}

Shape UnaryLayer::connect(std::span<const Shape> inputs) {
    check(inputs.size() == 1, "{} takes one input, not {}", type(), inputs.size());
    return build(inputs.front());
}

Shape Input::connect(std::span<const Shape> inputs) {
    check(inputs.empty(), "an Input has nothing before it");
    return shape_;
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
