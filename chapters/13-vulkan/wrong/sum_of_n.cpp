// part: sum
// the second dispatch is told that it has n numbers to add, and it has 32.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

float sum(Queue& queue, Buffer x, std::size_t n) {
    const std::size_t groups = 32;
    const Buffer parts = queue.make_buffer(groups), whole = queue.make_buffer(1);
    const std::string shader = sum_shader();
    queue.dispatch(shader, {reads(x), writes(parts)}, groups, {static_cast<std::uint32_t>(n)});
    queue.barrier();
    queue.dispatch(shader, {reads(parts), writes(whole)}, 1, {static_cast<std::uint32_t>(n)});
    queue.submit();
    queue.wait();
    return queue.read(whole)[0];
}

}  // namespace exercise
