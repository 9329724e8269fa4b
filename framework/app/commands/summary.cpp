// cairn summary MODEL: its layers, shapes and parameters.
#include "cairn/app/commands/commands.h"
#include "cairn/app/summary_table.h"

#include <nlohmann/json.hpp>

namespace cairn::app {

namespace {

struct Options {
    std::string model;
    DataOptions data;
    bool json = false;
};

int summarize(const Session& session, const Options& options) {
    const ModelEntry& entry = session.registry.model(options.model);
    const nn::Model model = make_model(entry, described_by(options.data));
    fmt::print("{}", options.json ? summary_json(model, entry.name).dump(2) + "\n" : summary_table(model, entry.name));
    return 0;
}

}  // namespace

void add_summary_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"summary", "show a model's layers, output shapes and parameters", "Writes no files."},
        [](const Command& command, Options& options) {
            add_model_option(command, options.model).required();
            add_description_options(command, options.data);
            add_json_option(command, options.json);
        },
        summarize);
}

}  // namespace cairn::app
