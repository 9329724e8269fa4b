// The order in which an exercise touches its matrices, and what a small cache would say of it.
#pragma once

#include "chapters/03-matrix-product/exercise.h"

#include <functional>
#include <vector>

namespace cairn::course {

// The places that were read or written while `body` ran, one after the other.
std::vector<const double*> watched(const std::function<void()>& body);

struct Steps {
    std::size_t all = 0;    // accesses to the matrix
    std::size_t jumps = 0;  // those that are neither at the place of the one before nor next to it
};
Steps steps_in(const exercise::Matrix& matrix, const std::vector<const double*>& places);

// How many of the accesses miss in a cache that holds the last `size` numbers.
std::size_t misses(const std::vector<const double*>& places, std::size_t size);

}  // namespace cairn::course
