// Run folders in which every number is another one, so that a report cannot show the wrong one unseen.
#pragma once

#include "report/run_files.h"

#include <nlohmann/json.hpp>

namespace cairn::test {

struct NumberedRun {
    std::string model = "simple-cnn", dataset = "cifar-10";
    double shift = 0;  // is added to every score
    int epochs = 10;
    nlohmann::json config = nlohmann::json::object();   // more of config.json, or other values
    nlohmann::json metrics = nlohmann::json::object();  // the same of metrics.json
};

// Four classes, of which the last has neither images nor a name, by hand:
//   class  images  taken for it  right   precision  recall   F1
//   a           8            10      5      0.5000  0.6250   2*5/18 = 0.5556
//   b          12             9      7      0.7778  0.5833   2*7/21 = 0.6667
//   c          10            11      6      0.5455  0.6000   2*6/21 = 0.5714
inline const nlohmann::json numbered_confusion = {{5, 2, 1, 0}, {1, 7, 4, 0}, {4, 0, 6, 0}, {0, 0, 0, 0}};
inline const nlohmann::json numbered_train_confusion = {{15, 3, 2, 0}, {8, 16, 9, 0}, {7, 12, 17, 0}, {0, 0, 0, 0}};

// Epoch e (from 1) has accuracy 0.3 + 0.01 e, loss 2 - 0.1 e, val_accuracy 0.2 + 0.02 e, val_loss 1.9 - 0.07 e.
inline std::filesystem::path write_numbered_run(const std::filesystem::path& folder, const NumberedRun& run) {
    using nlohmann::json;
    make_folder(folder);
    const double s = run.shift;
    json config = {{"model", run.model},
                   {"dataset", run.dataset},
                   {"train_images", 50000},
                   {"test_images", 10000},
                   {"epochs", run.epochs},
                   {"batch_size", 32},
                   {"optimizer", "adam"},
                   {"learning_rate", 0.001},
                   {"schedule", "constant"},
                   {"warmup_epochs", 0.0},
                   {"seed", 7},
                   {"device", "cpu"},
                   {"command", "./cairn a&b"},
                   {"hardware", "an abacus"}};
    config["augmentation"] = {{"flip", false}, {"shift", 0}};
    config["cairn"] = {{"revision", "0123456789ab"}};
    config.update(run.config, true);
    json metrics = {{"interrupted", false}, {"parameters", 4321}, {"flops_per_image", 2.5e6}, {"seconds", 58.25}};
    metrics["test"] = {{"loss", 1.1 + s},    {"accuracy", 0.61 + s}, {"precision", 0.62 + s},
                       {"recall", 0.63 + s}, {"f1", 0.64 + s},       {"confusion", numbered_confusion}};
    metrics["train"] = {{"loss", 0.9 + s},    {"accuracy", 0.71 + s}, {"precision", 0.72 + s},
                        {"recall", 0.73 + s}, {"f1", 0.74 + s},       {"confusion", numbered_train_confusion}};
    metrics.update(run.metrics, true);
    std::string history = "epoch,loss,accuracy,val_loss,val_accuracy,seconds,ms_per_step,learning_rate\n";
    for (int e = 1; e <= run.epochs; ++e)
        history += fmt::format("{},{:.6f},{:.6f},{:.6f},{:.6f},3.5,7.25,0.001\n", e, 2 - 0.1 * e + s,
                               0.3 + 0.01 * e + s, 1.9 - 0.07 * e + s, 0.2 + 0.02 * e + s);
    write_file(folder / "config.json", config.dump());
    write_file(folder / "metrics.json", metrics.dump());
    write_file(folder / "history.csv", history);
    HostAllocator memory(Device::reference());
    const Tensor kernel = Tensor::empty({1, 1, 3, 2}, DType::float32, memory);
    std::fill_n(kernel.data<float>(), kernel.size(), 0.5F);
    io::write_safetensors(folder / "model.safetensors", {{"conv2d/kernel", kernel}}, {{"classes", "a,b,c"}});
    return folder;
}

}  // namespace cairn::test
