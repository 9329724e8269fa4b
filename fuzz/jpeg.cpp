// A JPEG.
#include "cairn/io/jpeg.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    fuzz::only_errors([&] { io::decode_jpeg({bytes, size}, "input"); });
    return 0;
}
