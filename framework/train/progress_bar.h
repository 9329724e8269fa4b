// A progress bar for fit. On a terminal one line is redrawn while an epoch runs; elsewhere (a file, a pipe) only the
// line of each finished epoch is printed.
#pragma once

#include "cairn/train/fit.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace cairn::train {

class ProgressBar final : public Callback {
public:
    // Prints to `out`; draws the bar if that is a terminal.
    explicit ProgressBar(std::FILE* out);
    ~ProgressBar() override;  // leaves no half-drawn line behind

    void on_step(const Progress& progress) override;
    void on_epoch(const EpochRecord& record, int epochs) override;

private:
    void clear();

    std::FILE* out_;
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point next_draw_{};
};

// "Epoch 3/10 [=====>     ] 812/1563  loss 0.9123  accuracy 0.6789  7.2 ms/step  ETA 5 s", at most `width` characters.
std::string progress_line(const Progress& progress, int width);
// "Epoch  3/10  11.9 s  7.2 ms/step  loss 0.9123  accuracy 0.6789  val_loss 0.9456  val_accuracy 0.6712"
std::string epoch_line(const EpochRecord& record, int epochs);

}  // namespace cairn::train
