#include "app/bench_process.h"

#include "core/error.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace cairn::app {

namespace {

using Json = nlohmann::ordered_json;

// {"result": …}, or how the measurement failed: {"error": …} for an Error, {"bug": …} for anything else.
std::string outcome_of(const std::function<Json()>& measure) {
    Json outcome;
    try {
        outcome["result"] = measure();
    } catch (const Error& error) {
        outcome["error"] = error.what();
    } catch (const std::bad_alloc&) {
        outcome["error"] = "out of memory; a smaller --batch-size needs less";
    } catch (const std::exception& error) {
        outcome["bug"] = error.what();
    }
    return outcome.dump();
}

void write_all(int to, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t written = ::write(to, text.data() + done, text.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        done += static_cast<std::size_t>(written);
    }
}

std::string read_all(int from) {
    std::string text;
    char part[4096];
    for (;;) {
        const ssize_t got = ::read(from, part, sizeof part);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(part, static_cast<std::size_t>(got));
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

}  // namespace

Json in_own_process(const std::function<Json()>& measure) {
    int ends[2];
    check(::pipe(ends) == 0, "cannot make a pipe: {}", std::strerror(errno));
    std::fflush(stdout);  // or the child would print it again
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        write_all(ends[1], outcome_of(measure));
        ::_exit(0);
    }
    ::close(ends[1]);
    const std::string text = child > 0 ? read_all(ends[0]) : "";
    ::close(ends[0]);
    check(child > 0, "cannot start a process: {}", std::strerror(errno));
    const int status = wait_for(child);
    check(!WIFSIGNALED(status), "the measurement was ended by signal {} ({}){}", WTERMSIG(status),
          strsignal(WTERMSIG(status)), WTERMSIG(status) == SIGKILL ? "; perhaps memory was short" : "");
    invariant(Json::accept(text), "a measurement ended without a result");

    const Json outcome = Json::parse(text);
    if (outcome.contains("error")) throw Error(outcome["error"].get<std::string>());
    if (outcome.contains("bug")) throw BugError(outcome["bug"].get<std::string>());
    return outcome["result"];
}

ResidentMemory resident_memory() {
    ResidentMemory memory;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {  // "VmRSS:     12345 kB"
        if (line.starts_with("VmRSS:")) memory.now = 1024 * std::stoll(line.substr(6));
        if (line.starts_with("VmHWM:")) memory.peak = 1024 * std::stoll(line.substr(6));
    }
    return memory;
}

void forget_peak() {
#ifdef __GLIBC__
    ::malloc_trim(0);  // gives back what was freed, so that it counts when it is needed again
#endif
    std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace cairn::app
