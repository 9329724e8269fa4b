// --data and what goes with it.
#include "cairn/app/common_options.h"
#include "cairn/app/output.h"
#include "cairn/core/text.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <limits>

namespace cairn::app {

namespace {

constexpr std::int64_t longest_side = 4096;

// "64x48" -> 64 high, 48 wide; 0 x 0 for anything else.
data::ImageSize parse_image_size(const std::string& text) {
    data::ImageSize size;
    const char* const end = text.data() + text.size();
    const auto [x, error] = std::from_chars(text.data(), end, size.height);
    if (error != std::errc() || x == end || *x != 'x') return {};
    const auto [last, other_error] = std::from_chars(x + 1, end, size.width);
    const bool good =
        other_error == std::errc() && last == end && fmt::format("{}x{}", size.height, size.width) == text;
    const auto possible = [](std::int64_t side) { return side >= 1 && side <= longest_side; };
    return good && possible(size.height) && possible(size.width) ? size : data::ImageSize{};
}

// "Reading pictures 812/5000", redrawn on the terminal that the error output is; nothing elsewhere.
data::LoadProgress terminal_progress() {
    if (::isatty(::fileno(stderr)) == 0) return {};
    return [next = std::chrono::steady_clock::time_point()](std::int64_t done, std::int64_t all) mutable {
        constexpr std::int64_t cells = 30;
        const auto now = std::chrono::steady_clock::now();
        if (now < next && done < all) return;
        next = now + std::chrono::milliseconds(100);
        const auto full = static_cast<std::size_t>(cells * done / all);
        complain(fmt::format("\rReading pictures [{:<{}}] {}/{}\033[K{}", std::string(full, '='), cells, done, all,
                             done == all ? "\r\033[K" : ""));
    };
}

}  // namespace

void add_load_options(const Command& command, DataOptions& options) {
    command.text("--labels", options.how.labels, "NAME", "of CIFAR-100: fine (default) or coarse")
        .among({"fine", "coarse"});
    command
        .text("--image-size", options.image_size, "HxW",
              "what pictures are resized to: their height and width\n"
              "(default 32x32, as CIFAR-10)")
        .check([](const std::string& text) {
            return parse_image_size(text) != data::ImageSize{}
                       ? ""
                       : fmt::format("must be like 64x48, with sides from 1 to {}, not '{}'", longest_side, text);
        });
    command.flag("--crop", options.how.crop, "cut pictures to the proportions of their size, do not stretch them");
    command.flag("--skip-bad", options.how.skip_bad, "leave out pictures that cannot be read");
    command.whole("--split-seed", options.how.split_seed,
                  "which fifth of the pictures is kept to test on, where there\nis no folder test/ (default 0)",
                  {0, std::numeric_limits<std::uint64_t>::max()});
}

void add_data_options(const Command& command, DataOptions& options, const std::string& about_limit) {
    command.text("--data", options.folder, "DIR",
                 "folder of a data set: CIFAR-10's, CIFAR-100's or MNIST's\n"
                 "files, or a folder of pictures for each class; by default\n"
                 "$CIFAR10_DIR, else CIFAR-10 in the cache folder, else shapes10,\n"
                 "which cairn draws");
    command.whole("--limit", options.limit, about_limit, {1, std::numeric_limits<std::int64_t>::max()});
    add_load_options(command, options);
}

void add_description_options(const Command& command, DataOptions& options) {
    command.text("--data", options.folder, "DIR", "for images like this data set's (default: CIFAR-10's)");
    add_load_options(command, options);
}

data::Description described_by(const DataOptions& options) {
    if (!options.folder.empty()) return load_data(options, false).split.train.description();
    if (options.load_options() != data::LoadOptions{})
        throw UsageError("these options are for a data set; name it: --data DIR");
    return data::cifar10();
}

data::LoadOptions DataOptions::load_options() const {
    data::LoadOptions options = how;
    if (!image_size.empty()) options.image_size = parse_image_size(image_size);
    return options;
}

data::Located locate_data(const std::string& folder, const std::string& named_by, const data::LoadOptions& options) {
    data::Located located = data::locate(folder, named_by, options, terminal_progress());
    for (const std::string& note : located.notes) warn(note);
    return located;
}

data::Located load_data(const DataOptions& options, bool announce) {
    data::Located located = locate_data(options.folder, "--data", options.load_options());
    if (options.limit > 0) {
        located.split.train = located.split.train.first(options.limit);
        located.split.test = located.split.test.first(options.limit);
    }
    if (announce) say("{}\n", printable(located.line));
    return located;
}

}  // namespace cairn::app
