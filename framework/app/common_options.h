// The options that every command has, and those that several share.
#pragma once

#include "app/registry.h"
#include "data/locate.h"

#include <functional>
#include <string>

namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace cairn::app {

// --threads, --device and --seed.
struct CommonOptions {
    int threads = 0;  // 0: as many as there are processors
    std::string device = "auto";
    std::uint64_t seed = 0;

    // The device to work on, which is there, for numbers of this type. Throws Error if it is not.
    Device chosen_device(DType dtype = DType::float32) const;
};
void add_common_options(CLI::App& command, CommonOptions& options);

// The device that --device auto means: the first real GPU for float32, if there is one; else cpu. Never a software GPU. To
// find out, it starts Vulkan.
Device automatic_device(DType dtype);

// --data and --limit.
struct DataOptions {
    std::string folder;
    std::int64_t limit = 0;  // of the training and of the test images alike; 0: all
};
void add_data_options(CLI::App& command, DataOptions& options);
// Finds and loads the data set, and cuts it. Throws Error.
data::Located load_data(const DataOptions& options);

void add_json_option(CLI::App& command, bool& json);

// For option->transform(): accepts whole numbers of at least `least`, in decimal, and nothing that C++ would read
// otherwise.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);

// What the commands share: the models, the common options, and what to do once the command line has been read.
struct Session {
    explicit Session(const Registry& models) : registry(models) {}

    const Registry& registry;
    CommonOptions common;
    std::string command_line;     // as typed
    std::function<int()> chosen;  // runs the command that was given and returns the exit status
};

// A command with the common options. `does` is its line in the list of commands; `details` stands below its --help.
CLI::App& add_command(CLI::App& parent, Session& session, const std::string& name, const std::string& does,
                      const std::string& details);

// What a command does: session.chosen becomes run when the command line names it.
void on_command(CLI::App& command, Session& session, std::function<int()> run);

}  // namespace cairn::app
