#include "cairn/train/checkpoint.h"

#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "cairn/data/canonical.h"
#include "cairn/io/safetensors.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ranges>
#include <set>

namespace cairn::train {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kept_earlier = 1;
constexpr std::string_view slot_prefix = "optimizer/";

std::vector<std::uint8_t> bytes_of(const Tensor& tensor) {
    std::vector<std::uint8_t> bytes(tensor.bytes());
    tensor.download(bytes.data());
    return bytes;
}

// Tells a file that a disk or a crash has changed from one that is whole. `about` is the rest of the metadata.
std::string checksum(const io::NamedTensors& tensors, const io::Metadata& about) {
    // Those of earlier versions, which have no settings, are summed up without the names.
    std::vector<std::string> texts;
    for (const auto& [key, value] : about) texts.push_back(value);
    if (about.contains("settings"))
        for (const auto& [key, value] : about) texts.push_back(key);
    const std::string words = fmt::format("{}", fmt::join(texts, " "));
    std::uint64_t sum = data::record_hash({reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}, 0);
    for (const auto& [name, tensor] : tensors)
        sum = sum * 0x9E3779B97F4A7C15u + data::record_hash(bytes_of(tensor), static_cast<std::int32_t>(tensor.size()));
    return fmt::format("{:016x}", sum);
}

// The names of the checkpoints in a folder, the newest first.
std::vector<std::string> checkpoints_in(const fs::path& folder) {
    std::vector<std::string> names = names_in(folder);
    std::erase_if(names, [](const std::string& name) { return !is_checkpoint(name); });
    std::ranges::sort(names, std::greater());
    return names;
}

// The history as a tensor (E, columns), and back.
Tensor history_tensor(const std::vector<EpochRecord>& epochs) {
    std::vector<double> values;
    std::int64_t columns = 0;
    const EpochRecord none;
    for_each_column(none, [&](const char*, auto, const char*) { ++columns; });
    if (!epochs.empty()) columns += static_cast<std::int64_t>(2 * epochs.front().metrics.size());
    for (const EpochRecord& epoch : epochs) {
        for_each_column(epoch, [&](const char*, auto value, const char*) { values.push_back(value); });
        values.insert(values.end(), epoch.metrics.begin(), epoch.metrics.end());
        values.insert(values.end(), epoch.val_metrics.begin(), epoch.val_metrics.end());
    }
    return from_values({static_cast<std::int64_t>(epochs.size()), columns}, values, Device::cpu());
}

// A number of a checkpoint that counts something. The cast of one that does not fit would be undefined.
template <typename T>
T count(double value, const std::string& what) {
    constexpr double largest = std::min(9007199254740992.0, static_cast<double>(std::numeric_limits<T>::max()));
    check(value >= 0 && value <= largest && value == std::floor(value), "its number of {} is {}", what, value);
    return static_cast<T>(value);
}

double amount(double value, const std::string& what) {
    check(value >= 0 && std::isfinite(value), "its {} are {}", what, value);
    return value;
}

std::int64_t parse_steps(const std::string& text) {
    std::int64_t steps = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), steps);
    check(error == std::errc() && end == text.data() + text.size() && steps >= 0, "its number of steps is '{}'", text);
    return steps;
}

std::vector<EpochRecord> epochs_of(const Tensor& history) {
    std::vector<EpochRecord> epochs(static_cast<std::size_t>(history.dim(0)));
    const std::vector<double> values = history.to_vector<double>();
    const std::int64_t metrics = (history.dim(1) - history_tensor({}).dim(1)) / 2;
    auto next = values.begin();
    int number = 0;
    for (EpochRecord& epoch : epochs) {
        for_each_column(epoch, [&]<typename T>(const char* name, T& value, const char*) {
            if constexpr (std::is_same_v<T, int>) value = count<int>(*next++, name);
            else value = *next++;
        });
        check(epoch.epoch == ++number, "its epoch {} stands where {} belongs", epoch.epoch, number);
        epoch.metrics.assign(next, next + metrics);
        epoch.val_metrics.assign(next + metrics, next + 2 * metrics);
        next += 2 * metrics;
    }
    return epochs;
}

FitState state_of(const Tensor& history, const Tensor& epoch) {
    const std::vector<double> sums = epoch.to_vector<double>();
    const std::int64_t more = history.dim(1) - history_tensor({}).dim(1);
    check(sums.size() >= 5 && more >= 0 && more % 2 == 0, "it is not of this version");
    return {.history = {epochs_of(history)},
            .epoch = {count<std::int64_t>(sums[0], "batches"),
                      count<std::int64_t>(sums[1], "samples"),
                      sums[2],
                      amount(sums[3], "right answers"),
                      {sums.begin() + 5, sums.end()}},
            .seconds = amount(sums[4], "seconds")};
}

// Throws Error that names the settings in which the run of a checkpoint differs from the one that goes on.
void check_settings(const std::string& noted, const std::string& settings) {
    const Json was = Json::parse(noted), is = Json::parse(settings);
    if (was.empty() || is.empty()) return;
    check(was.is_object(), "its settings are {}", noted);
    std::set<std::string> names;
    for (const Json* object : {&was, &is})
        for (const auto& [name, value] : object->items()) names.insert(name);
    const auto text = [](const Json& object, const std::string& name) {
        return object.contains(name) ? object.at(name).dump() : "the usual one";
    };
    std::vector<std::string> differences;
    for (const std::string& name : names)
        if (!was.contains(name) || !is.contains(name) || was.at(name) != is.at(name))
            differences.push_back(fmt::format("\"{}\" {}, not {}", name, text(was, name), text(is, name)));
    check(differences.empty(), "it was computed with {}; config.json was changed: undo that, or begin a new run",
          fmt::join(differences, ", "));
}

// What to tell of a run that goes on with another number of threads, by --threads or by a config.json that was changed.
std::string remark_on_threads(io::Metadata& about, const CheckpointOwner& owner) {
    if (owner.threads == 0 || !about.contains("threads") || about["threads"] == std::to_string(owner.threads))
        return "";
    return fmt::format(
        "warning: the run was computed with --threads {} and goes on with --threads {}, which rounds sums in another "
        "way; "
        "its weights will differ in their last digits from those of a run without a break",
        about["threads"], owner.threads);
}

// Loads one checkpoint. Throws, and changes nothing, unless all of it fits. `remark`: what the user should know of it.
FitState load(const fs::path& path, const CheckpointOwner& owner, nn::Model& model, optim::Optimizer& optimizer,
              std::string& remark) {
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto tensor = [&](const std::string& key, DType dtype, int rank) {
        const auto found = std::ranges::find(file.tensors, key, &std::pair<std::string, Tensor>::first);
        check(found != file.tensors.end() && found->second.dtype() == dtype && found->second.rank() == rank,
              "it has no {} tensor \"{}\" of {} axes", name_of(dtype), key, rank);
        return found->second;
    };
    io::Metadata about = file.metadata;
    const std::string noted = about["checksum"];
    about.erase("checksum");
    const std::string sum = checksum(file.tensors, about);
    check(sum == noted, "it is damaged: its checksum is {}, not {}", sum, noted);
    check(about["optimizer"] == optimizer.name(), "it holds the state of {}, not of {}", about["optimizer"],
          optimizer.name());
    // Checkpoints of earlier versions do not name their model, nor their settings.
    check(!about.contains("model") || about["model"] == owner.model, "it is of the model {}, not of {}", about["model"],
          owner.model);
    if (about.contains("settings")) check_settings(about["settings"], owner.settings);

    const Tensor values = tensor("values", model.values().dtype(), 1),
                 state = tensor("state", model.state().dtype(), 1);
    check(values.shape() == model.values().shape() && state.shape() == model.state().shape(),
          "it holds arenas {} and {}, but the model's are {} and {}; it is of another model", values.shape(),
          state.shape(), model.values().shape(), model.state().shape());
    std::vector<std::pair<std::string, Tensor>> slots;
    for (const auto& [key, slot] : file.tensors) {
        if (!key.starts_with(slot_prefix)) continue;
        check(slot.shape() == values.shape() && slot.dtype() == values.dtype(), "its {} is {} {}, not {} {}", key,
              name_of(slot.dtype()), slot.shape(), name_of(values.dtype()), values.shape());
        slots.emplace_back(key.substr(slot_prefix.size()), to_device(slot, model.options().device));
    }
    FitState result = state_of(tensor("history", DType::float64, 2), tensor("epoch", DType::float64, 1));
    optimizer.restore(parse_steps(about["steps"]), slots);
    model.values().upload(bytes_of(values).data());
    model.state().upload(bytes_of(state).data());
    remark = remark_on_threads(about, owner);
    return result;
}

}  // namespace

CheckpointOwner::CheckpointOwner(const RunConfig& config)
    : model(config.model), settings(deciding_settings(config).dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (config.device == "cpu") threads = config.threads;  // GPUs have none, and the reference takes one
}

bool is_checkpoint(const std::string& name) {
    constexpr std::string_view start = "step-", end = ".safetensors";
    return name.size() > start.size() + end.size() && name.starts_with(start) && name.ends_with(end) &&
           std::all_of(name.begin() + start.size(), name.end() - end.size(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

void save_checkpoint(const fs::path& folder, const CheckpointOwner& owner, const nn::Model& model,
                     const optim::Optimizer& optimizer, const FitState& state) {
    io::NamedTensors tensors{{"values", model.values()}, {"state", model.state()}};
    for (const auto& [key, slot] : optimizer.slots()) tensors.emplace_back(std::string(slot_prefix) + key, slot);
    const MeterSums& sums = state.epoch;
    std::vector<double> epoch{static_cast<double>(sums.batches), static_cast<double>(sums.samples), sums.loss,
                              sums.correct, state.seconds};
    epoch.insert(epoch.end(), sums.metrics.begin(), sums.metrics.end());
    tensors.emplace_back("history", history_tensor(state.history.epochs));
    tensors.emplace_back("epoch", from_values({static_cast<std::int64_t>(epoch.size())}, epoch, Device::cpu()));
    io::Metadata about{{"model", owner.model},
                       {"optimizer", optimizer.name()},
                       {"steps", std::to_string(optimizer.steps())},
                       {"settings", owner.settings}};
    if (owner.threads > 0) about["threads"] = std::to_string(owner.threads);
    about["checksum"] = checksum(tensors, about);

    make_folder(folder);
    remove_leftovers(folder, is_checkpoint);
    const std::string file = fmt::format("step-{:09}.safetensors", optimizer.steps());
    io::write_safetensors(folder / file, tensors, about);
    std::vector<std::string> earlier = checkpoints_in(folder);  // a later one could not be used, but may be mended
    std::erase_if(earlier, [&](const std::string& other) { return other >= file; });
    std::error_code ignored;  // one that stays does no harm
    for (std::size_t i = kept_earlier; i < earlier.size(); ++i) fs::remove(folder / earlier[i], ignored);
}

fs::path load_checkpoint(const fs::path& folder, const CheckpointOwner& owner, nn::Model& model,
                         optim::Optimizer& optimizer, FitState& state, const Warn& warn) {
    std::vector<std::string> skipped;
    for (const std::string& file : checkpoints_in(folder)) {
        std::string remark;
        try {
            state = load(folder / file, owner, model, optimizer, remark);
        } catch (const std::exception& error) {  // of JSON, too, and of memory that there is not
            const std::string path = (folder / file).string(), why = error.what();
            skipped.push_back(why.find(path) != std::string::npos ? why
                                                                  : fmt::format("{} cannot be used: {}", path, why));
            continue;
        }
        for (const std::string& why : skipped) warn(fmt::format("{}; the earlier {} is used", why, file));
        if (!remark.empty()) warn(remark);
        return folder / file;
    }
    check(skipped.empty(),
          "{}\nNo earlier checkpoint is whole, so the run cannot go on. Nothing was changed: try again when that is "
          "mended, or begin a new run in another folder.",
          fmt::join(skipped, "\n"));
    return {};
}

}  // namespace cairn::train
