#include "cairn/train/progress_bar.h"

#include "cairn/core/duration.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace cairn::train {

namespace {

constexpr auto redraw_every = std::chrono::milliseconds(100);

int terminal_width(std::FILE* out) {
    winsize size{};
    return ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(const Progress& p, int width) {
    const std::string head = fmt::format("Epoch {}/{} ", p.epoch, p.epochs);
    const double per_step = p.step > 0 ? p.seconds / static_cast<double>(p.step) : 0;
    const std::string tail =
        fmt::format(" {}/{}  loss {:.4f}  accuracy {:.4f}  {:.1f} ms/step  ETA {}", p.step, p.steps, p.loss, p.accuracy,
                    1e3 * per_step, duration(std::round(per_step * static_cast<double>(p.steps - p.step))));
    const int room = width - 1 - static_cast<int>(head.size() + tail.size()) - 2;  // 2 for the brackets
    if (room < 5) return (head + tail.substr(1)).substr(0, static_cast<std::size_t>(std::max(0, width - 1)));
    const int cells = std::min(room, 30);
    const int full = p.steps > 0 ? static_cast<int>(cells * p.step / p.steps) : 0;
    std::string bar(static_cast<std::size_t>(full), '=');
    if (full < cells) bar += '>';
    bar.resize(static_cast<std::size_t>(cells), ' ');
    return head + "[" + bar + "]" + tail;
}

std::string epoch_line(const EpochRecord& r, int epochs) {
    return fmt::format(
        "Epoch {:>{}}/{}  {:.1f} s  {:.1f} ms/step  loss {:.4f}  accuracy {:.4f}  val_loss {:.4f}  val_accuracy {:.4f}",
        r.epoch, std::to_string(epochs).size(), epochs, r.seconds, r.ms_per_step, r.loss, r.accuracy, r.val_loss,
        r.val_accuracy);
}

ProgressBar::ProgressBar(std::FILE* out) : out_(out), terminal_(::isatty(::fileno(out)) != 0) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::clear() {
    if (!drawn_) return;
    std::fputs("\r\033[K", out_);  // back to the first column, erase to the end of the line
    std::fflush(out_);
    drawn_ = false;
}

void ProgressBar::on_step(const Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now < next_draw_) return;
    next_draw_ = now + redraw_every;
    std::fputs(fmt::format("\r{}\033[K", progress_line(progress, terminal_width(out_))).c_str(), out_);
    std::fflush(out_);
    drawn_ = true;
}

void ProgressBar::on_epoch(const EpochRecord& record, int epochs) {
    clear();
    std::fputs((epoch_line(record, epochs) + "\n").c_str(), out_);
    std::fflush(out_);
}

}  // namespace cairn::train
