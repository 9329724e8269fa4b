#include "cairn/data/names.h"

#include "cairn/core/error.h"
#include "cairn/core/text.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace cairn::data {

std::string name_of_folder(const std::filesystem::path& folder) {
    static const std::set<std::string> taken = {"cifar-10", "cifar-100",     "cifar-100-coarse", "shapes10",
                                                "mnist",    "fashion-mnist", "images10"};
    std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
    if (!whole.has_filename()) whole = whole.parent_path();  // it ended with a slash
    std::string name = whole.filename().string();
    for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_') c = '-';
    name.erase(0, std::min(name.find_first_not_of(".-"), name.size()));
    if (name.empty()) name = "images";
    return taken.contains(name) ? "my-" + name : name;
}

namespace {

bool is_of_names(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

}  // namespace

void check_data_name(const std::string& name, const std::string& where) {
    constexpr std::size_t most = 100;
    check(!name.empty() && name.size() <= most && std::ranges::all_of(name, is_of_names) &&
              std::isalnum(static_cast<unsigned char>(name.front())) != 0,
          "{} calls its data set '{}'; a name is of letters, digits, '.', '_' and '-', {} at most, and begins with a "
          "letter or a digit",
          where, printable(name, false, most), most);
}

void check_names(const std::vector<std::string>& classes, const std::string& where) {
    constexpr std::size_t most = 200;
    std::set<std::string> seen;
    for (const std::string& name : classes) {
        check(!name.empty() && name.size() <= most && is_plain_text(name) && name.find(',') == std::string::npos,
              "{} has a class '{}'; the name of a class is UTF-8 of at most {} bytes, without commas, line breaks and "
              "other control characters: rename it",
              where, printable(name, false, most), most);
        check(seen.insert(name).second, "{} has two classes '{}'; give each a name of its own", where, name);
    }
}

void check_classes(const std::vector<std::string>& classes, const std::string& where) {
    check(classes.size() >= 2 && classes.size() <= most_classes, "{} has {} class{}; 2 to {} can be told apart", where,
          classes.size(), classes.size() == 1 ? "" : "es", most_classes);
    check_names(classes, where);
}

std::string kind_of_images(const Shape& image_shape) {
    const std::int64_t channels = image_shape[2];
    return fmt::format("{} of {} x {} pixels",
                       channels == 1   ? "grey pictures"
                       : channels == 3 ? "colour pictures"
                                       : fmt::format("images with {} channels", channels),
                       image_shape[0], image_shape[1]);
}

}  // namespace cairn::data
