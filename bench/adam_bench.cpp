// Adam on as many parameters as each model trains. 7 numbers per parameter must move: g, m, v, w are read, m, v, w
// written.
#include "ladder/ladder.h"
#include "ladder/rungs.h"
#include "ladder/shapes.h"

namespace cairn::bench {
namespace {

// So small a step size that a million runs leave the parameters where they are, and no number becomes denormal.
constexpr AdamStep step{.step_size = 1e-9};

struct Arenas {
    Tensor gradient, m, v, w;

    Arenas(std::int64_t size, const Device& device)
        : gradient(noise({size}, device, 1)),
          m(noise({size}, device, 2)),
          v(full({size}, 0.5, DType::float32, device)),
          w(noise({size}, device, 3)) {}
    void update() const { backend(w).adam(step, gradient, m, v, w, {}); }
};

// The first moments are compared: a step of this size cannot be seen in the parameters.
Ladder adam(std::int64_t parameters) {
    const Arenas a(parameters, slow), b(parameters, fast), c(parameters, fast);
    return {.rungs = {{[=] { a.update(); }, a.m},
                      {[=] { adam_by_passes(step, b.gradient, b.m, b.v, b.w); }, b.m},
                      {[=] { c.update(); }, c.m}},
            .bytes = 7.0 * static_cast<double>(c.w.bytes())};
}

const bool added = [] {
    for (const ModelSize& model : model_sizes())
        add_ladder(model.name + "/adam", {"reference", "by_passes", "cpu"}, [=] { return adam(model.parameters); });
    return true;
}();

}  // namespace
}  // namespace cairn::bench
