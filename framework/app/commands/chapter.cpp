// cairn chapter N: runs the program of a chapter; cairn chapter: lists them.
#include "cairn/app/chapter.h"
#include "cairn/app/commands/commands.h"
#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/core/program.h"

namespace cairn::app {

namespace {

constexpr const char* details =
    "Prints the models' summaries, their training and their scores, and writes into the output folder\n"
    "config.json, which names the command and cairn's version, and into figures/ in it, for each figure:\n"
    "  NAME.svg      the picture, if gnuplot is installed\n"
    "  NAME.csv      its data\n"
    "  NAME.gnuplot  the commands that draw it\n"
    "Without --out a new folder is made: runs/chapter-NN-DATASET, or runs/chapter-NN-DATASET-2, and so on.\n"
    "Chapters 1 and 3 show what your exercise computes; they compile it first.\n"
    "The models themselves are not kept: 'train MODEL' does that.\n"
    "Without N it lists the chapters and writes no files.\n"
    "Ctrl-C (or SIGTERM) ends the chapter after the running step; the figures drawn so far stay, and the\n"
    "exit status is 130 (143). A second one ends at once.";

int list_chapters(const Registry& registry) {
    TextTable table({Align::right, Align::left, Align::left});
    table.add({"chapter", "title", "to read"});
    for (const ChapterEntry& entry : registry.chapters())
        table.add({std::to_string(entry.number), entry.title, fmt::format("chapters/{}/README.md", entry.folder)});
    say("{}\nTo run one: {} chapter N\n", table.str(), program().command);
    return 0;
}

int run_chapter(const Session& session, const ChapterOptions& options) {
    const ChapterEntry& entry = session.registry.chapter(options.number);
    Chapter chapter(session, options);
    say("Chapter {}: {}\n", entry.number, entry.title);
    try {
        entry.run(chapter);
    } catch (const Interrupted&) {
        say("\nInterrupted; the chapter ends here. --epochs N trains for fewer epochs.\n");
    }
    chapter.finish();
    return chapter.signal() == 0 ? 0 : 128 + chapter.signal();
}

}  // namespace

void add_chapter_command(const Command& program, Session& session) {
    if (session.registry.chapters().empty()) return;
    add_command<ChapterOptions>(
        program, session, {"chapter", "do what a chapter does, or list the chapters", details},
        [](const Command& command, ChapterOptions& options) {
            command.whole("N", options.number, "the chapter's number", {0, 1'000});
            add_data_options(command, options.data);
            command.whole("--epochs", options.epochs, "passes over the training images (default: the notebook's)");
            command.text("--out", options.out, "DIR", "output folder (default: a new one in runs/)");
            command.text("--exercise", options.exercise, "FILE",
                         "the exercise whose work the chapter shows\n(default: chapters/NN-name/exercise.cpp)");
        },
        [](const Session& here, const ChapterOptions& options) {
            return options.number >= 0 ? run_chapter(here, options) : list_chapters(here.registry);
        });
}

}  // namespace cairn::app
