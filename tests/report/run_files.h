// Run folders as a training leaves them, for the tests of the reports.
#pragma once

#include "cairn/core/file.h"
#include "cairn/core/host_allocator.h"
#include "cairn/io/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace cairn::test {

struct RunFiles {
    std::string model = "simple-cnn", dataset = "cifar-10";
    int epochs = 10;
    int batch_size = 32;
    double val_accuracy = 0.7;  // in every epoch, and on the test images
    std::string train = "";     // more of metrics.json
};

// Ten classes, of which two are confused.
inline std::string confusion() {
    std::vector<std::vector<int>> counts(10, std::vector<int>(10, 0));
    for (std::size_t c = 0; c < 10; ++c) counts[c][c] = 700;
    counts[3][5] = 281;
    return fmt::format("{}", counts);
}

inline std::filesystem::path write_run(const std::filesystem::path& folder, const RunFiles& run = {}) {
    make_folder(folder);
    write_file(
        folder / "config.json",
        fmt::format(R"({{"model": "{}", "dataset": "{}", "train_images": 50000, "test_images": 10000, "epochs": {},
                   "batch_size": {}, "optimizer": "adam", "learning_rate": 0.001, "seed": 7, "device": "cpu",
                   "command": "cairn train 'a & b'", "hardware": "an abacus", "cairn": {{"revision": "0123456789ab"}}}})",
                    run.model, run.dataset, run.epochs, run.batch_size));
    write_file(
        folder / "metrics.json",
        fmt::format(R"({{"interrupted": false, "parameters": 167562, "flops_per_image": 8081408, "seconds": 221.633,
                   "test": {{"loss": 0.9653, "accuracy": {}, "precision": 0.7002, "recall": 0.69, "f1": null,
                   "confusion": {}}}{}}})",
                    run.val_accuracy, confusion(), run.train));
    std::string history = "epoch,loss,accuracy,val_loss,val_accuracy,seconds,ms_per_step,learning_rate\n";
    for (int e = 1; e <= run.epochs; ++e)
        history += fmt::format("{},{},0.5,1.25,{},3.5,7.25,0.001\n", e, 2.0 / e, run.val_accuracy);
    write_file(folder / "history.csv", history);
    HostAllocator memory(Device::reference());
    const Tensor kernel = Tensor::empty({3, 3, 3, 32}, DType::float32, memory);
    std::fill_n(kernel.data<float>(), kernel.size(), 0.5F);
    io::write_safetensors(folder / "model.safetensors", {{"conv2d/kernel", kernel}},
                          {{"classes", "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,<truck>"}});
    return folder;
}

inline std::string read_text(const std::filesystem::path& path) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

}  // namespace cairn::test
