// A PNG.
#include "cairn/io/png.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    fuzz::only_errors([&] { io::decode_png({bytes, size}, "input"); });
    return 0;
}
