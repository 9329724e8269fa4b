// cairn data …: makes, fetches and describes data sets.
#include "cairn/app/commands/commands.h"
#include "cairn/app/text.h"
#include "cairn/core/file.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/fetch.h"
#include "cairn/data/shapes10.h"
#include "cairn/data/shapes10_outlines.h"
#include "cairn/data/statistics.h"

#include <unistd.h>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

// ---- make-shapes10 -----------------------------------------------------------------------------------------------------

// shapes10, whole or damaged, may be made again; another data set would be lost.
bool holds_shapes10(const fs::path& folder) {
    const fs::path names = folder / "batches.meta.txt";
    const std::vector<std::uint8_t> found = fs::exists(names) ? read_file(names) : std::vector<std::uint8_t>{};
    return std::string(found.begin(), found.end()) == fmt::format("{}\n", fmt::join(data::shapes10_classes(), "\n"));
}

int make_shapes10(const Session& session, const std::string& folder) {
    const std::uint64_t seed = session.common.seed;
    claim_folder(folder, "batches.meta.txt", holds_shapes10(folder));
    const data::Split split = data::make_shapes10(seed);
    data::write_cifar10_layout(split, folder);
    fmt::print("wrote {}: shapes10 with seed {}, {} training and {} test images of 10 classes\n", folder, seed,
               grouped(split.train.size()), grouped(split.test.size()));
    fmt::print("Train on it: ./cairn train simple-cnn --data {}\n", folder);
    return 0;
}

// ---- fetch-cifar10 -----------------------------------------------------------------------------------------------------

int fetch_cifar10(const Session&, const std::string& asked) {
    const fs::path folder = asked.empty() ? data::cache_folder() : fs::path(asked);
    check(!folder.empty(), "there is no cache folder without $HOME; name one: ./cairn data fetch-cifar10 DIR");
    const data::Archive archive = data::cifar10_archive();
    const bool terminal = ::isatty(::fileno(stdout)) != 0;
    fmt::print("CIFAR-10 from {} (162 MB) into {}\n", archive.url, folder.string());
    const fs::path found = data::fetch_cifar10(folder, archive, [&](std::uintmax_t bytes) {
        if (!terminal) return;
        fmt::print("\r{:.1f} MB\033[K", 1e-6 * static_cast<double>(bytes));
        std::fflush(stdout);
    });
    fmt::print("{}CIFAR-10 is in {}\n", terminal ? "\r\033[K" : "", found.string());
    return 0;
}

// ---- info --------------------------------------------------------------------------------------------------------------

int describe(const Session&, const std::string& folder) {
    const data::Split split = data::load_cifar10(folder);
    const data::Statistics train = data::statistics(split.train), test = data::statistics(split.test);
    fmt::print("{} in {}: images {}, {} classes\n\n", split.train.name, folder, split.train.image_shape,
               split.train.classes.size());
    TextTable counts({Align::left, Align::right, Align::right});
    counts.add({"class", "train", "test"});
    for (std::size_t label = 0; label < split.train.classes.size(); ++label)
        counts.add({split.train.classes[label], grouped(train.per_class[label]), grouped(test.per_class[label])});
    counts.add({"all", grouped(train.images), grouped(test.images)});
    TextTable channels({Align::left, Align::right, Align::right, Align::right, Align::right});
    channels.add({"channel", "train mean", "deviation", "test mean", "deviation"});
    const char* const names[] = {"red", "green", "blue"};
    for (std::size_t c = 0; c < 3; ++c)
        channels.add({names[c], fmt::format("{:.4f}", train.mean[c]), fmt::format("{:.4f}", train.deviation[c]),
                      fmt::format("{:.4f}", test.mean[c]), fmt::format("{:.4f}", test.deviation[c])});
    fmt::print("{}\n{}", counts.str(), channels.str());
    return 0;
}

}  // namespace

void add_data_command(const Command& program, Session& session) {
    const Command data = add_group(program, session, {"data", "make, fetch or describe a data set", ""});
    add_command<std::string>(
        data, session,
        {"make-shapes10", "draw shapes10, which needs no download",
         "Writes data_batch_1.bin to data_batch_5.bin, test_batch.bin and batches.meta.txt into DIR."},
        [](const Command& make, std::string& folder) {
            make.text("DIR", folder, "", "the folder to write").required();
        },
        make_shapes10);
    add_command<std::string>(
        data, session,
        {"fetch-cifar10", "download CIFAR-10 and check it",
         "Writes DIR/cifar-10-batches-bin. This is the only command that uses the network."},
        [](const Command& fetch, std::string& folder) {
            fetch.text("DIR", folder, "", "where to put it (default: the cache folder, where every command looks)");
        },
        fetch_cifar10);
    add_command<std::string>(
        data, session, {"info", "count the images and classes of a data set", "Writes no files."},
        [](const Command& info, std::string& folder) { info.text("DIR", folder, "", "the folder to read").required(); },
        describe);
}

}  // namespace cairn::app
