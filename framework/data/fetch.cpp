#include "cairn/data/fetch.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/program.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/cifar100.h"
#include "cairn/data/download.h"
#include "cairn/data/load.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;

// A folder for half-done work; it disappears with all it holds.
class WorkFolder {
public:
    explicit WorkFolder(fs::path path) : path_(std::move(path)) { make_folder(path_); }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }
    fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

// Removes what fetches left in `parent` that were killed: folders named by `prefix` and the number of a process that is dead.
void remove_dead_work(const fs::path& parent, const std::string& prefix) {
    for (const std::string& name : names_in(parent)) {
        if (!name.starts_with(prefix)) continue;
        const char* const end = name.data() + name.size();
        pid_t writer = 0;
        const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, writer);
        std::error_code ignored;
        if (error == std::errc() && stop == end && writer > 0 && ::kill(writer, 0) != 0 && errno == ESRCH)
            fs::remove_all(parent / name, ignored);
    }
}

// Whether the folder holds the data set, whole. CIFAR-10 is known by its content (data/cifar10.h).
bool holds(const fs::path& folder, const Source& source) {
    try {
        return load(folder).split.train.name == source.dataset;
    } catch (const Error&) {
        return false;  // missing or damaged: fetching it mends that
    }
}

bool is_archive(const std::string& name) { return name.ends_with(".tar.gz"); }

std::string url_of(const Source& source, const RemoteFile& file) {
    return source.address + (source.address.ends_with("/") ? "" : "/") + file.name;
}

std::string by_hand(const Source& source, const fs::path& parent) {
    if (is_archive(source.files.front().name))
        return fmt::format("Or download {} yourself and unpack it in {}, so that {} exists.",
                           url_of(source, source.files.front()), parent.string(), (parent / source.folder).string());
    std::vector<std::string> names;
    for (const RemoteFile& file : source.files) names.push_back(file.name);
    return fmt::format("Or download {} from {} yourself and put them into {}.", fmt::join(names, ", "), source.address,
                       (parent / source.folder).string());
}

// Downloads all files into `work` and makes source.folder of them in `unpacked`.
void download_all(const Source& source, const fs::path& work, const fs::path& unpacked, const std::string& hint,
                  const FetchOptions& options) {
    make_folder(unpacked / source.folder);
    std::uintmax_t before = 0;
    for (const RemoteFile& remote : source.files) {
        const std::string url = url_of(source, remote);
        const fs::path file = work / remote.name;
        FetchOptions of_file = options;
        if (options.progress) of_file.progress = [&](std::uintmax_t bytes) { options.progress(before + bytes); };
        download(url, file, hint, of_file);
        before += fs::file_size(file);
        const std::string sum = sha256_of(file, hint);
        check(sum == remote.sha256,
              "what arrived from {} is not the file that was published: its SHA-256 is {}, not {}.\n"
              "The download is damaged, or the address leads elsewhere. Try again.\n{}",
              url, sum, remote.sha256, hint);
        if (is_archive(remote.name)) unpack(file, unpacked, url, hint);
        else fs::rename(file, unpacked / source.folder / remote.name);
    }
    check(holds(unpacked / source.folder, source),
          "what arrived from {} does not hold {} as it was published: a file is missing, or a record is another one.\n"
          "The download is damaged, or the address leads elsewhere. Try again.\n{}",
          source.address, source.dataset, hint);
}

}  // namespace

const std::vector<Source>& sources() {
    static const std::vector<Source> all{
        {"cifar10",
         "cifar-10",
         cifar10_folder_name,
         "https://www.cs.toronto.edu/~kriz/",
         "162 MB",
         {{"cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}}},
        {"cifar100",
         "cifar-100",
         cifar100_folder_name,
         "https://www.cs.toronto.edu/~kriz/",
         "161 MB",
         {{"cifar-100-binary.tar.gz", "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"}}},
        {"mnist",
         "mnist",
         "mnist",
         "https://storage.googleapis.com/cvdf-datasets/mnist/",
         "12 MB",
         {{"train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
          {"train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
          {"t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
          {"t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"}}},
        {"fashion-mnist",
         "fashion-mnist",
         "fashion-mnist",
         "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
         "31 MB",
         {{"train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
          {"train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
          {"t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
          {"t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"}}}};
    return all;
}

fs::path fetch(const fs::path& folder, const Source& source, const FetchOptions& options) {
    check(!folder.empty(), "there is no folder to fetch {} to; name one: {} data fetch {} DIR", source.dataset,
          program().command, source.name);
    const fs::path whole = fs::absolute(folder).lexically_normal();
    const fs::path parent = whole.filename() == source.folder ? whole.parent_path() : whole;
    const fs::path target = parent / source.folder;
    if (holds(target, source)) return target;

    const std::string prefix = source.dataset + "-download.part";
    remove_dead_work(parent, prefix);
    const WorkFolder work(parent / fmt::format("{}{}", prefix, ::getpid()));
    const fs::path unpacked = work / "unpacked";
    download_all(source, work.path(), unpacked, by_hand(source, parent), options);

    make_folder(target);  // file by file: what else is kept there stays
    for (const std::string& name : names_in(unpacked / source.folder)) {
        std::error_code error;
        fs::rename(unpacked / source.folder / name, target / name, error);
        check(!error, "cannot move {} to {}: {}; choose a folder that you may write to", source.dataset,
              target.string(), error.message());
    }
    return target;
}

}  // namespace cairn::data
