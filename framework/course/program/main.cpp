// main() of the program that a student's exercise is linked into:
//   PROGRAM --list             the parts of the chapter, a line of JSON
//   PROGRAM PART FILE [FAKE]   tries one part and writes what it sees into FILE, a line of JSON each
#include "cairn/course/exercise.h"
#include "cairn/course/grading.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace cairn::course;

int list() {
    nlohmann::json parts = nlohmann::json::array();
    for (const Part& part : grading().parts)
        parts.push_back({{"name", part.name},
                         {"functions", part.functions},
                         {"hint", part.hint},
                         {"points", part.points},
                         {"seconds", part.seconds}});
    std::puts(parts.dump().c_str());
    return 0;
}

// The parent ends the part when its time is over. If the parent dies first, these do.
void limit(double seconds) {
    const auto set = [](auto which, rlim_t most) {
        const rlimit value{most, most};
        ::setrlimit(which, &value);
    };
    set(RLIMIT_CORE, 0);
    set(RLIMIT_CPU, static_cast<rlim_t>(seconds) * 4 + 5);
    set(RLIMIT_FSIZE, 64u << 20);
    set(RLIMIT_STACK, 8u << 20);  // what most machines have; where there is more, a deep recursion should fail too
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
}

int try_part(const Part& part, const char* file, Fake fake) {
    limit(part.seconds);
    const int out = ::open(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (out < 0) return 3;
    // Each line reaches the file at once: the next one may be the exercise's last.
    const auto write_line = [out](const std::string& line) {
        const std::string text = line + "\n";
        if (::write(out, text.data(), text.size()) < 0) std::_Exit(3);
    };
    try {
        Trial trial(part.name, fake, write_line);
        part.run(trial);
    } catch (const NotWritten& missing) {
        write_line(nlohmann::json{{"todo", missing.line}}.dump());
    } catch (const CannotTry& why) {
        write_line(nlohmann::json{{"cannot", why.message}}.dump());
    }
    write_line(nlohmann::json{{"done", true}}.dump());
    return 0;
}

}  // namespace

// What drivers of Vulkan and their compilers keep until the program ends is not the exercise's.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libvulkan\nleak:libVkLayer\nleak:libLLVM\nleak:libnvidia\n";
}
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

int main(int argc, char** argv) {
    if (argc == 2 && std::string(argv[1]) == "--list") return list();
    for (const Part& part : grading().parts)
        if (argc >= 3 && part.name == argv[1])
            return try_part(part, argv[2], argc > 3 ? static_cast<Fake>(std::atoi(argv[3])) : Fake::none);
    return 2;
}
