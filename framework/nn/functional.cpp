#include "cairn/nn/functional.h"

namespace cairn::nn {

const Shape& Value::shape() const { return model_->layers()[layer_].output; }

Functional::Functional(const Shape& input, const std::function<Value(Value)>& body) {
    const Value output = body(Value(*this, add_layer(std::make_shared<Input>(input), {})));
    check(output.layer_ == layers().size() - 1, "the model returns the output of {}, but {} was applied after it",
          layers()[output.layer_].name, layers().back().name);
}

Value Functional::append(std::shared_ptr<Layer> layer, const std::vector<Value>& inputs) {
    std::vector<std::size_t> from;
    for (const Value& input : inputs) {
        check(input.model_ == inputs.front().model_, "{}: its inputs belong to different models", layer->type());
        from.push_back(input.layer_);
    }
    Functional& model = *inputs.front().model_;
    return {model, model.add_layer(std::move(layer), std::move(from))};
}

}  // namespace cairn::nn
