// The command line with one tiny model, and a death that can be arranged: it ends as by kill -9
//   MORTAL_WRITE_STEP=n    before the n-th step (open, write, sync, rename, sync of the folder) of writing its files
//   MORTAL_MICROSECONDS=n  so long after its start
// and with MORTAL_WRITE_STEP=0 it prints at its end how many such steps there were.
#include "app/app.h"
#include "backend/cpu/processor.h"
#include "backend/devices.h"
#include "core/file.h"
#include "tiny_model.h"

#include <sys/time.h>
#include <csignal>
#include <cstdlib>

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

}  // namespace

int main(int argc, char** argv) {
    use_fast_blas(argv);  // before the timer, which would go on in the program started anew, but without die()
    set_write_observer(count_write_step);
    if (number("MORTAL_MICROSECONDS") > 0) die_after(number("MORTAL_MICROSECONDS"));
    app::Registry registry;
    registry.add({"tiny", 1, "for tests", test::tiny_epochs, test::tiny_batch_size, test::tiny_model});
    const int status = app::run(registry, argc, argv);
    if (number("MORTAL_WRITE_STEP") == 0) fmt::print("write steps: {}\n", write_steps);
    return status;
}
