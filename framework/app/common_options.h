// The options that every command has, and those that several share.
#pragma once

#include "cairn/app/command.h"
#include "cairn/app/registry.h"
#include "cairn/backend/backend.h"
#include "cairn/data/locate.h"

#include <filesystem>
#include <functional>
#include <memory>
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

// The device that --device auto means: for float32 automatic_gpu() of what there is (app/gpus.h); else cpu. Where
// a driver fails while GPUs are looked for (app/gpus.h), it is the cpu, with a warning.
Device automatic_device(DType dtype);

// The device of this name, or the automatic one. Throws Error where a GPU's driver fails: a copy of the program tries it before.
Device device_named(const std::string& text, DType dtype = DType::float32);

// --data and --limit, and how the data set is read.
struct DataOptions {
    std::string folder;
    std::int64_t limit = 0;   // of the training and of the test images alike; 0: all
    data::LoadOptions how{};  // but for the size
    std::string image_size{};

    data::LoadOptions load_options() const;
};
// --labels, --image-size, --crop, --skip-bad and --split-seed.
void add_load_options(const Command& command, DataOptions& options);
// Those, and --data and --limit.
void add_data_options(const Command& command, DataOptions& options,
                      const std::string& about_limit = "use the first N training and the first N test images only");
// --data and how it is read, for a command that needs nothing of the images but what they are like.
void add_description_options(const Command& command, DataOptions& options);
// What those of --data are like; without it CIFAR-10's.
data::Description described_by(const DataOptions& options);
// data::locate, with a progress bar on a terminal; what was left out is told on the error output. Throws Error.
data::Located locate_data(const std::string& folder, const std::string& named_by, const data::LoadOptions& options);
// Finds and loads the data set, cuts it, and, unless told otherwise, prints which one it is. Throws Error.
data::Located load_data(const DataOptions& options, bool announce = true);

// "cairn: …", on the error output.
void warn(const std::string& line);

// Makes a folder that did not exist: runs/NAME, or the first of runs/NAME-2, runs/NAME-3, … Throws Error.
std::filesystem::path new_folder(const std::string& name);

Option add_model_option(const Command& command, std::string& model);
void add_json_option(const Command& command, bool& json);

// The algorithms of --convolution by name.
std::vector<std::string> convolution_names();
// Throws UsageError for an algorithm on another device than the cpu, which alone has several.
ConvolutionAlgorithm convolution_named(const std::string& name, const Device& device);

// A command line that asks for what cannot be: exit status 2, with a hint at --help.
class UsageError : public Error {
public:
    using Error::Error;
};

// What the commands share: the models, what the command line says, and what is to be done.
struct Session {
    explicit Session(const Registry& models) : registry(models) {}

    const Registry& registry;
    CommonOptions common;
    std::string command_line;                  // as typed
    std::map<std::string, std::string> given;  // of its options, those that it names: {"--epochs", "3"}
    std::function<int()> chosen;               // runs the command that was given and returns the exit status
};

struct CommandText {
    std::string name, does;  // "does" is its line in the list of commands
    std::string details;     // below its --help
};

// A command with the common options, which others can be added to.
Command add_group(const Command& parent, Session& session, const CommandText& text);

// A command with the common options and its own: `define` adds those. When the command line names it, `run` does it and
// returns the exit status; it may throw UsageError.
template <typename Options>
void add_command(const Command& parent, Session& session, const CommandText& text,
                 void (*define)(const Command&, Options&), int (*run)(const Session&, const Options&)) {
    const Command command = add_group(parent, session, text);
    const auto options = std::make_shared<Options>();
    define(command, *options);
    command.on_chosen([=, &session] {
        session.given = command.given();
        session.chosen = [=, &session] { return run(session, *options); };
    });
}

}  // namespace cairn::app
