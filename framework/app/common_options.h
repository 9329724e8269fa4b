// The options that every command has, and those that several share.
#pragma once

#include "app/command.h"
#include "app/registry.h"
#include "data/locate.h"

#include <filesystem>
#include <functional>
#include <string>

namespace cairn::app {

// --threads, --device and --seed.
struct CommonOptions {
    int threads = 0;  // 0: as many as there are processors
    std::string device = "auto";
    std::uint64_t seed = 0;

    // The device to work on, which is there, for numbers of this type. Throws Error if it is not.
    Device chosen_device(DType dtype = DType::float32) const;
};
void add_common_options(const Command& command, CommonOptions& options);

// The device that --device auto means: the first real GPU for float32, if there is one; else cpu. Never a software GPU. To
// find out, it starts Vulkan.
Device automatic_device(DType dtype);

// --data and --limit.
struct DataOptions {
    std::string folder;
    std::int64_t limit = 0;  // of the training and of the test images alike; 0: all
};
void add_data_options(const Command& command, DataOptions& options,
                      const std::string& about_limit = "use the first N training and the first N test images only");
// Finds and loads the data set, and cuts it. Throws Error.
data::Located load_data(const DataOptions& options);

// A folder that does not exist yet: runs/NAME, or the first of runs/NAME-2, runs/NAME-3, … It is not made.
std::filesystem::path new_folder(const std::string& name);

Option add_model_option(const Command& command, std::string& model);
Option add_json_option(const Command& command, bool& json);

// A command line that asks for what cannot be: exit status 2, with a hint at --help.
class UsageError : public Error {
public:
    using Error::Error;
};

// What the commands share: the models, the common options, and what to do once the command line has been read.
struct Session {
    explicit Session(const Registry& models) : registry(models) {}

    const Registry& registry;
    CommonOptions common;
    std::string command_line;     // as typed
    std::function<int()> chosen;  // runs the command that was given and returns the exit status
};

// A command with the common options. `does` is its line in the list of commands; `details` stands below its --help.
Command add_command(const Command& parent, Session& session, const std::string& name, const std::string& does,
                    const std::string& details);

// What a command does: session.chosen becomes run when the command line names it. run may throw UsageError.
void on_command(const Command& command, Session& session, std::function<int()> run);

}  // namespace cairn::app
