#include "cairn/data/names.h"

#include "cairn/core/error.h"

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

void check_classes(const std::vector<std::string>& classes, const std::string& where) {
    check(classes.size() >= 2 && classes.size() <= most_classes, "{} has {} class{}; 2 to {} can be told apart", where,
          classes.size(), classes.size() == 1 ? "" : "es", most_classes);
    std::set<std::string> seen;
    for (const std::string& name : classes) {
        check(!name.empty() && name.find_first_of(",\n\r") == std::string::npos,
              "{} has a class '{}'; the name of a class has no comma and no line break: rename it", where, name);
        check(seen.insert(name).second, "{} has two classes '{}'; give each a name of its own", where, name);
    }
}

}  // namespace cairn::data
