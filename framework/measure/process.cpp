#include "cairn/measure/process.h"

#include "cairn/core/error.h"
#include "cairn/core/process.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstring>
#include <fstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace cairn::measure {

using Json = nlohmann::ordered_json;

Json in_own_process(const std::function<Json()>& measure) {
    const ProcessResult child = run_copy([&] {
        Json outcome;  // {"result": …}, or how it failed: {"error": …} for an Error, {"bug": …} for anything else
        try {
            outcome["result"] = measure();
        } catch (const Error& error) {
            outcome["error"] = error.what();
        } catch (const std::bad_alloc&) {
            outcome["error"] = "out of memory; a smaller --batch-size needs less";
        } catch (const std::exception& error) {
            outcome["bug"] = error.what();
        }
        fmt::print("\n{}", outcome.dump());
    });
    std::fputs(child.err.c_str(), stderr);
    check(child.signal == 0, "the measurement was ended by signal {} ({}){}", child.signal, strsignal(child.signal),
          child.signal == SIGKILL ? "; perhaps memory was short" : "");
    check(child.status == 0, "the measurement ended with status {}; perhaps memory was short", child.status);
    const std::string text = child.out.substr(child.out.rfind('\n') + 1);  // a driver may have printed before
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

}  // namespace cairn::measure
