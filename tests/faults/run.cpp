// Lets every call of the C library fail, one after the other, in a training, a resumed one, a report and a prediction
// (inject.cpp), or kills a training at random moments; and checks after each
//   - that the program ended in time, and not by a signal, and with status 0 or with a message
//   - that no file under a final name is cut off
//   - that the run comes to the very weights of one that nothing happens to: at once, or when it is resumed
//
//   build/release/tests/faults_run             every call, every error, every n: an hour or two
//   build/release/tests/faults_run --every 50  one in 50 of them
//   build/release/tests/faults_run --kills 500
//   … --only write                             this family of calls only
//   … --except malloc                          all others
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/random.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/shapes10.h"
#include "cairn/io/safetensors.h"
#include "cairn/train/checkpoint.h"
#include "support/run_command.h"
#include "support/temp_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iterator>
#include <sstream>

namespace {

using namespace cairn;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr const char* seconds_at_most = "60";

struct Fault {
    const char* call;
    int error;  // 0: one byte instead of all
    bool sticky;
};
constexpr Fault faults[] = {
    {"write", ENOSPC, false},  {"write", ENOSPC, true}, {"write", EIO, false},   {"write", EINTR, false},
    {"write", EINTR, true},    {"write", 0, false},     {"write", 0, true},      {"fsync", EIO, false},
    {"fsync", EIO, true},      {"fsync", EINTR, false}, {"rename", EIO, false},  {"rename", ENOSPC, true},
    {"open", EMFILE, false},   {"open", EMFILE, true},  {"open", EIO, false},    {"open", EINTR, false},
    {"read", EIO, false},      {"read", EIO, true},     {"read", EINTR, false},  {"read", 0, false},
    {"read", 0, true},         {"close", EIO, false},   {"close", EINTR, false}, {"close", EIO, true},
    {"mkdir", ENOSPC, false},  {"mkdir", EIO, true},    {"unlink", EIO, false},  {"unlink", EIO, true},
    {"stat", EIO, false},      {"stat", EACCES, true},  {"readdir", EIO, false}, {"readdir", EIO, true},
    {"spawn", EAGAIN, false},  {"spawn", ENOMEM, true}, {"mmap", ENOMEM, false}, {"mmap", ENOMEM, true},
    {"malloc", ENOMEM, false}, {"malloc", ENOMEM, true}};

// What is asked of the program, and what its folder holds before.
struct Scenario {
    const char* name;
    fs::path prepared;  // empty: no folder yet
    Words words;
    bool trains;  // else the run in the folder must stay as it is
};

class Trial {
public:
    Trial() {
        data::write_cifar10_layout(data::make_shapes10(0, 300, 100), here_ / "data");
        straight_seconds_ = run(begin("straight", "2")).seconds;
        weights_ = read_file(here_ / "straight/model.safetensors");
        run(begin("half", "1"));
        // As a kill leaves it: after its first epoch and before its end.
        for (const char* name : {"half/metrics.json", "half/model.safetensors"}) fs::remove(here_ / name);
    }

    std::vector<Scenario> scenarios() const {
        return {
            {"train", "", begin("run", "2"), true},
            {"resume", "half", {"train", "--resume", "run", "--epochs", "2", "--no-report"}, true},
            {"report", "straight", {"train", "--resume", "run"}, false},
            {"predict",
             "straight",
             {"predict", "--weights", "run", "--data", "data", "--logits", "run/logits.safetensors", "--threads", "3"},
             false}};
    }

    // The calls of a scenario that are to fail: all of such calls, but of malloc's some 20,000 the first of each place in the
    // program; all of them would take days.
    std::vector<long> calls(const Scenario& scenario, const char* call) {
        prepare(scenario);
        run(scenario.words, {{"FAULT_CALL", call}, {"FAULT_COUNT", (here_ / "count").string()}});
        const std::vector<std::uint8_t> text = read_file(here_ / "count");
        std::istringstream lines(std::string(text.begin(), text.end()));
        long count = 0;
        lines >> count;
        std::vector<long> chosen{std::istream_iterator<long>(lines), {}};
        if (chosen.empty())
            for (long n = 1; n <= count; ++n) chosen.push_back(n);
        std::ranges::sort(chosen);
        return chosen;
    }

    // What is wrong after the n-th call failed; empty if nothing is.
    std::string inject(const Scenario& scenario, const Fault& fault, long n) {
        prepare(scenario);
        const Ran ran = run(scenario.words, {{"FAULT_CALL", fault.call},
                                             {"FAULT_AT", std::to_string(n)},
                                             {"FAULT_ERROR", std::to_string(fault.error)},
                                             {"FAULT_STICKY", fault.sticky ? "1" : "0"}});
        std::string wrong = wrong_end(ran.result);
        if (wrong.empty()) wrong = wrong_files();
        if (wrong.empty()) wrong = scenario.trains ? wrong_weights(scenario, ran.result) : changed_run();
        return wrong.empty() ? wrong : fmt::format("{}\n    {}", wrong, ran.result.message());
    }

    // What is wrong after a kill at a moment of the training.
    std::string kill(std::uint32_t random) {
        const Scenario train = scenarios().front();
        prepare(train);
        const auto time = 1 + static_cast<std::int64_t>(random % static_cast<std::uint32_t>(1e6 * straight_seconds_));
        const Ran ran = run(train.words, {{"MORTAL_MICROSECONDS", std::to_string(time)}});
        if (ran.result.status == 128 + SIGKILL) ++killed_;
        const std::string wrong = wrong_files();
        return wrong.empty() ? wrong_weights(train, ran.result) : wrong;
    }
    long killed() const { return killed_; }

private:
    struct Ran {
        test::CommandResult result;
        double seconds;
    };

    static Words begin(const std::string& out, const std::string& epochs) {
        return {"train", "tiny",   "--data", "data",      "--limit", "36",          "--batch-size", "8",     "--epochs",
                epochs,  "--seed", "9",      "--threads", "1",       "--save-best", "--no-report",  "--out", out};
    }

    void prepare(const Scenario& scenario) {
        for (const char* name : {"run", "run-rescued"}) fs::remove_all(here_ / name);
        if (!scenario.prepared.empty())
            fs::copy(here_.path() / scenario.prepared, here_ / "run", fs::copy_options::recursive);
    }

    Ran run(const Words& words, std::map<std::string, std::string> environment = {}) const {
        Words all{"timeout", "-s", "KILL", seconds_at_most, MORTAL_CAIRN_BINARY};
        all.insert(all.end(), words.begin(), words.end());
        environment.insert({{"CIFAR10_DIR", ""}, {"TMPDIR", here_.path().string()}});
        if (environment.contains("FAULT_CALL"))
            environment.insert(
                {{"LD_PRELOAD", FAULTS_LIBRARY}, {"FAULT_PROGRAM", fs::path(MORTAL_CAIRN_BINARY).filename().string()}});
        const auto start = std::chrono::steady_clock::now();
        Ran ran{test::run_command(all, {.folder = here_.path(), .environment = environment}), 0};
        ran.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return ran;
    }

    static std::string wrong_end(const test::CommandResult& result) {
        if (result.status == 128 + SIGKILL) return "it did not end";
        if (result.status >= 128) return fmt::format("it ended with status {}", result.status);
        if (result.err.find("bug in cairn") != std::string::npos) return "it calls it a bug";
        return result.status != 0 && result.err.find(": ") == std::string::npos ? "there is no message" : "";
    }

    static bool is_whole(const fs::path& file) {
        const std::vector<std::uint8_t> bytes = read_file(file);
        const std::string text(bytes.begin(), bytes.end());
        if (file.extension() == ".json") return nlohmann::json::accept(text);
        if (file.extension() == ".html") return text.ends_with("</html>\n");
        if (file.extension() == ".csv" || file.extension() == ".jsonl") return text.ends_with('\n');
        if (file.extension() == ".safetensors") io::read_safetensors_header(file);
        return true;
    }

    std::string wrong_files() const {
        for (const char* name : {"run", "run-rescued"}) {
            if (!fs::exists(here_ / name)) continue;
            for (const fs::path& file : fs::recursive_directory_iterator(here_ / name)) {
                if (!fs::is_regular_file(file)) continue;
                try {
                    if (is_whole(file)) continue;
                } catch (const std::exception&) {}
                return file.filename().string() + " is cut off";
            }
        }
        return "";
    }

    // A run that failed goes on, or begins again where it had not begun.
    std::string wrong_weights(const Scenario& scenario, test::CommandResult result) const {
        const fs::path rescued = here_ / "run-rescued",
                       folder = fs::exists(rescued / "config.json") ? rescued : here_ / "run";
        if (!scenario.prepared.empty() && !fs::exists(here_ / "run/checkpoint/step-000000005.safetensors"))
            return "the checkpoint that was there is gone";
        if (result.status != 0 || !fs::exists(folder / "metrics.json")) {
            const bool begun = fs::exists(folder / "config.json");
            result = run(begun ? Words{"train", "--resume", folder.string(), "--no-report", "--epochs", "2"}
                               : scenario.words)
                         .result;
            if (result.status != 0) return fmt::format("it cannot be resumed: {}", result.message());
        }
        return read_file(folder / "model.safetensors") == weights_ ? "" : "its weights differ";
    }

    std::string changed_run() const {
        std::error_code none;
        for (const fs::path& file : fs::recursive_directory_iterator(here_ / "straight")) {
            if (!fs::is_regular_file(file)) continue;
            const fs::path copy = here_ / "run" / fs::relative(file, here_ / "straight");
            if (!fs::exists(copy, none) || read_file(copy) != read_file(file))
                return file.filename().string() + " was changed";
        }
        return "";
    }

    test::TempFolder here_;
    std::vector<std::uint8_t> weights_;
    double straight_seconds_ = 1;
    long killed_ = 0;
};

int report(const std::string& what, long runs, long wrong) {
    fmt::print("{}: {} runs, {} wrong\n", what, runs, wrong);
    return wrong == 0 ? 0 : 1;
}

int kill_many(Trial& trial, long kills) {
    RandomStream random({1, stream_of(Purpose::test), 0});
    long wrong = 0, runs = 0;
    for (; trial.killed() < kills && runs < 3 * kills; ++runs) {
        const std::string problem = trial.kill(random.below(1'000'000'000));
        if (problem.empty()) continue;
        ++wrong;
        fmt::print("kill {}: {}\n", runs + 1, problem);
    }
    return report(fmt::format("killed {} times", trial.killed()), runs, wrong);
}

int inject_all(Trial& trial, long every, const std::string& only, const std::string& except) {
    long runs = 0, wrong = 0, next = 0;
    for (const Scenario& scenario : trial.scenarios()) {
        std::vector<long> calls;
        std::string counted;
        for (const Fault& fault : faults) {
            if ((!only.empty() && only != fault.call) || except == fault.call) continue;
            if (counted != fault.call) calls = trial.calls(scenario, fault.call);
            counted = fault.call;
            long done = 0, bad = 0;
            for (const long n : calls) {
                if (next++ % every != 0) continue;
                ++done;
                const std::string problem = trial.inject(scenario, fault, n);
                if (problem.empty()) continue;
                ++bad;
                fmt::print("{}, {} {} fails with {}{}: {}\n", scenario.name, fault.call, n,
                           fault.error == 0 ? "one byte" : std::strerror(fault.error),
                           fault.sticky ? ", as all after it" : "", problem);
                std::fflush(stdout);
            }
            fmt::print("{:<8} {:<7} {:<26} {:<7} {:>6} calls {:>6} runs {:>4} wrong\n", scenario.name, fault.call,
                       fault.error == 0 ? "one byte" : std::strerror(fault.error), fault.sticky ? "sticky" : "once",
                       calls.size(), done, bad);
            std::fflush(stdout);
            runs += done;
            wrong += bad;
        }
    }
    return report("in all", runs, wrong);
}

}  // namespace

int main(int argc, char** argv) {
    long every = 1, kills = 0;
    std::string only, except;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--every") every = std::max(1L, std::atol(argv[i + 1]));
        else if (option == "--kills") kills = std::atol(argv[i + 1]);
        else if (option == "--only") only = argv[i + 1];
        else if (option == "--except") except = argv[i + 1];
        else return fmt::print(stderr, "unknown option {}; see {}\n", option, __FILE__), 2;
    }
    try {
        Trial trial;
        return kills > 0 ? kill_many(trial, kills) : inject_all(trial, every, only, except);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
