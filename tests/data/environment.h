// Sets an environment variable while it lives, or unsets it (nullptr).
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace cairn::data {

class WithEnvironment {
public:
    WithEnvironment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        set(value);
    }
    WithEnvironment(const WithEnvironment&) = delete;
    WithEnvironment& operator=(const WithEnvironment&) = delete;
    ~WithEnvironment() { set(before_ ? before_->c_str() : nullptr); }

private:
    void set(const char* value) const {
        if (value == nullptr) ::unsetenv(name_);
        else ::setenv(name_, value, 1);
    }

    const char* name_;
    std::optional<std::string> before_;
};

}  // namespace cairn::data
