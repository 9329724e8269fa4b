// cairn bench: how long a training step takes, where the time goes, and what the machine would allow.
#include "app/commands/bench_tables.h"
#include "app/commands/commands.h"
#include "core/parallel.h"
#include "measure/process.h"
#include "measure/training_step.h"

#include <nlohmann/json.hpp>

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* details =
    "Each model trains in a process of its own, with real images, as './cairn train' would. A step is a\n"
    "batch loaded, forward, backward, Adam, loss and accuracy; its time is the median. The split comes\n"
    "from further steps with a stopwatch at every layer; on a GPU its own clock times every kernel.\n"
    "Compared with what this machine could do:\n"
    "  of peak     the step's multiplications and additions / the rate of multiply-adds in registers,\n"
    "              with the widest vectors and all threads, measured in the same process, / the step's\n"
    "              time; on the processor only\n"
    "  of sgemm    the step's multiplications and additions / the rate of a large float32 matrix\n"
    "              product, measured in the same process, / the step's time\n"
    "  of copy     for models without convolutions: the bytes that Adam (7 numbers per parameter) and\n"
    "              the products (2 or 3 per element of a kernel) must move / the rate of a large copy,\n"
    "              read and written bytes counted, / the step's time\n"
    "  memory      growth of resident memory from the model's creation through training\n"
    "  system      allocations that reached the system, per step; 0 once a training has settled\n"
    "Writes no files. Close other programs first, and compare medians of one run only with each other.\n"
    "A line 'warning:' says where the numbers do not mean what they seem to.";

struct Options {
    std::vector<std::string> models;
    std::vector<std::string> devices;
    DataOptions data;
    std::int64_t batch_size = 0;
    int steps = 30;
    bool layers = false;
    bool json = false;
};

int bench(const Session& session, const Options& options) {
    std::vector<const ModelEntry*> models;
    for (const std::string& name : options.models.empty() ? session.registry.names() : options.models)
        models.push_back(&session.registry.model(name));
    // In one thread until the processes have forked, and without a GPU's driver.
    const int count = threads();
    set_threads(1);
    std::vector<Device> devices;
    for (const std::string& name : options.devices.empty() ? std::vector{session.common.device} : options.devices)
        devices.push_back(name != "auto" ? Device::parse(name)
                                         : Device::parse(measure::in_own_process([] {
                                                             return Json(automatic_device(DType::float32).str());
                                                         }).get<std::string>()));
    const data::Located located = load_data(options.data, !options.json);
    Json results = Json::array();
    for (const ModelEntry* model : models)
        for (const Device& device : devices) {
            const measure::Task task{.model = model->name,
                                     .make = model->make,
                                     .options = {.device = device, .seed = session.common.seed},
                                     .images = located.split.train,
                                     .batch_size = options.batch_size > 0 ? options.batch_size : model->batch_size,
                                     .steps = options.steps};
            results.push_back(measure::in_own_process([&] {
                set_threads(count);
                return measure::training_step(task);
            }));
        }
    if (options.json) fmt::print("{}\n", results.dump(2));
    else fmt::print("{}", bench_tables(results, options.layers || models.size() == 1));
    return 0;
}

}  // namespace

void add_bench_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"bench", "measure training steps: time, its split, memory", details},
        [](const Command& command, Options& options) {
            command.list("--models", options.models, "NAMES", "these only: a,b,… (default: all)");
            command.list("--devices", options.devices, "DEVICES",
                         "one after the other: cpu,vulkan (default: --device)");
            add_data_options(command, options.data);
            command.whole("--batch-size", options.batch_size, "images per step (default: the model's)");
            command.whole("--steps", options.steps, "how many steps are timed (default 30)");
            command.flag("--layers", options.layers, "split the step by layer (always done for one model)");
            add_json_option(command, options.json);
        },
        bench);
}

}  // namespace cairn::app
