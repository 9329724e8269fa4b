#include "cairn/data/download.h"

#include "cairn/core/error.h"
#include "cairn/core/process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

namespace cairn::data {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// curl takes an address that begins with - for an option, and reads file:// and dict:// too.
void check_address(const std::string& url) {
    const bool web = url.starts_with("http://") || url.starts_with("https://");
    const bool plain = std::ranges::all_of(url, [](unsigned char c) { return c > ' ' && c != 0x7f; });
    check(web && plain, "'{}' is no address to download from; it begins with http:// or https:// and has no spaces",
          url);
}

std::vector<std::string> curl_for(const std::string& url) {
    const std::string schemes = url.starts_with("https:") ? "=https" : "=http,https";
    return {
        "curl",         "--fail",       "--location", "--silent",          "--show-error", "--globoff",     "--proto",
        schemes,        "--max-redirs", "5",          "--connect-timeout", "30",           "--speed-limit", "1",
        "--speed-time", "60",           url};
}

std::vector<std::string> wget_for(const std::string& url) {
    return {"wget", "--no-verbose", "--tries=1", "--timeout=60", "--max-redirect=0", "--output-document=-", url};
}

// One download: what arrives goes into the file, until it is too much, stands still or is not wanted any more.
class Download {
public:
    Download(const fs::path& file, const FetchOptions& options)
        : options_(options), file_(std::fopen(file.c_str(), "wbe"), std::fclose) {
        check(file_ != nullptr, "cannot write {}: {}; choose a folder that you may write to", file.string(),
              std::strerror(errno));
    }

    std::optional<ProcessResult> run(const std::vector<std::string>& program) {
        const auto result = run_program(program, {.output = [this](std::string_view part) { take(part); },
                                                  .watch = [this](const RunningProcess& running) { watch(running); }});
        if (std::fflush(file_.get()) != 0 && !error_) error_ = errno;
        return result;
    }

    // Why it was ended here; empty if it was not.
    std::string ended() const {
        if (error_ != 0) return fmt::format("what arrived cannot be written: {}", std::strerror(error_));
        if (bytes_ > options_.most_bytes)
            return fmt::format("more than the {} bytes arrived that such a file may have", options_.most_bytes);
        if (stopped_) return "it was interrupted";
        if (stands_still_)
            return fmt::format("nothing arrived for {} seconds",
                               std::chrono::duration<double>(options_.patience).count());
        return "";
    }

private:
    void take(std::string_view part) {
        last_ = Clock::now();
        bytes_ += part.size();
        if (error_ != 0 || bytes_ > options_.most_bytes) return;
        if (std::fwrite(part.data(), 1, part.size(), file_.get()) != part.size()) error_ = errno;
    }

    void watch(const RunningProcess& running) {
        if (Clock::now() >= next_) {
            if (options_.progress) options_.progress(bytes_);
            stopped_ = stopped_ || (options_.stop && options_.stop());
            next_ = Clock::now() + std::chrono::milliseconds(100);
        }
        stands_still_ = stands_still_ || Clock::now() - last_ > options_.patience;
        if (!ended().empty()) ::kill(running.id, SIGKILL);
    }

    const FetchOptions& options_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    Clock::time_point last_ = Clock::now(), next_{};
    std::uintmax_t bytes_ = 0;
    int error_ = 0;  // of writing
    bool stopped_ = false, stands_still_ = false;
};

}  // namespace

void download(const std::string& url, const fs::path& file, const std::string& hint, const FetchOptions& options) {
    check_address(url);
    Download download(file, options);
    auto result = download.run(curl_for(url));
    if (!result) result = download.run(wget_for(url));
    check(result.has_value(),
          "neither curl nor wget is installed, and one of them is needed to download.\n"
          "Install one: sudo apt-get install curl\n{}",
          hint);
    const std::string ended = download.ended();
    check(ended.empty() && result->status == 0, "the download of {} failed: {}\nTry again later.\n{}", url,
          ended.empty() ? result->message() : ended, hint);
}

// The programs read their standard input: a name could be an option, or to tar another machine's.
std::string sha256_of(const fs::path& file, const std::string& hint) {
    auto result = run_program({"sha256sum"}, {.input_file = file});
    if (!result) result = run_program({"shasum", "-a", "256"}, {.input_file = file});
    check(result.has_value(),
          "neither sha256sum nor shasum is installed, and one of them is needed to check a download.\n{}", hint);
    check(result->status == 0 && result->out.size() >= 64, "cannot check {}: {}\n{}", file.string(), result->message(),
          hint);
    return result->out.substr(0, 64);
}

void unpack(const fs::path& file, const fs::path& folder, const std::string& url, const std::string& hint) {
    const auto result = run_program({"tar", "-xzf", "-"}, {.folder = folder, .input_file = file});
    check(result.has_value(), "tar is not installed, and it is needed to unpack {}; sudo apt-get install tar", url);
    check(result->status == 0,
          "cannot unpack what arrived from {}: {}\nThe download is damaged, or the disk is full. Try again.\n{}", url,
          result->message(), hint);
}

}  // namespace cairn::data
