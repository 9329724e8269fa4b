#include "cairn/train/nan_guard.h"

#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"
#include "cairn/train/gradients.h"

namespace cairn::train {

namespace {

bool finite(const Tensor& x) {
    const Tensor flag = empty({}, DType::int32, x.device());
    backend(x).all_finite(x, flag);
    return flag.item() != 0;
}

// Notes the first layer that computes what is not finite.
class Outputs final : public autograd::Observer {
public:
    std::string first;

private:
    void on_output(std::string_view, const Tensor& y) override {
        if (first.empty() && !finite(y)) first = fmt::format("come out of {}", autograd::current_section().layer);
    }
};

}  // namespace

std::string first_not_finite(const nn::Model& model, const Batch& batch, const nn::Call& call, const nn::Loss& loss) {
    for (const auto& [name, parameter] : model.parameters())
        if (!finite(parameter->value)) return "stand in " + name;

    nn::Call by_layer = call;
    by_layer.fuse = false;
    Outputs outputs;
    gradients(model, batch, by_layer, {}, loss);
    if (outputs.first == "come out of loss") return "come out of the loss";
    if (!outputs.first.empty()) return outputs.first;
    const auto& parameters = model.parameters();
    for (auto named = parameters.rbegin(); named != parameters.rend(); ++named) {
        const nn::Parameter& parameter = *named->parameter;
        if (parameter.trainable && !finite(model.gradients().view(parameter.offset, parameter.shape)))
            return "are the gradients of " + named->name;
    }
    return "";
}

}  // namespace cairn::train
