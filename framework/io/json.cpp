#include "cairn/io/json.h"

#include "cairn/io/limited_file.h"

#include <algorithm>
#include <vector>

namespace cairn::io {

namespace {

constexpr std::size_t most_shown = 60, most_said = 300;  // characters

std::string cut(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (text[most] & 0xc0) == 0x80) --most;  // not in the middle of a character
    return text.substr(0, most) + "…";
}

// Builds the values as nlohmann's parser reports them. The parser itself keeps no stack of calls; its own way to build values
// looks at all members of an object whenever one more is complete.
class Builder final : public nlohmann::json_sax<Json> {
public:
    Builder(const JsonSource& source, const JsonLimits& limits) : source_(source), limits_(limits) {}

    Json take() { return std::move(root_); }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(std::int64_t value) override { return add(value); }
    bool number_unsigned(std::uint64_t value) override { return add(value); }
    bool number_float(double value, const std::string&) override { return add(value); }
    bool string(std::string& value) override { return add(std::move(value)); }
    bool binary(Json::binary_t&) override { return false; }  // JSON has none

    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool key(std::string& name) override {
        name_ = std::move(name);
        return true;
    }
    bool end_object() override {
        const auto& members = open_.back()->get_ref<const Json::object_t&>();
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const auto& [name, value] : members) names.push_back(name);
        std::ranges::sort(names);
        const auto twice = std::ranges::adjacent_find(names);
        check(twice == names.end(), "{}: the name \"{}\" stands twice{}; {}", source_.file,
              twice == names.end() ? "" : cut(std::string(*twice), most_shown),
              source_.part.empty() ? "" : " in " + source_.part, source_.remedy);
        return end_array();
    }
    bool end_array() override {
        open_.pop_back();
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
        // nlohmann counts bytes from 1.
        fail("{} is not JSON at byte {} of the file; {} ({})", subject(),
             source_.start + std::max<std::size_t>(position, 1) - 1, source_.remedy, cut(error.what(), most_said));
    }

private:
    std::string subject() const {
        return source_.part.empty() ? source_.file : fmt::format("{}: {}", source_.file, source_.part);
    }

    // Where the value is kept. Only the innermost object or list grows, so the addresses of those around it stay.
    Json& place(Json value) {
        check(++values_ <= limits_.values, "{} holds more than {} values; {}", subject(), limits_.values,
              source_.remedy);
        if (open_.empty()) return root_ = std::move(value);
        Json& parent = *open_.back();
        if (parent.is_array()) return parent.emplace_back(std::move(value));
        // Not by the object's own functions, which compare the name with all others.
        return parent.get_ref<Json::object_t&>().emplace_back(std::move(name_), std::move(value)).second;
    }
    bool add(Json value) {
        place(std::move(value));
        return true;
    }
    bool open(Json value) {
        check(open_.size() < limits_.depth, "{} has more than {} objects and lists inside one another; {}", subject(),
              limits_.depth, source_.remedy);
        open_.push_back(&place(std::move(value)));
        return true;
    }

    const JsonSource& source_;
    const JsonLimits& limits_;
    Json root_;
    std::vector<Json*> open_;
    std::string name_;
    std::size_t values_ = 0;
};

}  // namespace

Json parse_json(std::string_view text, const JsonSource& source, const JsonLimits& limits) {
    Builder builder(source, limits);
    Json::sax_parse(text.begin(), text.end(), &builder);  // parse_error throws
    return builder.take();
}

Json read_json(const std::filesystem::path& path, std::uint64_t most, const std::string& remedy) {
    const std::vector<std::uint8_t> bytes = read_limited_file(path, most);
    return parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                      {.file = path.string(), .remedy = remedy});
}

std::string shown(const Json& value) {
    if (value.is_array()) return "a list";
    if (value.is_object()) return "an object";
    const Json part = value.is_string() ? Json(cut(value.get_ref<const std::string&>(), most_shown)) : value;
    return part.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cairn::io
