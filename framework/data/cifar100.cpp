#include "cairn/data/cifar100.h"

#include "cairn/core/error.h"
#include "cairn/core/program.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar_records.h"

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

bool has_records(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "train.bin", ignored) || fs::exists(folder / "test.bin", ignored);
}

fs::path with_records(const fs::path& folder) {
    return has_records(folder / cifar100_folder_name) ? folder / cifar100_folder_name : folder;
}

}  // namespace

bool is_cifar100(const fs::path& folder) { return has_records(with_records(folder)); }

Split load_cifar100(const fs::path& folder, bool coarse) {
    const fs::path found = with_records(folder);
    const RecordLayout layout{.label_bytes = 2, .label_at = coarse ? 0 : 1, .classes = coarse ? 20 : 100};
    const std::string remedy =
        fmt::format("Fetch CIFAR-100: {} data fetch cifar100 {}", program().command, found.string());
    Split split;
    Dataset& train = split.train;
    train.image_shape = {cifar_side, cifar_side, 3};
    train.classes =
        read_class_names(found / (coarse ? "coarse_label_names.txt" : "fine_label_names.txt"), layout.classes);
    if (train.classes.empty()) train.classes = numbered_classes(layout.classes);
    split.test = train;
    const std::int64_t train_records = append_records(train, found / "train.bin", layout, remedy);
    const std::int64_t test_records = append_records(split.test, found / "test.bin", layout, remedy);
    const bool complete = train_records == 50'000 && test_records == 10'000;
    for (Dataset* part : {&split.train, &split.test}) {
        part->name = complete ? (coarse ? "cifar-100-coarse" : "cifar-100") : (coarse ? "images20" : "images100");
        part->index = sort_canonically(*part);
    }
    return split;
}

}  // namespace cairn::data
