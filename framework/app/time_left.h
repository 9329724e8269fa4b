// How long a series of trainings still takes.
#pragma once

#include "train/fit.h"
#include "train/run_folder.h"

#include <chrono>
#include <string>
#include <vector>

namespace cairn::app {

// Add all trainings, then tell when each begins and ends; as a callback it hears how far the running one is. What a
// training costs is guessed from its arithmetic and its parameters, and the guesses are scaled by the time that went by.
class TimeLeft final : public train::Callback {
public:
    void add(const train::RunConfig& config, const nn::Model& model);

    void begin(std::size_t training);
    void skip(std::size_t training);  // it was complete already
    void end(std::size_t training);
    void on_step(const train::Progress& progress) override;

    // "12 min 05 s left for all"; empty while nothing is known, and where there is one training only.
    std::string text() const;

private:
    using Clock = std::chrono::steady_clock;

    std::vector<double> costs_;  // of each training, in guessed seconds
    double left_ = 0;            // the costs of those that have not ended
    double trained_ = 0;         // what those that have ended cost since start_
    std::size_t running_ = 0;
    double share_ = 0;         // of the running one that is done
    double share_before_ = 0;  // of it that an earlier command had done
    bool has_stepped_ = false;
    Clock::time_point start_ = Clock::now();
};

}  // namespace cairn::app
