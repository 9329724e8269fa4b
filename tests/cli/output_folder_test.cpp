// Output folders: whatever cairn did not write there stays, and no name is taken for a command.
#include "cairn/backend/devices.h"
#include "cairn/io/safetensors.h"
#include "cli/cli.h"
#include "support/dead_process.h"

#include <set>

namespace {

using namespace cairn::test;
using cairn::make_folder;
using cairn::write_file;
namespace fs = std::filesystem;
using testing::HasSubstr;

using Files = std::map<std::string, std::string>;  // what they hold, by their paths in a folder

Files files_in(const fs::path& folder) {
    Files files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (fs::is_regular_file(entry.symlink_status()))
            files[fs::relative(entry.path(), folder).string()] = contents(entry.path());
    return files;
}

void write_files(const fs::path& folder, const Files& files) {
    for (const auto& [name, text] : files) {
        make_folder((folder / name).parent_path());
        write_file(folder / name, text);
    }
}

Words chapter_5(const std::string& out) {
    return {"chapter", "5", "--data", tiny_data(), "--limit", "20", "--epochs", "1", "--out", out};
}

Words reproduce_mlp(const std::string& out) {
    return {"reproduce", "mlp-l2", "--data", tiny_data(), "--limit", "20", "--epochs", "1", "--out", out};
}

// Catches a command that takes a folder of other things for its own, another program's config.json for cairn's, or any file
// with ".part" in its name for its own temporary file.
TEST(OutputFolder, ThatHoldsOtherThingsIsRefusedAndLeftAsItIs) {
    const Files others[] = {
        {{"figures/fig1.pdf", "mine"}}, {{"figures/accuracy.csv", "mine"}, {"notes.txt", "mine"}},
        {{"backup.tar.part0", "mine"}}, {{"config.json.part0", "mine"}},
        {{"data_batch_1.bin", "mine"}}, {{"config.json", R"({"model": "bert"})"}, {"model.safetensors", "mine"}}};
    int count = 0;
    for (const Files& files : others) {
        const std::string out = "others" + std::to_string(++count);
        write_files(workplace() / out, files);
        const Words train{"train", "simple-cnn", "--data", tiny_data(), "--limit", "64", "--epochs", "1", "--out", out};
        for (const Words& words : {train, chapter_5(out), reproduce_mlp(out), Words{"data", "make-shapes10", out}}) {
            const CommandResult result = run_cairn(words);
            EXPECT_EQ(result.status, 1) << words[0] << " --out " << out;
            EXPECT_THAT(result.err, testing::MatchesRegex("cairn: others. holds .*; choose another folder.*\n"));
            EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
            EXPECT_TRUE(files_in(workplace() / out) == files) << words[0];
        }
    }
}

// Catches a new run that takes other files than the old one's with it, and one that leaves what could be mistaken for its
// own: figures, checkpoints, half-written files.
TEST(OutputFolder, OnlyTheOldRunIsReplaced) {
    ASSERT_EQ(train_tiny("replaced", {"--save-best"}).status, 0);
    const fs::path run = workplace() / "replaced";
    ASSERT_TRUE(fs::exists(run / "figures" / "filters.csv"));
    const std::string dead = ".part" + std::to_string(dead_process());
    const Files mine{{"notes.txt", "1"},
                     {"backup.tar.part0", "2"},
                     {"backup.tar" + dead, "3"},
                     {"figures/fig1.pdf", "4"},
                     {"figures/accuracy.pdf", "5"},
                     {"figures/mine.csv", "6"},
                     {"checkpoint/step-one.safetensors", "7"},
                     {"metrics.json.part", "8"}};
    write_files(run, mine);
    write_files(run, {{"metrics.json" + dead, "x"},
                      {"figures/loss.svg" + dead, "x"},
                      {"checkpoint/step-000000001.safetensors" + dead, "x"},
                      {"checkpoint/step-000000009.safetensors", "x"}});
    ASSERT_EQ(train_tiny("replaced", {"--no-report"}).status, 0);

    Files files = files_in(run);
    for (const auto& [name, text] : mine) {
        EXPECT_EQ(files[name], text) << name;
        files.erase(name);
    }
    std::set<std::string> names;
    for (const auto& [name, text] : files) names.insert(name);
    EXPECT_EQ(names, (std::set<std::string>{"checkpoint/step-000000002.safetensors", "config.json", "history.csv",
                                            "history.jsonl", "metrics.json", "model.safetensors"}));
}

// Catches a folder that a command does not know again as its own; one of a reproduction that an earlier version began has no
// config.json.
TEST(OutputFolder, ACommandKnowsItsOwn) {
    const CommandOptions without_gnuplot{.environment = {{"PATH", "/nowhere"}}};
    for (const Words& words : {chapter_5("known-chapter"), reproduce_mlp("known-runs")}) {
        ASSERT_EQ(run_cairn(words, without_gnuplot).status, 0) << words[0];
        write_file(workplace() / words.back() / "notes.txt", "mine");
        EXPECT_THAT(json_file(workplace() / words.back() / "config.json")["command"].dump(), HasSubstr(words[0]));
        if (words[0] == "reproduce") fs::remove(workplace() / words.back() / "config.json");
        const CommandResult again = run_cairn(words, without_gnuplot);
        EXPECT_EQ(again.status, 0) << again.err;
        EXPECT_EQ(contents(workplace() / words.back() / "notes.txt"), "mine");
    }
}

// Python writes data sets of this name too. Catches an import that replaces what it did not write, or cannot be made again.
TEST(OutputFolder, AnImportReplacesImportsOnly) {
    const fs::path imported = workplace() / "imported" / "dataset.safetensors", foreign = workplace() / "from-python";
    const auto import_to = [](const std::string& out) { return run_cairn({"data", "import", tiny_data(), out}); };
    EXPECT_EQ(import_to("imported").status, 0);
    EXPECT_EQ(import_to("imported").status, 0) << "again";
    cairn::make_folder(foreign);
    const cairn::io::Safetensors content =
        cairn::io::read_safetensors(imported, cairn::backend(cairn::Device::cpu()).allocator());
    cairn::io::write_safetensors(foreign / "dataset.safetensors", content.tensors,
                                 {{"classes", content.metadata.at("classes")}});
    write_files(workplace() / "damaged", {{"dataset.safetensors", "mine"}});
    for (const char* out : {"from-python", "damaged"}) {
        const Files before = files_in(workplace() / out);
        const CommandResult result = import_to(out);
        EXPECT_EQ(result.status, 1) << out;
        EXPECT_THAT(result.err, HasSubstr("holds dataset.safetensors and no sign that cairn wrote it")) << out;
        EXPECT_TRUE(files_in(workplace() / out) == before) << out;
    }
}

// Catches a chapter that writes its own config.json over that of a run.
TEST(OutputFolder, AChapterLeavesTheRunThatStandsThere) {
    ASSERT_EQ(train_tiny("run-and-chapter", {"--no-report"}).status, 0);
    const std::string config = contents(workplace() / "run-and-chapter" / "config.json");
    EXPECT_EQ(run_cairn(chapter_5("run-and-chapter"), {.environment = {{"PATH", "/nowhere"}}}).status, 0);
    EXPECT_EQ(contents(workplace() / "run-and-chapter" / "config.json"), config);
}

// gnuplot takes a name that begins with < or | for a command, and runs what stands in backquotes.
TEST(OutputFolder, NoNameIsTakenForACommand) {
    for (const char* out : {"<touch PWNED #", "|touch PWNED #", "`touch PWNED`'\"\\$(touch PWNED)\n;touch PWNED #"}) {
        const CommandResult result = train_tiny(out);
        EXPECT_EQ(result.status, 0) << result.err;
        const bool no_gnuplot = result.err.find("gnuplot is not installed") != std::string::npos;
        EXPECT_TRUE(no_gnuplot || result.err.empty()) << result.err;
        EXPECT_EQ(fs::exists(workplace() / out / "figures" / "accuracy.svg"), !no_gnuplot);
    }
    for (const auto& entry : fs::recursive_directory_iterator(workplace().path()))
        EXPECT_NE(entry.path().filename(), "PWNED") << entry.path();
}

// A run whose checkpoints cannot be used is not begun again, since that would remove them. Catches a fault of the disk, a
// changed config.json, or a folder that cannot be read, taken for a run without checkpoints.
TEST(OutputFolder, AResumeThatCannotReadItsCheckpointsChangesNothing) {
    const auto refused = [](const std::string& run, const std::string& said) {
        const Files before = files_in(workplace() / run);
        const CommandResult result = run_cairn({"train", "--resume", run, "--epochs", "2", "--no-report"});
        EXPECT_EQ(result.status, 1) << result.out;
        EXPECT_THAT(result.err, HasSubstr(said));
        EXPECT_TRUE(files_in(workplace() / run) == before) << run;
    };
    const auto copy = [](const std::string& name) {
        fs::copy(trained_run(), workplace() / name, fs::copy_options::recursive);
        return workplace() / name;
    };
    const std::string newest = "checkpoint/step-000000002.safetensors";

    const fs::path loop = copy("loop");
    fs::rename(loop / newest, loop / "checkpoint/step-000000001.safetensors.whole");
    fs::create_symlink(loop / newest, loop / newest);
    refused("loop", "cannot read loop/" + newest + ": Too many levels of symbolic links\n");
    EXPECT_TRUE(fs::is_symlink(loop / newest));

    const fs::path other = copy("other-model");
    std::string config = contents(other / "config.json");
    config.replace(config.find("simple-cnn"), 10, "mlp-l2");
    write_file(other / "config.json", config);
    refused("other-model", "is of the model simple-cnn, not of mlp-l2");

    const fs::path cut = copy("cut");
    write_file(cut / newest, contents(cut / newest).substr(0, 1000));
    refused("cut", "the file is damaged");

    const fs::path no_folder = copy("no-folder");
    fs::rename(no_folder / "checkpoint", no_folder / "moved");
    write_file(no_folder / "checkpoint", "");
    refused("no-folder", "cannot read the folder no-folder/checkpoint: Not a directory");
}

}  // namespace
