#include "app/time_left.h"

#include "train/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::app {

namespace {

// Seconds on a machine that computes 100 GFLOP/s and moves 10 GB/s: a step costs three forward passes (its own, and the
// two products of each layer's backward pass), and Adam reads four numbers of every parameter and writes three.
double guessed_seconds(const train::RunConfig& config, const nn::Model& model) {
    const auto images = static_cast<double>(config.train_images), tests = static_cast<double>(config.test_images);
    const double forward = static_cast<double>(model.flops()) / 100e9;
    const double update = 28 * static_cast<double>(model.count_parameters(true)) / 10e9;
    return config.epochs *
           (3 * images * forward + tests * forward + images / static_cast<double>(config.batch_size) * update);
}

}  // namespace

void TimeLeft::add(const train::RunConfig& config, const nn::Model& model) {
    costs_.push_back(guessed_seconds(config, model));
    left_ += costs_.back();
}

void TimeLeft::begin(std::size_t training) {
    running_ = training;
    share_ = share_before_ = 0;
    has_stepped_ = false;
}

void TimeLeft::skip(std::size_t training) { left_ -= costs_[training]; }

void TimeLeft::end(std::size_t training) {
    left_ -= costs_[training];
    trained_ += costs_[training] * (1 - share_before_);
    share_ = share_before_ = 0;
}

void TimeLeft::on_step(const train::Progress& p) {
    const double steps = static_cast<double>(p.steps);
    const auto share = [&](double step) { return (p.epoch - 1 + step / steps) / p.epochs; };
    share_ = share(static_cast<double>(p.step));
    if (!has_stepped_) share_before_ = share(static_cast<double>(p.step - 1));
    has_stepped_ = true;
}

std::string TimeLeft::text() const {
    const double trained = trained_ + costs_[running_] * (share_ - share_before_);
    if (trained <= 0 || costs_.size() == 1) return "";
    const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
    const double left = std::max(0.0, left_ - costs_[running_] * share_);
    return fmt::format("{} left for all", train::duration(elapsed * left / trained));
}

}  // namespace cairn::app
