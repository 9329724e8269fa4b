// part: op
// float64 was forgotten: the float32 kernel is called for every tensor on the processor.
#include "chapters/14-capstone/exercise.h"

#include <algorithm>

namespace exercise {

using cairn::check;

namespace {

struct Operands {
    Tensor x, gain;
    double epsilon;

    std::int64_t columns() const { return gain.size(); }
    std::int64_t rows() const { return columns() == 0 ? 0 : x.size() / columns(); }
    bool on_gpu() const { return x.device() != cairn::Device::cpu() && x.device() != cairn::Device::reference(); }
    bool fast() const { return x.device() == cairn::Device::cpu(); }
    Push push() const {
        return {static_cast<std::uint32_t>(rows()), static_cast<std::uint32_t>(columns()), static_cast<float>(epsilon)};
    }
};

std::span<float> floats(const Tensor& t) { return {t.data<float>(), static_cast<std::size_t>(t.size())}; }

Array array_of(const Tensor& t) {
    Array array(Sizes(t.shape().begin(), t.shape().end()));
    cairn::with_float(t.dtype(), [&]<typename T>() { std::ranges::copy(t.to_vector<T>(), array.values.begin()); });
    return array;
}

void put(const Array& from, const Tensor& to) {
    cairn::with_float(to.dtype(), [&]<typename T>() {
        const std::vector<T> values(from.values.begin(), from.values.end());
        to.upload(values.data());
    });
}

void forward(const Operands& o, const Tensor& y, const Tensor& r) {
    using namespace cairn::vulkan;
    if (o.on_gpu())
        run_shader(rms_norm_shader(), {reads(o.x), reads(o.gain), writes(y), writes(r)},
                   static_cast<std::size_t>(o.rows()), o.push());
    else if (o.fast())
        rms_norm_cpu(floats(o.x), floats(o.gain), static_cast<float>(o.epsilon), floats(y), floats(r));
    else put(rms_norm_loops(array_of(o.x), array_of(o.gain), o.epsilon), y);
}

void backward(const Operands& o, const Tensor& r, const Tensor& dy, const Tensor& dx, const Tensor& dgain) {
    using namespace cairn::vulkan;
    if (o.on_gpu()) {
        run_shader(rms_norm_dx_shader(), {reads(o.x), reads(o.gain), reads(r), reads(dy), writes(dx)},
                   static_cast<std::size_t>(o.rows()), o.push());
        run_shader(rms_norm_dgain_shader(), {reads(o.x), reads(r), reads(dy), writes(dgain)},
                   static_cast<std::size_t>((o.columns() + 63) / 64), o.push());
    } else if (o.fast()) {
        rms_norm_cpu_backward(floats(o.x), floats(o.gain), floats(r), floats(dy), floats(dx), floats(dgain));
    } else {
        const Gradients d = rms_norm_loops_backward(array_of(o.x), array_of(o.gain), o.epsilon, array_of(dy));
        put(d.dx, dx);
        put(d.dgain, dgain);
    }
}

}  // namespace

Tensor rms_norm(const Tensor& x, const Tensor& gain, double epsilon) {
    check(x.rank() > 0, "rms_norm: x {} is a single number; it needs an axis to norm", x.shape());
    check(gain.shape() == cairn::Shape{x.dim(-1)}, "rms_norm: gain {} must be ({},), the last axis of x {}",
          gain.shape(), x.dim(-1), x.shape());
    check(gain.dtype() == x.dtype() && gain.device() == x.device(),
          "rms_norm: x is {} on {} and gain {} on {}; they must be alike", name_of(x.dtype()), x.device(),
          name_of(gain.dtype()), gain.device());
    const Operands operands{x.detach(), gain.detach(), epsilon};
    const Tensor y = cairn::empty_like(x), r = cairn::empty_like(x, {operands.rows()});
    forward(operands, y, r);
    return cairn::autograd::differentiable(
        "rms_norm", {x, gain}, y, [=](const Tensor& dy, cairn::autograd::Gradients& to) {
            Tensor dx = to.slot(0), dgain = to.slot(1);
            // Where one is not wanted, its numbers go nowhere.
            if (!dx.defined()) dx = cairn::empty_like(operands.x);
            if (!dgain.defined()) dgain = cairn::empty_like(operands.gain);
            backward(operands, r, dy, dx, dgain);
        });
}

}  // namespace exercise
