// part: sum
// no barrier stands between the two dispatches: the second may read its input before the first has written it. On this device the number is right; on a GPU it is, on most days.
#include "chapters/13-vulkan/exercise.h"

namespace exercise {

float sum(Queue& queue, Buffer x, std::size_t n) {
    const std::size_t groups = 32;
    const Buffer parts = queue.make_buffer(groups), whole = queue.make_buffer(1);
    const std::string shader = sum_shader();
    queue.dispatch(shader, {reads(x), writes(parts)}, groups, {static_cast<std::uint32_t>(n)});
    queue.dispatch(shader, {reads(parts), writes(whole)}, 1, {static_cast<std::uint32_t>(groups)});
    queue.submit();
    queue.wait();
    return queue.read(whole)[0];
}

}  // namespace exercise
