// A data set in MNIST's layout, IDX files packed by gzip or not, as the first byte says: images, then labels.
#include "cairn/data/load.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    if (size == 0) return 0;
    const bool packed = bytes[0] % 2 == 1;
    const std::filesystem::path folder = fuzz::scratch() / (packed ? "packed" : "idx");
    const std::string ending = packed ? ".gz" : "";
    std::string_view input = fuzz::text_of(bytes + 1, size - 1);
    const std::string_view images = fuzz::next_file(input);
    for (const char* part : {"train", "t10k"}) {
        fuzz::put(folder / (std::string(part) + "-images-idx3-ubyte" + ending), images);
        fuzz::put(folder / (std::string(part) + "-labels-idx1-ubyte" + ending), input);
    }
    fuzz::only_errors([&] { data::load(folder); });
    return 0;
}
