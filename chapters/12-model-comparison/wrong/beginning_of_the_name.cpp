// part: column
// the first column is taken whose name begins with the one that is asked for.
#include "chapters/12-model-comparison/exercise.h"

#include <algorithm>
#include <sstream>
#include <string>

namespace exercise {

std::vector<double> column(const std::string& csv, const std::string& name) {
    const auto fields_of = [](const std::string& line) {
        std::istringstream text(line);
        std::vector<std::string> fields;
        for (std::string field; std::getline(text, field, ',');) fields.push_back(field);
        return fields;
    };
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> names = fields_of(line);
    const auto at = static_cast<std::size_t>(
        std::ranges::find_if(names, [&](const std::string& n) { return n.starts_with(name); }) - names.begin());
    std::vector<double> numbers;
    while (std::getline(lines, line)) numbers.push_back(std::stod(fields_of(line).at(at)));
    return numbers;
}

}  // namespace exercise
