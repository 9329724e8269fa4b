// History: what training logged, an entry per epoch, as Keras's fit returns it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::train {

struct EpochRecord {
    int epoch = 0;        // from 1
    double loss = 0;      // mean over the epoch's samples, penalties included
    double accuracy = 0;  // while the weights were changing, dropout on
    double val_loss = 0;  // on the validation set after the epoch, inference mode, penalties included
    double val_accuracy = 0;
    double seconds = 0;      // training and validation
    double ms_per_step = 0;  // training alone
    double learning_rate = 0;
};

struct History {
    std::vector<EpochRecord> epochs;
    bool interrupted = false;  // ended on request, perhaps in the middle of an epoch, which then has no entry

    double seconds() const;     // training and validation, of all epochs
    std::string csv() const;    // a header line, then a line per epoch
    std::string jsonl() const;  // an object per line
};

}  // namespace cairn::train
