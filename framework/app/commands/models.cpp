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
    const bool chapters = !session.registry.chapters().empty();
    std::vector<Align> columns{Align::left, Align::right, Align::left};
    std::vector<std::string> head{"model", "parameters", "description"};
    if (chapters) columns.insert(columns.begin() + 1, Align::right), head.insert(head.begin() + 1, "chapter");
    TextTable table(columns);
    table.add(head);
    for (const ModelEntry& entry : session.registry.models()) {
        const std::int64_t parameters = total_parameters(make_model(entry, data::cifar10()));
        list.push_back({{"name", entry.name},
                        {"chapter", entry.chapter},
                        {"parameters", parameters},
                        {"description", entry.description},
                        {"epochs", entry.epochs},
                        {"batch_size", entry.batch_size}});
        std::vector<std::string> row{entry.name, grouped(parameters), entry.description};
        if (chapters) row.insert(row.begin() + 1, std::to_string(entry.chapter));
        table.add(row);
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
