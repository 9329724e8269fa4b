// History: what training logged, an entry per epoch, as Keras's fit returns it.
#pragma once

#include <string>
#include <string_view>
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
    std::vector<double> metrics{}, val_metrics{};  // FitOptions::metrics, as History::metrics names them
};

// Calls f(name, value, format) for each column of a record: this one list decides what history.csv, history.jsonl and the
// checkpoints hold. `format` shows the digits that matter.
template <typename Record, typename F>
void for_each_column(Record& record, const F& f) {
    f("epoch", record.epoch, "{}");
    f("loss", record.loss, "{:.6f}");
    f("accuracy", record.accuracy, "{:.6f}");
    f("val_loss", record.val_loss, "{:.6f}");
    f("val_accuracy", record.val_accuracy, "{:.6f}");
    f("seconds", record.seconds, "{:.3f}");
    f("ms_per_step", record.ms_per_step, "{:.3f}");
    f("learning_rate", record.learning_rate, "{:.6g}");
}

struct History {
    std::vector<EpochRecord> epochs{};
    bool interrupted = false;            // ended on request, perhaps in the middle of an epoch, which then has no entry
    std::vector<std::string> metrics{};  // the names of FitOptions::metrics, further columns behind the others

    double seconds() const;     // training and validation, of all epochs
    std::string csv() const;    // a header line, then a line per epoch
    std::string jsonl() const;  // an object per line
};

// True if the last epoch reached the best val_accuracy so far, alone: an equal one later does not replace it.
bool is_best(const History& history);

// For FitOptions::enough: ends the training when val_loss has not fallen below its best for `patience` epochs; NaN is worse than
// any number. It looks
// at the history only, so that a training that goes on later ends where it would have ended anyway.
struct EarlyStopping {
    int patience = 0;  // 0: never

    bool operator()(const History& history) const;
};

// The epochs of a history.csv. A column that it lacks and an entry that is no number become NaN. Throws Error where there are more
// epochs or columns than a training makes.
std::vector<EpochRecord> parse_csv(std::string_view text);

}  // namespace cairn::train
