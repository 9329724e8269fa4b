#include "cairn/app/nearest.h"

#include <algorithm>
#include <numeric>

namespace cairn::app {

namespace {

// d(i, j), the distance between the first i characters of a and the first j of b, is the least of
//   d(i - 1, j) + 1    d(i, j - 1) + 1    d(i - 1, j - 1) + (a[i - 1] != b[j - 1])
// A row depends on the row above it alone.
std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t least = 0;
    const std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());  // an option's are no likeness
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (2 * distance > std::max(word.size(), candidate.size()) - dashes || (!best.empty() && distance >= least))
            continue;
        best = candidate;
        least = distance;
    }
    return best;
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
    const std::string near = nearest(word, known);
    return near.empty() ? "" : "; did you mean " + near + "?";
}

}  // namespace cairn::app
