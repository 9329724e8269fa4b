#include "chapters/03-matrix-product/grade_watch.h"

#include <list>
#include <unordered_map>

namespace cairn::course {

namespace {

std::vector<const double*> seen;

}  // namespace

std::vector<const double*> watched(const std::function<void()>& body) {
    seen.clear();
    exercise::Matrix::watch = [](const double* element) { seen.push_back(element); };
    try {
        body();
    } catch (...) {
        exercise::Matrix::watch = nullptr;
        throw;
    }
    exercise::Matrix::watch = nullptr;
    return std::move(seen);
}

Steps steps_in(const exercise::Matrix& matrix, const std::vector<const double*>& places) {
    const double *const begin = matrix.numbers().data(), *const end = begin + matrix.numbers().size();
    Steps steps;
    const double* last = nullptr;
    for (const double* place : places) {
        if (std::less<>()(place, begin) || !std::less<>()(place, end)) continue;
        ++steps.all;
        if (last != nullptr && place != last && place != last + 1) ++steps.jumps;
        last = place;
    }
    return steps;
}

std::size_t misses(const std::vector<const double*>& places, std::size_t size) {
    std::list<const double*> recent;  // the latest one first
    std::unordered_map<const double*, std::list<const double*>::iterator> found;
    std::size_t missed = 0;
    for (const double* place : places) {
        if (const auto known = found.find(place); known != found.end()) {
            recent.splice(recent.begin(), recent, known->second);
            continue;
        }
        ++missed;
        recent.push_front(place);
        found[place] = recent.begin();
        if (recent.size() <= size) continue;
        found.erase(recent.back());
        recent.pop_back();
    }
    return missed;
}

}  // namespace cairn::course
