// Settings: what a layer was made with, for people and programs to read (cairn summary).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::nn {

struct Regularizer;

class Settings {
public:
    using Sizes = std::vector<std::int64_t>;
    using Value = std::variant<bool, double, std::string, Sizes>;
    struct Setting {
        std::string name;  // the argument's, as Keras has it: "padding"
        Value value;
        bool is_usual = false;  // the default, which a reader need not be told
    };

    void add(const std::string& name, Value value) { all_.push_back({name, std::move(value), false}); }
    void add(const std::string& name, Value value, const Value& usual) {
        const bool is_usual = value == usual;
        all_.push_back({name, std::move(value), is_usual});
    }
    // "kernel_l2" and "kernel_l1", those that are not 0; `of`: what is penalized.
    void add_penalty(const std::string& of, const Regularizer& regularizer);

    const std::vector<Setting>& all() const { return all_; }

private:
    std::vector<Setting> all_;
};

inline Settings::Sizes sizes(const std::array<std::int64_t, 2>& size) { return {size.begin(), size.end()}; }

// Those that all convolutions have.
template <typename Options>
Settings settings_of_window(const std::array<std::int64_t, 2>& kernel_size, const Options& options) {
    Settings settings;
    settings.add("kernel_size", sizes(kernel_size));
    settings.add("padding", std::string(name_of(options.padding)));
    settings.add("strides", sizes(options.strides), Settings::Sizes{1, 1});
    settings.add("dilation_rate", sizes(options.dilation_rate), Settings::Sizes{1, 1});
    settings.add("activation", options.activation.name(), std::string("linear"));
    settings.add("use_bias", options.use_bias, true);
    settings.add_penalty("bias", options.bias_regularizer);
    settings.add_penalty("activity", options.activity_regularizer);
    return settings;
}

}  // namespace cairn::nn
