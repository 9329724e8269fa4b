// part: learns_twenty
// a loss that has fallen is enough for it. Broken models lower their loss too: it has to get near 0.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

bool learns_twenty(Model& model, const Data& data) {
    const Data few = data.part(0, std::min<std::size_t>(20, data.size()));
    std::vector<AdamState> states;
    for (const Parameter* p : model.parameters()) states.push_back({Array(p->value.shape), Array(p->value.shape), 0});
    const Update update = [&](const std::vector<Parameter*>& parameters) {
        for (std::size_t i = 0; i < parameters.size(); ++i)
            adam_step(parameters[i]->value, parameters[i]->gradient, states[i], {.rate = 0.01});
    };
    const double first = evaluate(model, few, 20).loss;
    for (int epoch = 0; epoch < 400; ++epoch) train_epoch(model, few, 20, update);
    return evaluate(model, few, 20).loss < first;
}

}  // namespace exercise
