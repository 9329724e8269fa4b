// The command line with a tiny model, one whose gradients are wrong and a chapter that tells what it was asked for; and with
// a death that can be arranged: it ends as by kill -9
//   MORTAL_WRITE_STEP=n    before the n-th step (open, write, sync, rename, sync of the folder) of writing its files
//   MORTAL_MICROSECONDS=n  so long after its start
// and with MORTAL_WRITE_STEP=0 it prints at its end how many such steps there were. With MORTAL_NEW=n the n-th operator new of main()
// and all that follow find no memory. With MORTAL_ENDLESS there is a model
// "endless", a training of which never ends its first step.
#include "cairn/app/app.h"
#include "cairn/app/chapter.h"
#include "cairn/autograd/graph.h"
#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "tiny_model.h"

#include <sys/time.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <new>

namespace {

using namespace cairn;

long number(const char* variable) {
    const char* text = std::getenv(variable);
    return text == nullptr ? -1 : std::atol(text);
}

long write_steps = 0;

void count_write_step(WriteStep) {
    if (++write_steps == number("MORTAL_WRITE_STEP")) std::raise(SIGKILL);
}

extern "C" void die(int) { std::raise(SIGKILL); }

void die_after(long microseconds) {
    std::signal(SIGALRM, die);
    const itimerval timer{{0, 0}, {microseconds / 1'000'000, microseconds % 1'000'000}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// y = x, some time.
class Endless final : public nn::UnaryLayer {
public:
    std::string type() const override { return "Endless"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const nn::Call& call) const override {
        if (!call.training) return x;
        fmt::print("the step has begun\n");
        for (volatile bool on = true; on;) {}
        return x;
    }
};

// y = 2 x with the gradient of y = x.
class Wrong final : public nn::UnaryLayer {
public:
    std::string type() const override { return "Wrong"; }
    Shape build(const Shape& input) override { return input; }
    Tensor forward(const Tensor& x, const nn::Call&) const override {
        const auto twice = [&] {
            const autograd::NoGrad unrecorded;
            return ops::add(x, x);
        };
        return autograd::differentiable("wrong", {x}, twice(),
                                        [](const Tensor& dy, autograd::Gradients& dx) { dx.give(0, dy); });
    }
};

// Prints what Chapter hands to a chapter's program.
void chapter_1(app::Chapter& chapter) {
    const data::Split data = chapter.load_data();
    const nn::ModelOptions model = chapter.model_options();
    const train::FitOptions fit = chapter.fit_options({.epochs = 20, .batch_size = 64});
    fmt::print("images {} {}, device {}, seeds {} {}, epochs {}, batch size {}\n", data.train.size(), data.test.size(),
               model.device, model.seed, fit.seed, fit.epochs, fit.batch_size);
}

}  // namespace

std::atomic<long> allocations_left{-1};  // negative: as many as there is memory for

#if !defined(__SANITIZE_ADDRESS__)  // which has its own, and checks that each fits its delete
[[gnu::noinline]] void* operator new(std::size_t size) {
    const bool refused = allocations_left >= 0 && (allocations_left == 0 || --allocations_left == 0);
    void* const found = refused ? nullptr : std::malloc(size);
    if (found == nullptr && std::get_new_handler() != nullptr) std::get_new_handler()();
    if (found == nullptr) throw std::bad_alloc();
    return found;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

int main(int argc, char** argv) {
    allocations_left = number("MORTAL_NEW");
    use_fast_blas(argv);  // before the timer, which would go on in the program started anew, but without die()
    set_write_observer(count_write_step);
    if (number("MORTAL_MICROSECONDS") > 0) die_after(number("MORTAL_MICROSECONDS"));
    app::Registry registry;
    registry.add({"tiny", 1, "for tests", test::tiny_epochs, test::tiny_batch_size, test::tiny_model});
    registry.add({"wrong", 2, "to be caught", 4, 16, [](const data::Description& images) {
                      return nn::Sequential(nn::Input(images.image_shape), nn::MaxPooling2D({8, 8}), nn::Flatten(),
                                            nn::Dense(4), Wrong(), nn::Dense(images.class_count()));
                  }});
    if (std::getenv("MORTAL_ENDLESS") != nullptr)
        registry.add({"endless", 3, "to be ended", 4, 16, [](const data::Description& images) {
                          return nn::Sequential(nn::Input(images.image_shape), nn::MaxPooling2D({8, 8}), nn::Flatten(),
                                                Endless(), nn::Dense(images.class_count()));
                      }});
    registry.add({1, "01-tiny", "what a chapter is told", chapter_1});
    const int status = app::run(registry, argc, argv, {.name = "cairn", .command = "./cairn"});
    if (number("MORTAL_WRITE_STEP") == 0) fmt::print("write steps: {}\n", write_steps);
    return status;
}
