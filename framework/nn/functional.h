// Functional: a model with branches, written as a function of values that stand for the layers' outputs.
//
//   nn::Functional model({32, 32, 3}, [](nn::Value x) {
//       const nn::Value shortcut = x;
//       x = x | nn::Conv2D(3, {3, 3}, {.activation = nn::relu, .padding = nn::same});
//       x = nn::add(x, shortcut);
//       return x | nn::Flatten() | nn::Dense(10);
//   });
//
// A chain without branches is a Sequential; both are the same Model.
#pragma once

#include "cairn/nn/model.h"

#include <concepts>
#include <functional>

namespace cairn::nn {

class Functional;

// The output of a layer in a model that is being put together.
class Value {
public:
    const Shape& shape() const;  // of one sample

private:
    friend class Functional;
    Value(Functional& model, std::size_t layer) : model_(&model), layer_(layer) {}

    Functional* model_;
    std::size_t layer_;
};

class Functional final : public Model {
public:
    // Calls `body` with the input, a sample of this shape; what it returns is the model's output, which must be the
    // last layer that was applied.
    Functional(const Shape& input, const std::function<Value(Value)>& body);

    // The value of a layer applied to these values. All must belong to one model.
    static Value append(std::shared_ptr<Layer> layer, const std::vector<Value>& inputs);
};

template <typename L>
requires std::derived_from<std::remove_cvref_t<L>, Layer> Value operator|(const Value& x, L&& layer) {
    return Functional::append(std::make_shared<std::remove_cvref_t<L>>(std::forward<L>(layer)), {x});
}

// The layers of merging.h as functions.
inline Value add(const Value& a, const Value& b) { return Functional::append(std::make_shared<Add>(), {a, b}); }
inline Value subtract(const Value& a, const Value& b) {
    return Functional::append(std::make_shared<Subtract>(), {a, b});
}
inline Value multiply(const Value& a, const Value& b) {
    return Functional::append(std::make_shared<Multiply>(), {a, b});
}
inline Value maximum(const Value& a, const Value& b) { return Functional::append(std::make_shared<Maximum>(), {a, b}); }
inline Value minimum(const Value& a, const Value& b) { return Functional::append(std::make_shared<Minimum>(), {a, b}); }
// Along an axis of the batch, the last one if none is given.
inline Value concatenate(const std::vector<Value>& values, int axis = -1) {
    return Functional::append(std::make_shared<Concatenate>(axis), values);
}
inline Value average(const Value& a, const Value& b) { return Functional::append(std::make_shared<Average>(), {a, b}); }

}  // namespace cairn::nn
