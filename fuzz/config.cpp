// The config.json of a run.
#include "cairn/train/run_config.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static const std::filesystem::path folder = fuzz::scratch() / "config";
    fuzz::put(folder / "config.json", fuzz::text_of(bytes, size));
    fuzz::only_errors([] { train::read_config(folder); });
    return 0;
}
