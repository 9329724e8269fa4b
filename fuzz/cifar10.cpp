// A data set in CIFAR-10's layout: the names of the classes, then the records, which serve to train and to test on.
#include "cairn/data/load.h"
#include "input.h"

using namespace cairn;

FUZZ(bytes, size) {
    static const std::filesystem::path folder = fuzz::scratch() / "cifar10";
    std::string_view input = fuzz::text_of(bytes, size);
    fuzz::put(folder / "batches.meta.txt", fuzz::next_file(input));
    for (const char* name : {"data_batch_1.bin", "test_batch.bin"}) fuzz::put(folder / name, input);
    fuzz::only_errors([] { data::load(folder); });
    return 0;
}
