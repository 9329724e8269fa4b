// A checkpoint of a small training.
#include "cairn/train/checkpoint.h"
#include "input.h"

using namespace cairn;

namespace {

// A changed input has another checksum. The refusal names both; with the right one the input gets further.
std::string with_right_checksum(std::string_view input, const std::string& refusal) {
    constexpr std::string_view before = "its checksum is ", between = ", not ";
    constexpr std::size_t digits = 16;
    std::string mended(input);
    const std::size_t is = refusal.find(before);
    if (is == refusal.npos || refusal.size() < is + before.size() + 2 * digits + between.size()) return mended;
    const std::string right = refusal.substr(is + before.size(), digits);
    const std::string noted = refusal.substr(is + before.size() + digits + between.size(), digits);
    const std::size_t at = mended.find(noted);
    return at == mended.npos ? mended : mended.replace(at, digits, right);
}

}  // namespace

FUZZ(bytes, size) {
    static const std::filesystem::path folder = fuzz::scratch() / "checkpoint",
                                       file = folder / "step-000000001.safetensors";
    static nn::Sequential model{nn::Input({1, 2, 1}), nn::Flatten(), nn::Dense(2)};
    static optim::Adam adam;
    static const bool ready = [] {
        model.initialize({.device = Device::reference(), .seed = 1});
        return true;
    }();
    train::FitState state;
    const auto load = [&] {
        invariant(ready, "there is no model");
        return fuzz::only_errors(
            [&] { train::load_checkpoint(folder, "fuzzed", model, adam, state, [](const std::string&) {}); });
    };
    const std::string_view input = fuzz::text_of(bytes, size);
    fuzz::put(file, input);
    const std::string refusal = load();
    if (refusal.empty()) return 0;
    fuzz::put(file, with_right_checksum(input, refusal));
    load();
    return 0;
}
