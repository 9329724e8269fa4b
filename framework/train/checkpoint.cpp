#include "train/checkpoint.h"

#include "backend/devices.h"
#include "core/file.h"
#include "data/canonical.h"
#include "io/safetensors.h"

#include <algorithm>

namespace cairn::train {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept_earlier = 1;
constexpr std::string_view slot_prefix = "optimizer/";
constexpr std::int64_t columns = 8;

std::vector<double> row(const EpochRecord& r) {
    return {static_cast<double>(r.epoch),
            r.loss,
            r.accuracy,
            r.val_loss,
            r.val_accuracy,
            r.seconds,
            r.ms_per_step,
            r.learning_rate};
}

EpochRecord record(const double* r) { return {static_cast<int>(r[0]), r[1], r[2], r[3], r[4], r[5], r[6], r[7]}; }

std::vector<std::uint8_t> bytes_of(const Tensor& tensor) {
    std::vector<std::uint8_t> bytes(tensor.bytes());
    tensor.download(bytes.data());
    return bytes;
}

// Tells a file that a disk or a crash has changed from one that is whole.
std::string checksum(const io::NamedTensors& tensors, const std::string& optimizer, const std::string& steps) {
    const std::string words = optimizer + " " + steps;
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

// What a checkpoint holds, compared with what it is to be loaded into.
struct Contents {
    Tensor values, state;
    std::vector<std::pair<std::string, Tensor>> slots;
    std::int64_t steps = 0;
    FitState fit;
};

Contents read(const fs::path& path, const nn::Model& model, const optim::Optimizer& optimizer) {
    const io::Safetensors file = io::read_safetensors(path, backend(Device::cpu()).allocator());
    const auto text = [&](const char* key) {
        const auto found = file.metadata.find(key);
        check(found != file.metadata.end(), "{} has no \"{}\" in its metadata", path.string(), key);
        return found->second;
    };
    const auto tensor = [&](const std::string& name, DType dtype) {
        const auto found = std::ranges::find(file.tensors, name, &std::pair<std::string, Tensor>::first);
        check(found != file.tensors.end() && found->second.dtype() == dtype, "{} has no {} tensor \"{}\"",
              path.string(), name_of(dtype), name);
        return found->second;
    };
    const std::string steps = text("steps"), sum = checksum(file.tensors, text("optimizer"), steps);
    check(sum == text("checksum"), "{} is damaged: its checksum is {}, not {}", path.string(), sum, text("checksum"));
    check(text("optimizer") == optimizer.name(), "{} holds the state of {}, not of {}", path.string(),
          text("optimizer"), optimizer.name());

    Contents contents;
    contents.values = tensor("values", model.values().dtype());
    contents.state = tensor("state", model.state().dtype());
    contents.steps = std::stoll(steps);
    check(contents.values.shape() == model.values().shape() && contents.state.shape() == model.state().shape(),
          "{} holds arenas {} and {}, but the model's are {} and {}; it is of another model", path.string(),
          contents.values.shape(), contents.state.shape(), model.values().shape(), model.state().shape());
    for (const auto& [name, slot] : file.tensors)
        if (name.starts_with(slot_prefix)) contents.slots.emplace_back(name.substr(slot_prefix.size()), slot);

    const std::vector<double> epoch = tensor("epoch", DType::float64).to_vector<double>();
    const std::vector<double> history = tensor("history", DType::float64).to_vector<double>();
    check(epoch.size() == 5 && history.size() % columns == 0, "{} is not a checkpoint of this version", path.string());
    for (std::size_t i = 0; i < history.size(); i += columns)
        contents.fit.history.epochs.push_back(record(&history[i]));
    contents.fit.epoch = {static_cast<std::int64_t>(epoch[0]), static_cast<std::int64_t>(epoch[1]), epoch[2], epoch[3]};
    contents.fit.seconds = epoch[4];
    return contents;
}

}  // namespace

bool is_checkpoint(const std::string& name) {
    constexpr std::string_view start = "step-", end = ".safetensors";
    return name.size() > start.size() + end.size() && name.starts_with(start) && name.ends_with(end) &&
           std::all_of(name.begin() + start.size(), name.end() - end.size(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

void save_checkpoint(const fs::path& folder, const nn::Model& model, const optim::Optimizer& optimizer,
                     const FitState& state) {
    io::NamedTensors tensors{{"values", model.values()}, {"state", model.state()}};
    for (const auto& [name, slot] : optimizer.slots()) tensors.emplace_back(std::string(slot_prefix) + name, slot);
    std::vector<double> history;
    for (const EpochRecord& epoch : state.history.epochs) std::ranges::copy(row(epoch), std::back_inserter(history));
    tensors.emplace_back("history", from_values({static_cast<std::int64_t>(state.history.epochs.size()), columns},
                                                history, Device::cpu()));
    tensors.emplace_back("epoch", from_values({5},
                                              std::vector<double>{static_cast<double>(state.epoch.batches),
                                                                  static_cast<double>(state.epoch.samples),
                                                                  state.epoch.loss, state.epoch.correct, state.seconds},
                                              Device::cpu()));

    make_folder(folder);
    remove_leftovers(folder, is_checkpoint);
    const std::string steps = std::to_string(optimizer.steps());
    const std::string name = fmt::format("step-{:09}.safetensors", optimizer.steps());
    io::write_safetensors(
        folder / name, tensors,
        {{"optimizer", optimizer.name()}, {"steps", steps}, {"checksum", checksum(tensors, optimizer.name(), steps)}});
    std::vector<std::string> earlier = checkpoints_in(folder);  // a later one could not be used, but may be mended
    std::erase_if(earlier, [&](const std::string& other) { return other >= name; });
    std::error_code ignored;  // one that stays does no harm
    for (std::size_t i = kept_earlier; i < earlier.size(); ++i) fs::remove(folder / earlier[i], ignored);
}

fs::path load_checkpoint(const fs::path& folder, nn::Model& model, optim::Optimizer& optimizer, FitState& state,
                         const Warn& warn) {
    std::vector<std::string> skipped;
    for (const std::string& name : checkpoints_in(folder)) {
        try {
            const Contents contents = read(folder / name, model, optimizer);
            std::vector<std::pair<std::string, Tensor>> slots;
            for (const auto& [slot_name, slot] : contents.slots)
                slots.emplace_back(slot_name, to_device(slot, model.options().device));
            optimizer.restore(contents.steps, slots);
            model.values().upload(bytes_of(contents.values).data());
            model.state().upload(bytes_of(contents.state).data());
            state = contents.fit;
            for (const std::string& why : skipped) warn(fmt::format("{}; the earlier {} is used", why, name));
            return folder / name;
        } catch (const Error& error) {
            skipped.emplace_back(error.what());
        }
    }
    check(skipped.empty(),
          "{}\nNo earlier checkpoint is whole, so the run cannot go on. Nothing was changed: try again when that is "
          "mended, or begin a new run in another folder.",
          fmt::join(skipped, "\n"));
    return {};
}

}  // namespace cairn::train
