// cairn models: the registered models.
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"

#include <nlohmann/json.hpp>

namespace cairn::app {

namespace {

std::int64_t total_parameters(const nn::Model& model) {
    return model.count_parameters(true) + model.count_parameters(false);
}

int list_models(const Session& session, const bool& json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    TextTable table({Align::left, Align::right, Align::right, Align::left});
    table.add({"model", "chapter", "parameters", "description"});
    for (const ModelEntry& entry : session.registry.models()) {
        const std::int64_t parameters = total_parameters(make_model(entry, data::cifar10()));
        list.push_back({{"name", entry.name},
                        {"chapter", entry.chapter},
                        {"parameters", parameters},
                        {"description", entry.description},
                        {"epochs", entry.epochs},
                        {"batch_size", entry.batch_size}});
        table.add({entry.name, std::to_string(entry.chapter), grouped(parameters), entry.description});
    }
    fmt::print("{}", json ? list.dump(2) + "\n" : table.str());
    return 0;
}

}  // namespace

void add_models_command(const Command& program, Session& session) {
    add_command<bool>(program, session, {"models", "list the models", "Writes no files."}, add_json_option,
                      list_models);
}

}  // namespace cairn::app
