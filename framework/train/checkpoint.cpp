#include "cairn/train/checkpoint.h"

#include "cairn/backend/devices.h"
#include "cairn/core/file.h"
#include "cairn/data/canonical.h"
#include "cairn/io/safetensors.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>

namespace cairn::train {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_earlier = 1;
constexpr std::string_view slot_prefix = "optimizer/";
std::vector<std::uint8_t> bytes_of(const Tensor& tensor) {
    std::vector<std::uint8_t> bytes(tensor.bytes());
    tensor.download(bytes.data());
    return bytes;
}

// Tells a file that a disk or a crash has changed from one that is whole. `about` is the rest of the metadata.
std::string checksum(const io::NamedTensors& tensors, const io::Metadata& about) {
    const std::string words = fmt::format("{}", fmt::join(about | std::views::values, " "));
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

std::vector<EpochRecord> epochs_of(const Tensor& history) {
    std::vector<EpochRecord> epochs(static_cast<std::size_t>(history.dim(0)));
    const std::vector<double> values = history.to_vector<double>();
    const std::int64_t metrics = (history.dim(1) - history_tensor({}).dim(1)) / 2;
    auto next = values.begin();
    for (EpochRecord& epoch : epochs) {
        for_each_column(epoch,
                        [&]<typename T>(const char*, T& value, const char*) { value = static_cast<T>(*next++); });
        epoch.metrics.assign(next, next + metrics);
        epoch.val_metrics.assign(next + metrics, next + 2 * metrics);
        next += 2 * metrics;
    }
    return epochs;
}

// Loads one checkpoint. Throws Error, and changes nothing, unless all of it fits.
FitState load(const fs::path& path, const std::string& name, nn::Model& model, optim::Optimizer& optimizer) {
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto tensor = [&](const std::string& key, DType dtype, int rank) {
        const auto found = std::ranges::find(file.tensors, key, &std::pair<std::string, Tensor>::first);
        check(found != file.tensors.end() && found->second.dtype() == dtype && found->second.rank() == rank,
              "{} has no {} tensor \"{}\" of {} axes", path.string(), name_of(dtype), key, rank);
        return found->second;
    };
    io::Metadata about = file.metadata;
    const std::string noted = about["checksum"];
    about.erase("checksum");
    const std::string sum = checksum(file.tensors, about);
    check(sum == noted, "{} is damaged: its checksum is {}, not {}", path.string(), sum, noted);
    check(about["optimizer"] == optimizer.name(), "{} holds the state of {}, not of {}", path.string(),
          about["optimizer"], optimizer.name());
    // Checkpoints of earlier versions do not name their model.
    check(!about.contains("model") || about["model"] == name, "{} is of the model {}, not of {}", path.string(),
          about["model"], name);

    const Tensor values = tensor("values", model.values().dtype(), 1),
                 state = tensor("state", model.state().dtype(), 1);
    check(values.shape() == model.values().shape() && state.shape() == model.state().shape(),
          "{} holds arenas {} and {}, but the model's are {} and {}; it is of another model", path.string(),
          values.shape(), state.shape(), model.values().shape(), model.state().shape());
    std::vector<std::pair<std::string, Tensor>> slots;
    for (const auto& [key, slot] : file.tensors)
        if (key.starts_with(slot_prefix))
            slots.emplace_back(key.substr(slot_prefix.size()), to_device(slot, model.options().device));
    const std::vector<double> epoch = tensor("epoch", DType::float64, 1).to_vector<double>();
    const Tensor history = tensor("history", DType::float64, 2);
    const std::int64_t more = history.dim(1) - history_tensor({}).dim(1);
    check(epoch.size() >= 5 && more >= 0 && more % 2 == 0, "{} is not a checkpoint of this version", path.string());

    optimizer.restore(std::stoll(about["steps"]), slots);
    model.values().upload(bytes_of(values).data());
    model.state().upload(bytes_of(state).data());
    return {.history = {epochs_of(history)},
            .epoch = {static_cast<std::int64_t>(epoch[0]),
                      static_cast<std::int64_t>(epoch[1]),
                      epoch[2],
                      epoch[3],
                      {epoch.begin() + 5, epoch.end()}},
            .seconds = epoch[4]};
}

}  // namespace

bool is_checkpoint(const std::string& name) {
    constexpr std::string_view start = "step-", end = ".safetensors";
    return name.size() > start.size() + end.size() && name.starts_with(start) && name.ends_with(end) &&
           std::all_of(name.begin() + start.size(), name.end() - end.size(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

void save_checkpoint(const fs::path& folder, const std::string& name, const nn::Model& model,
                     const optim::Optimizer& optimizer, const FitState& state) {
    io::NamedTensors tensors{{"values", model.values()}, {"state", model.state()}};
    for (const auto& [key, slot] : optimizer.slots()) tensors.emplace_back(std::string(slot_prefix) + key, slot);
    const MeterSums& sums = state.epoch;
    std::vector<double> epoch{static_cast<double>(sums.batches), static_cast<double>(sums.samples), sums.loss,
                              sums.correct, state.seconds};
    epoch.insert(epoch.end(), sums.metrics.begin(), sums.metrics.end());
    tensors.emplace_back("history", history_tensor(state.history.epochs));
    tensors.emplace_back("epoch", from_values({static_cast<std::int64_t>(epoch.size())}, epoch, Device::cpu()));
    io::Metadata about{{"model", name}, {"optimizer", optimizer.name()}, {"steps", std::to_string(optimizer.steps())}};
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

fs::path load_checkpoint(const fs::path& folder, const std::string& name, nn::Model& model, optim::Optimizer& optimizer,
                         FitState& state, const Warn& warn) {
    std::vector<std::string> skipped;
    for (const std::string& file : checkpoints_in(folder)) {
        try {
            state = load(folder / file, name, model, optimizer);
        } catch (const Error& error) {
            skipped.emplace_back(error.what());
            continue;
        }
        for (const std::string& why : skipped) warn(fmt::format("{}; the earlier {} is used", why, file));
        return folder / file;
    }
    check(skipped.empty(),
          "{}\nNo earlier checkpoint is whole, so the run cannot go on. Nothing was changed: try again when that is "
          "mended, or begin a new run in another folder.",
          fmt::join(skipped, "\n"));
    return {};
}

}  // namespace cairn::train
