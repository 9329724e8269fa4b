// part: batches
// there is an empty batch at the end where N is a multiple of the batch size (<= where < belongs).
#include "chapters/04-training-loop/exercise.h"

namespace exercise {

std::vector<Range> batches(std::size_t N, std::size_t batch) {
    std::vector<Range> all;
    for (std::size_t first = 0; first <= N; first += batch) all.push_back({first, std::min(batch, N - first)});
    return all;
}

}  // namespace exercise
