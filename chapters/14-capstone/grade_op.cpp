// The shaders and the op, on the devices. Software drivers are good enough: any Vulkan device will do.
#include "cairn/core/dtype.h"
#include "cairn/course/glsl.h"
#include "chapters/14-capstone/grade_parts.h"

#include <cstdlib>

#include <fmt/format.h>

namespace cairn::course {

using exercise::Gradients;
using exercise::Push;

namespace {

// The first device that computes in software, if there is one: its numbers are the same on every machine.
Device gpu() {
    const std::vector<VulkanDeviceInfo> devices = vulkan_devices();
    for (std::size_t i = 0; i < devices.size(); ++i)
        if (devices[i].software) return Device::parse(fmt::format("vulkan:{}", i));
    return Device::vulkan();
}

// Sums go by four lanes on every processor, so that a mistake gives the same numbers everywhere.
void settle_driver() {
    ::setenv("LP_NATIVE_VECTOR_WIDTH", "128", 1);
    ::setenv("LP_NUM_THREADS", "1", 1);
}

void need_shaders(Trial& t) {
    settle_driver();
    if (const std::string why = no_shaders_because(); !why.empty()) t.cannot(why);
}

Shape shape_of(const Sizes& sizes) {
    Shape shape;
    for (const std::size_t size : sizes) shape = shape.append(static_cast<std::int64_t>(size));
    return shape;
}

Tensor tensor_of(const Array& a, const Device& device, DType dtype = DType::float32) {
    const Tensor made = empty(shape_of(a.shape), dtype, device);
    with_float(dtype, [&]<typename T>() { made.upload(std::vector<T>(a.values.begin(), a.values.end()).data()); });
    return made;
}

Array array_of(const Tensor& t) {
    Array a(Sizes(t.shape().begin(), t.shape().end()));
    with_float(t.dtype(), [&]<typename T>() {
        const std::vector<T> values = t.to_vector<T>();
        a.values.assign(values.begin(), values.end());
    });
    return a;
}

Array in_float(Array a) {
    for (double& value : a.values) value = static_cast<double>(static_cast<float>(value));
    return a;
}

// What a shader leaves unwritten is seen, since it is not a number.
Tensor unwritten(const Sizes& shape) { return full(shape_of(shape), NAN, DType::float32, gpu()); }

const std::vector<Sizes> shader_shapes = {{1, 1}, {2, 3}, {5, 64}, {3, 67}, {131, 3}, {70, 129}, {2, 1000}};
constexpr double epsilon = 0.25;
// Sums of up to 1,000 terms in float32.
constexpr Tolerance rounding{.relative = 1e-5};

Push push_of(const Sizes& shape) {
    return {static_cast<std::uint32_t>(shape[0]), static_cast<std::uint32_t>(shape[1]), static_cast<float>(epsilon)};
}

Array inverse_roots(const Array& x) {
    Array r({x.shape[0]});
    for (std::size_t m = 0; m < r.size(); ++m) r[m] = 1 / right_root(x, m, x.shape[1], epsilon);
    return r;
}

}  // namespace

void shader(Trial& t) {
    using namespace vulkan;
    need_shaders(t);
    for (const Sizes& shape : shader_shapes)
        t.run(text_of(shape), [&] {
            const Array x = in_float(t.normal(shape)), gain = in_float(t.normal({shape[1]}));
            const Tensor y = unwritten(shape), r = unwritten({shape[0]});
            exercise::run_shader(exercise::rms_norm_shader(),
                                 {reads(tensor_of(x, gpu())), reads(tensor_of(gain, gpu())), writes(y), writes(r)},
                                 shape[0], push_of(shape));
            t.check("y", array_of(y), right_op().forward(x, gain, epsilon), rounding);
            t.check("r", array_of(r), inverse_roots(x), rounding);
        });
}

void shaders_backward(Trial& t) {
    using namespace vulkan;
    need_shaders(t);
    for (const Sizes& shape : shader_shapes)
        t.run(text_of(shape), [&] {
            const Array x = in_float(t.normal(shape)), gain = in_float(t.normal({shape[1]}));
            const Array dy = in_float(t.normal(shape));
            const Tensor dx = unwritten(shape), dgain = unwritten({shape[1]});
            const Tensor xs = tensor_of(x, gpu()), dys = tensor_of(dy, gpu()), r = tensor_of(inverse_roots(x), gpu());
            exercise::run_shader(exercise::rms_norm_dx_shader(),
                                 {reads(xs), reads(tensor_of(gain, gpu())), reads(r), reads(dys), writes(dx)}, shape[0],
                                 push_of(shape));
            exercise::run_shader(exercise::rms_norm_dgain_shader(), {reads(xs), reads(r), reads(dys), writes(dgain)},
                                 (shape[1] + 63) / 64, push_of(shape));
            const Gradients right = right_op().backward(x, gain, epsilon, dy);
            t.check("dx", array_of(dx), right.dx, rounding);
            t.check("dgain", array_of(dgain), right.dgain, rounding);
        });
}

namespace {

struct Place {
    Device device;
    DType dtype;
};

void compare_op(Trial& t, const Place& place, const Sizes& shape) {
    Array x = t.normal(shape), gain = t.normal({shape.back()}), dy = t.normal(shape);
    if (place.dtype == DType::float32) x = in_float(x), gain = in_float(gain), dy = in_float(dy);
    const Tensor xs = autograd::variable(tensor_of(x, place.device, place.dtype));
    const Tensor gains = autograd::variable(tensor_of(gain, place.device, place.dtype));
    const Tensor y = exercise::rms_norm(xs, gains, epsilon);
    const bool there = y.defined() && y.device() == place.device && y.dtype() == place.dtype;
    t.require("where", there, there ? 1 : 0,
              fmt::format("x is {} on {}; y is {}", name_of(place.dtype), place.device,
                          y.defined() ? fmt::format("{} on {}", name_of(y.dtype()), y.device()) : "no tensor"));
    if (!there) return;
    const Tolerance tolerance{.relative = place.dtype == DType::float32 ? 1e-5 : 1e-10};
    t.check("y", array_of(y), right_op().forward(x, gain, epsilon), tolerance);
    const bool has_gradient = y.node() != nullptr;
    t.require("graph", has_gradient, has_gradient ? 1 : 0,
              "y stands in no graph: backward() cannot reach x from it; return autograd::differentiable(…)");
    if (!has_gradient) return;
    autograd::backward(y, tensor_of(dy, place.device, place.dtype));
    const Gradients right = right_op().backward(x, gain, epsilon, dy);
    const auto gradient = [](const Tensor& leaf) {
        const Tensor found = autograd::gradient(leaf);
        return found.defined() ? array_of(found) : Array({0});
    };
    t.check("dx", gradient(xs), right.dx, tolerance);
    t.check("dgain", gradient(gains), right.dgain, tolerance);
}

// x is a picture, not a parameter: only dgain is wanted. And the other way round.
void one_gradient(Trial& t, const Place& place) {
    const Sizes shape{3, 5};
    const Array x = in_float(t.normal(shape)), gain = in_float(t.normal({5})), dy = in_float(t.normal(shape));
    const Tensor xs = tensor_of(x, place.device), gains = tensor_of(gain, place.device), dys = tensor_of(dy, place.device);
    const Gradients right = right_op().backward(x, gain, epsilon, dy);
    const Tensor only_gain = autograd::variable(gains), only_x = autograd::variable(xs);
    autograd::backward(exercise::rms_norm(xs, only_gain, epsilon), dys);
    t.check("dgain alone", array_of(autograd::gradient(only_gain)), right.dgain, rounding);
    autograd::backward(exercise::rms_norm(only_x, gains, epsilon), dys);
    t.check("dx alone", array_of(autograd::gradient(only_x)), right.dx, rounding);
}

// 0 accepted, 1 another exception, 2 cairn::Error, 3 that begins with the op's name, 4 and tells both shapes.
void refused(Trial& t, const Sizes& x, const Sizes& gain) {
    int how = 0;
    std::string message;
    try {
        exercise::rms_norm(tensor_of(Array(x, 1.0), Device::cpu()), tensor_of(Array(gain, 1.0), Device::cpu()), epsilon);
    } catch (const Error& error) {
        message = error.what();
        const auto says = [&](const std::string& word) { return message.find(word) != std::string::npos; };
        how = !message.starts_with("rms_norm:") ? 2 : says(shape_of(x).str()) && says(shape_of(gain).str()) ? 4
                                                                                                            : 3;
    } catch (const std::exception& error) {
        how = 1, message = error.what();
    }
    t.require("message", how == 4, how,
              fmt::format("gain {} beside x {} must be refused by a cairn::Error that begins with \"rms_norm:\" and tells both "
                          "shapes; {}",
                          shape_of(gain), shape_of(x),
                          how == 0 ? "it is accepted" : fmt::format("it says \"{}\"", message)));
}

}  // namespace

void op(Trial& t) {
    settle_driver();
    std::vector<Place> places{{Device::reference(), DType::float64}, {Device::cpu(), DType::float32}, {Device::cpu(), DType::float64}, {Device::reference(), DType::float32}};
    const std::string why = no_shaders_because();
    if (why.empty()) places.push_back({gpu(), DType::float32});
    else t.tell("the cases on a GPU were left out: " + why);
    for (const Place& place : places)
        for (const Sizes& shape : {Sizes{2, 3}, Sizes{1, 1}, Sizes{7}, Sizes{3, 2, 5}, Sizes{2, 67}, Sizes{0, 3}})
            t.run(fmt::format("{} {}, x {}", place.device.str().substr(0, 6), name_of(place.dtype), text_of(shape)), [&] {
                compare_op(t, place, shape);
            });
    for (const Place& place : places)
        if (place.dtype == DType::float32)
            t.run(fmt::format("{}, one gradient is wanted", place.device.str().substr(0, 6)), [&] { one_gradient(t, place); });
    for (const auto& [x, gain] : {std::pair<Sizes, Sizes>{{2, 4}, {3}}, {{2, 4}, {1}}, {{2, 4}, {1, 4}}, {{2, 3, 4}, {3}}})
        t.run(text_of(gain) + " beside " + text_of(x), [&, one = x, other = gain] { refused(t, one, other); });
}

}  // namespace cairn::course
