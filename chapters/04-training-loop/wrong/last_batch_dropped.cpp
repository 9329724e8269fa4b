// part: batches
// the last batch, which is smaller, is dropped: those images are never seen.
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

std::vector<Range> batches(std::size_t N, std::size_t batch) {
    std::vector<Range> all;
    for (std::size_t first = 0; first + batch <= N; first += batch) all.push_back({first, batch});
    return all;
}

}  // namespace exercise
