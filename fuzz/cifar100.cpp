// A data set in CIFAR-100's layout: the names of the 20 and of the 100 classes, then the records.
#include "cairn/data/load.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static const std::filesystem::path folder = fuzz::scratch() / "cifar100";
    std::string_view input = fuzz::text_of(bytes, size);
    fuzz::put(folder / "coarse_label_names.txt", fuzz::next_file(input));
    fuzz::put(folder / "fine_label_names.txt", fuzz::next_file(input));
    for (const char* name : {"train.bin", "test.bin"}) fuzz::put(folder / name, input);
    for (const char* labels : {"fine", "coarse"}) fuzz::only_errors([&] { data::load(folder, {.labels = labels}); });
    return 0;
}
