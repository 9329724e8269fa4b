// A dataset.safetensors.
#include "cairn/data/bundle.h"
#include "cairn/data/load.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static const std::filesystem::path folder = fuzz::scratch() / "dataset";
    fuzz::put(folder / data::bundle_name, fuzz::text_of(bytes, size));
    fuzz::only_errors([] { data::load(folder); });
    return 0;
}
