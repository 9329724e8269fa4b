// part: sum
// the wait stands in front of the submission, when there is nothing to wait for.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

float sum(Queue& queue, Buffer x, std::size_t n) {
    const std::size_t groups = 32;
    const Buffer parts = queue.make_buffer(groups), whole = queue.make_buffer(1);
    const std::string shader = sum_shader();
    queue.dispatch(shader, {reads(x), writes(parts)}, groups, {static_cast<std::uint32_t>(n)});
    queue.barrier();
    queue.dispatch(shader, {reads(parts), writes(whole)}, 1, {static_cast<std::uint32_t>(groups)});
    queue.wait();
    queue.submit();
    return queue.read(whole)[0];
}

}  // namespace exercise
