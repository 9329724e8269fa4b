// cairn handout DIR: the course without its answers, for students.
#include "cairn/app/commands/commands.h"
#include "cairn/course/grader.h"

namespace cairn::app {

namespace {

struct Options {
    std::string folder;
};

int write(const Session&, const Options& options) {
    course::write_handout(course::load_toolchain(), options.folder);
    fmt::print(
        "wrote {}: cairn and its chapters, without solutions and wrong answers\n"
        "Students begin there with: ./cairn grade 0\n",
        options.folder);
    return 0;
}

}  // namespace

void add_handout_command(const Command& program, Session& session) {
    if (session.registry.chapters().empty()) return;
    add_command<Options>(
        program, session,
        {"handout", "write the course without its answers",
         "Copies cairn's sources into DIR, which must be new or empty, without chapters/*/solution.cpp, right/ and\n"
         "wrong/. Wrong answers are recognized there all the same."},
        [](const Command& command, Options& options) {
            command.text("DIR", options.folder, "", "the folder to write").required();
        },
        write);
}

}  // namespace cairn::app
