// cairn data …: makes, fetches and describes data sets.
#include "cairn/app/commands/commands.h"
#include "cairn/app/interrupt.h"
#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/core/build_info.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/core/text.h"
#include "cairn/data/bundle.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/fetch.h"
#include "cairn/data/shapes10.h"
#include "cairn/data/shapes10_outlines.h"
#include "cairn/data/statistics.h"
#include "cairn/io/safetensors.h"
#include "cairn/report/figures.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>

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
    const FolderLock lock = claim_folder(folder, "batches.meta.txt", holds_shapes10(folder));
    const data::Split split = data::make_shapes10(seed);
    data::write_cifar10_layout(split, folder);
    fmt::print("wrote {}: shapes10 with seed {}, {} training and {} test images of 10 classes\n", folder, seed,
               grouped(split.train.size()), grouped(split.test.size()));
    fmt::print("Train on it: {} train MODEL --data {}\n", program().command, folder);
    return 0;
}

// ---- fetch -------------------------------------------------------------------------------------------------------------

struct FetchOptions {
    std::string name, folder, address;
};

int fetch(const Session&, const FetchOptions& options) {
    data::Source source = *std::ranges::find(data::sources(), options.name, &data::Source::name);
    if (!options.address.empty()) source.address = options.address;
    const fs::path folder = options.folder.empty() ? cache_folder() : fs::path(options.folder);
    check(!folder.empty(), "there is no cache folder without $HOME; name one: {} data fetch {} DIR", program().command,
          options.name);
    const bool terminal = ::isatty(::fileno(stdout)) != 0;
    const Interrupt interrupt;
    fmt::print("{} from {} ({}) into {}\n", source.dataset, source.address, source.size, folder.string());
    const auto show = [&](std::uintmax_t bytes) {
        if (!terminal) return;
        say("\r{:.1f} MB\033[K", 1e-6 * static_cast<double>(bytes));
        std::fflush(stdout);
    };
    fs::path found;
    try {
        found = data::fetch(folder, source, {.progress = show, .stop = [&] { return interrupt.signal() != 0; }});
    } catch (const Error& error) {
        if (interrupt.signal() == 0) throw;
        warn(fmt::format("interrupted; nothing of {} was kept", source.dataset));
        return 128 + interrupt.signal();
    }
    fmt::print("{}{} is in {}\n", terminal ? "\r\033[K" : "", source.dataset, found.string());
    return 0;
}

void define_fetch(const Command& command, FetchOptions& options) {
    std::vector<std::string> names;
    for (const data::Source& source : data::sources()) names.push_back(source.name);
    command.text("NAME", options.name, "", fmt::format("{}", fmt::join(names, ", "))).required().among(names);
    command.text("DIR", options.folder, "",
                 "where to put it (default: the cache folder, where every command\nlooks for CIFAR-10)");
    command.text("--from", options.address, "ADDRESS", "another place that holds the same files");
}

// ---- import ------------------------------------------------------------------------------------------------------------

struct ImportOptions {
    DataOptions data;
    std::string out;
};

constexpr const char* writer = "cairn";  // a key of the metadata, whose value is the version

// What somebody else wrote, or Python did, is not to be replaced; nor is what cannot be read.
bool is_imported(const fs::path& file) {
    try {
        return io::read_safetensors_header(file).metadata.contains(writer);
    } catch (const Error&) {
        return false;
    }
}

int import_data(const Session&, const ImportOptions& options) {
    const data::Located located = locate_data(options.data.folder, "FOLDER", options.data.load_options());
    const fs::path file = fs::path(options.out) / data::bundle_name;
    const FolderLock lock = claim_folder(options.out, data::bundle_name, is_imported(file));
    data::write_bundle(located.split, file, {{writer, build::version}});
    const data::Dataset& train = located.split.train;
    fmt::print("wrote {}: {} training and {} test images {} of {} classes\n", file.string(), grouped(train.size()),
               grouped(located.split.test.size()), train.image_shape, train.classes.size());
    fmt::print("Train on it: {} train MODEL --data {}\n", program().command, quoted(options.out));
    return 0;
}

// ---- info --------------------------------------------------------------------------------------------------------------

struct InfoOptions {
    DataOptions data;
    std::string png;
    bool json = false;
};

constexpr std::int64_t samples_per_class = 10;

std::vector<std::string> channel_names(const data::Dataset& images) {
    if (images.image_shape[-1] == 3) return {"red", "green", "blue"};
    return {"grey"};
}

std::string info_tables(const data::Split& split, const data::Statistics& train, const data::Statistics& test) {
    TextTable counts({Align::left, Align::right, Align::right});
    counts.add({"class", "train", "test"});
    for (std::size_t label = 0; label < split.train.classes.size(); ++label)
        counts.add({split.train.classes[label], grouped(train.per_class[label]), grouped(test.per_class[label])});
    counts.add({"all", grouped(train.images), grouped(test.images)});
    TextTable channels({Align::left, Align::right, Align::right, Align::right, Align::right});
    channels.add({"channel", "train mean", "deviation", "test mean", "deviation"});
    const std::vector<std::string> names = channel_names(split.train);
    for (std::size_t c = 0; c < names.size(); ++c)
        channels.add({names[c], fmt::format("{:.4f}", train.mean[c]), fmt::format("{:.4f}", train.deviation[c]),
                      fmt::format("{:.4f}", test.mean[c]), fmt::format("{:.4f}", test.deviation[c])});
    return fmt::format("{}\n{}", counts.str(), channels.str());
}

nlohmann::ordered_json info_json(const data::Split& split, const data::Statistics& train,
                                 const data::Statistics& test) {
    const Shape& shape = split.train.image_shape;
    nlohmann::ordered_json json{{"name", split.train.name},
                                {"image_shape", std::vector<std::int64_t>(shape.begin(), shape.end())},
                                {"classes", split.train.classes}};
    for (const auto& [which, set, about] :
         {std::tuple("train", &split.train, &train), std::tuple("test", &split.test, &test)})
        json[which] = {{"images", about->images},
                       {"per_class", about->per_class},
                       {"mean", about->mean},
                       {"deviation", about->deviation},
                       {"hash", fmt::format("{:016x}", data::content_hash(*set))}};
    return json;
}

// A folder of our own: in one of a name that can be guessed, others could have put links.
struct TemporaryFolder {
    explicit TemporaryFolder(const std::string& name) : path(make_new_folder(fs::temp_directory_path() / name)) {}
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    fs::path path;
};

// The first images of each class on one sheet, with their names where gnuplot is installed.
void draw_samples(const data::Dataset& images, const fs::path& file) {
    const report::Figure figure = report::samples_figure(images, samples_per_class);
    const TemporaryFolder temporary("cairn-samples");
    const fs::path& work = temporary.path;
    report::Gnuplot gnuplot(work, true);
    gnuplot.draw(figure);
    const fs::path drawn = work / (figure.name + ".png");
    write_output(file, fs::exists(drawn) ? read_file(drawn) : read_file(work / (figure.name + "-pixels.png")));
    if (!gnuplot.message().empty())
        warn("the sheet has no names of classes: gnuplot is not installed (Debian: gnuplot-nox)");
}

int describe(const Session&, const InfoOptions& options) {
    const data::Located located = locate_data(options.data.folder, "DIR", options.data.load_options());
    const data::Split& split = located.split;
    const data::Statistics train = data::statistics(split.train), test = data::statistics(split.test);
    if (!options.png.empty()) draw_samples(split.train, options.png);
    if (options.json) {
        fmt::print("{}\n",
                   info_json(split, train, test).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
        return 0;
    }
    if (options.data.folder.empty()) fmt::print("{}\n", printable(located.line));
    fmt::print("{} {}: images {}, {} classes\n\n{}", split.train.name,
               located.folder.empty() ? "drawn by cairn" : "in " + located.folder.string(), split.train.image_shape,
               split.train.classes.size(), info_tables(split, train, test));
    if (!options.png.empty()) fmt::print("\nwrote {}: {} images of each class\n", options.png, samples_per_class);
    return 0;
}

}  // namespace

void add_data_command(const Command& program, Session& session) {
    const Command data = add_group(program, session, {"data", "make, fetch, import or describe a data set", ""});
    add_command<std::string>(
        data, session,
        {"make-shapes10", "draw shapes10, which needs no download",
         "Writes data_batch_1.bin to data_batch_5.bin, test_batch.bin and batches.meta.txt into DIR."},
        [](const Command& make, std::string& folder) {
            make.text("DIR", folder, "", "the folder to write").required();
        },
        make_shapes10);
    add_command(
        data, session,
        {"fetch", "download a data set and check it",
         "Writes DIR/cifar-10-batches-bin, DIR/cifar-100-binary, DIR/mnist or DIR/fashion-mnist. This is the only\n"
         "command that uses the network."},
        define_fetch, fetch);
    add_command<ImportOptions>(
        data, session,
        {"import", "turn a folder of pictures into one file",
         "FOLDER holds a folder of pictures (PNG, JPEG) for each class, in train/ and test/ or not, or any other data\n"
         "set that cairn reads. Writes OUT/dataset.safetensors, which Python reads too; then --data OUT."},
        [](const Command& command, ImportOptions& options) {
            command.text("FOLDER", options.data.folder, "", "the folder to read").required();
            command.text("OUT", options.out, "", "the folder to write").required();
            add_load_options(command, options.data);
        },
        import_data);
    add_command<InfoOptions>(
        data, session,
        {"info", "count the images and classes of a data set",
         "Writes no files, but with --png the first ten training images of each class (of the first 40) into FILE."},
        [](const Command& command, InfoOptions& options) {
            command.text("DIR", options.data.folder, "",
                         "the folder to read (default: the data that other commands take)");
            command.text("--png", options.png, "FILE", "draw samples of each class");
            add_load_options(command, options.data);
            add_json_option(command, options.json);
        },
        describe);
}

}  // namespace cairn::app
