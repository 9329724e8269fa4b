// Keeps the memory for large pictures small.
#pragma once

#include "cairn/io/image.h"

#include <mutex>

namespace cairn::io {

// While one is held for a picture of more than big_image_pixels, other threads wait with theirs. The thread that holds one may
// take another.
class BigImage {
public:
    explicit BigImage(std::int64_t pixels) {
        static std::recursive_mutex one_at_a_time;
        if (pixels > big_image_pixels) lock_ = std::unique_lock(one_at_a_time);
    }

private:
    std::unique_lock<std::recursive_mutex> lock_;
};

}  // namespace cairn::io
