#include "cairn/data/fetch.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/data/canonical.h"
#include "cairn/data/cifar10.h"

#include <unistd.h>

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
    fs::path operator/(const char* name) const { return path_ / name; }

private:
    fs::path path_;
};

// Whether the folder holds the archive's data set, whole.
bool holds(const fs::path& folder, const Archive& archive) {
    try {
        const Split found = load_cifar10(folder);
        return found.train.name == archive.dataset && content_hash(found.train) == archive.train_hash &&
               content_hash(found.test) == archive.test_hash;
    } catch (const Error&) {
        return false;  // missing or damaged: fetching it mends that
    }
}

std::string by_hand(const Archive& archive, const fs::path& folder) {
    return fmt::format("Or download {} yourself and unpack it in {}, so that {} exists.", archive.url, folder.string(),
                       (folder / cifar10_folder_name / "data_batch_1.bin").string());
}

void download(const Archive& archive, const fs::path& file, const std::string& hint,
              const std::function<void(std::uintmax_t)>& progress) {
    ProcessOptions options;
    if (progress)
        options.watch = [&](const RunningProcess&) {
            std::error_code missing;  // nothing has arrived yet
            const std::uintmax_t bytes = fs::file_size(file, missing);
            if (!missing) progress(bytes);
        };
    const std::vector<std::string> curl{"curl",         "--fail",   "--location",  "--silent",
                                        "--show-error", "--output", file.string(), archive.url};
    const std::vector<std::string> wget{"wget", "--no-verbose", "--output-document", file.string(), archive.url};

    auto result = run_program(curl, options);
    if (!result) result = run_program(wget, options);
    check(result.has_value(),
          "neither curl nor wget is installed, and one of them is needed to download.\n"
          "Install one: sudo apt-get install curl\n{}",
          hint);
    check(result->status == 0, "the download of {} failed: {}\nTry again later.\n{}", archive.url, result->message(),
          hint);
}

void unpack(const fs::path& file, const fs::path& folder, const Archive& archive, const std::string& hint) {
    make_folder(folder);
    const auto result = run_program({"tar", "-xzf", file.string(), "-C", folder.string()});
    check(result.has_value(), "tar is not installed, and it is needed to unpack {}; sudo apt-get install tar",
          archive.url);
    check(result->status == 0,
          "cannot unpack what arrived from {}: {}\nThe download is damaged, or the disk is full. Try again.\n{}",
          archive.url, result->message(), hint);
    check(holds(folder / cifar10_folder_name, archive),
          "what arrived from {} does not hold {} as it was published: a file is missing, or a record is another one.\n"
          "The download is damaged, or the address leads elsewhere. Try again.\n{}",
          archive.url, archive.dataset, hint);
}

}  // namespace

Archive cifar10_archive() {
    return {"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "cifar-10", 0x92520302488640d4,
            0x26f0d42fdba69465};
}

fs::path fetch_cifar10(const fs::path& folder, const Archive& archive,
                       const std::function<void(std::uintmax_t)>& progress) {
    check(!folder.empty(), "there is no folder to fetch CIFAR-10 to; name one: ./cairn data fetch-cifar10 DIR");
    const fs::path whole = fs::absolute(folder).lexically_normal();
    const fs::path parent = whole.filename() == cifar10_folder_name ? whole.parent_path() : whole;
    const fs::path target = parent / cifar10_folder_name;
    if (holds(target, archive)) return target;

    const WorkFolder work(parent / fmt::format("cifar-10-download.part{}", ::getpid()));
    const fs::path file = work / "archive.tar.gz", unpacked = work / "unpacked";
    const std::string hint = by_hand(archive, parent);
    download(archive, file, hint, progress);
    unpack(file, unpacked, archive, hint);

    make_folder(target);  // file by file: what else is kept there stays
    for (const std::string& name : names_in(unpacked / cifar10_folder_name)) {
        std::error_code error;
        fs::rename(unpacked / cifar10_folder_name / name, target / name, error);
        check(!error, "cannot move CIFAR-10 to {}: {}; choose a folder that you may write to", target.string(),
              error.message());
    }
    return target;
}

}  // namespace cairn::data
