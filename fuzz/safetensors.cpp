// A safetensors file: weights, checkpoints and data sets are such files.
#include "cairn/io/safetensors.h"
#include "cairn/core/host_allocator.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static HostAllocator memory(Device::reference());
    static const std::filesystem::path file = fuzz::scratch() / "model.safetensors";
    fuzz::put(file, fuzz::text_of(bytes, size));
    fuzz::only_errors([] { io::read_safetensors(file, memory); });
    return 0;
}
