#include "cairn/app/run_data.h"

#include "cairn/data/canonical.h"
#include "cairn/data/shapes10.h"

#include <optional>

namespace cairn::app {

namespace {

void limit_to(std::int64_t limit, data::Split& split) {
    if (limit > 0) split = {split.train.first(limit), split.test.first(limit)};
}

bool is_of(const train::RunConfig& config, const data::Split& split) {
    return config.train_hash == data::content_hash(split.train) && config.test_hash == data::content_hash(split.test);
}

// The run's images where commands look without --data: a run that came from another machine names a folder of that one.
std::optional<data::Located> find_elsewhere(const train::RunConfig& config) {
    try {
        data::Located located = data::locate({}, "", config.load);
        limit_to(config.limit, located.split);
        if (is_of(config, located.split)) return located;
    } catch (const Error&) {}  // of other data, of which nobody has spoken
    return std::nullopt;
}

}  // namespace

data::Located load_run_data(const train::RunConfig& config, const std::string& run, const std::string& folder) {
    data::Located located;
    if (!folder.empty()) {
        located = locate_data(folder, "--data", config.load);
    } else if (config.data_folder.empty()) {
        located = {data::make_shapes10(), {}, "Data: shapes10, drawn by cairn as when the run was begun"};
    } else {
        try {
            located = locate_data(config.data_folder, "its config.json", config.load);
        } catch (const Error& error) {
            if (std::optional<data::Located> found = find_elsewhere(config)) return std::move(*found);
            fail("the images of {} that the run in {} was begun with cannot be read; name their folder: --data DIR\n{}",
                 config.dataset, run, error.what());
        }
    }
    limit_to(config.limit, located.split);
    check(is_of(config, located.split),
          "the images of {} {} are not those that the run in {} was begun with; name their folder: --data DIR",
          located.split.train.name, located.folder.empty() ? "that cairn draws" : "in " + located.folder.string(), run);
    return located;
}

}  // namespace cairn::app
