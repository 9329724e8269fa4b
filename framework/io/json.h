// JSON that somebody else may have written: nothing in it makes the reader run out of memory, of time or of the stack.
#pragma once

#include "cairn/core/error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cairn::io {

using Json = nlohmann::ordered_json;

// What a message says about a text that is not as it should be.
struct JsonSource {
    std::string file;
    std::string part{};      // of the file: "the header"; empty: all of it
    std::uint64_t start{0};  // the byte of the file at which the text begins
    std::string remedy{};
};

struct JsonLimits {
    std::size_t depth = 32;           // objects and lists inside one another
    std::size_t values = 10'000'000;  // of all kinds, together
};

// Objects keep the order of their names. Throws Error, and nothing else: for what is no JSON, a number that is too large, a
// name that an object holds twice, and what goes beyond the limits.
Json parse_json(std::string_view text, const JsonSource& source, const JsonLimits& limits = {});

// The JSON of a file of at most `most` bytes. Throws Error.
Json read_json(const std::filesystem::path& path, std::uint64_t most, const std::string& remedy);

// A value as it is shown in a message, cut where it is long.
std::string shown(const Json& value);

// The value as a bool, a number or a text. Throws Error where it is of another kind, or a whole number that T does not hold:
// nlohmann::json would convert what C++ cannot.
template <typename T>
T json_as(const Json& value, const std::string& name) {
    if constexpr (std::is_same_v<T, bool>) {
        check(value.is_boolean(), "\"{}\" is {}; it should be true or false", name, shown(value));
    } else if constexpr (std::is_integral_v<T>) {
        check(value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                         : value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>()),
              "\"{}\" is {}; it should be a whole number that is not too large", name, shown(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        check(value.is_number(), "\"{}\" is {}; it should be a number", name, shown(value));
    } else {
        check(value.is_string(), "\"{}\" is {}; it should be a text", name, shown(value));
    }
    return value.get<T>();
}

}  // namespace cairn::io
