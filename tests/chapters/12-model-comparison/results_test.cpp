// The committed results of the notebooks' runs: complete, as good as the notebooks', and quoted as they are. A table between
//     <!-- results: RUN… -->  and  <!-- end of results -->
// in a README.md is made from chapters/12-model-comparison/results/ and from datasets/notebook-runs.json; one between
//     <!-- results: further RUN… -->  and  <!-- end of results -->
// has runs that the notebooks do not have, beside those that they do; and one between
//     <!-- results: speed -->  and  <!-- end of results -->
// is the first one of bench/RESULTS.md. After a change of these files, CAIRN_UPDATE_TABLES=1 makes this test write the tables
// instead of comparing them.
#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/report/repeated_run.h"
#include "cairn/report/wording.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace cairn::report {
namespace {

namespace fs = std::filesystem;

const fs::path source = CAIRN_SOURCE_DIR;
constexpr const char *begin = "<!-- results:", *end = "<!-- end of results -->";

std::vector<fs::path> sorted_entries(const fs::path& folder) {
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
    std::ranges::sort(entries);
    return entries;
}

std::string read_page(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// In the notebooks' order.
const std::vector<RepeatedRun>& results() {
    static const std::vector<RepeatedRun> runs = [] {
        std::vector<ReproducedRun> reproduced;
        for (const NotebookRun& notebook : notebook_runs())
            reproduced.push_back(
                {notebook.run, sorted_entries(source / "chapters/12-model-comparison/results" / notebook.run)});
        return read_repeated_runs(reproduced);
    }();
    return runs;
}

// Every run, the chapters' further ones (further_runs.sh) among them.
RepeatedRun any_result(const std::string& name) {
    const fs::path folder = source / "chapters/12-model-comparison/results" / name;
    check(fs::is_directory(folder), "there are no results of a run '{}'", name);
    return read_repeated_runs({{name, sorted_entries(folder)}}).front();
}

std::vector<std::string> further_runs() {
    std::vector<std::string> names;
    for (const fs::path& folder : sorted_entries(source / "chapters/12-model-comparison/results"))
        if (const std::string name = folder.filename(); fs::is_directory(folder) && notebook_run(name) == nullptr)
            names.push_back(name);
    return names;
}

const RepeatedRun& result(const std::string& name) {
    const auto found = std::ranges::find(results(), name, &RepeatedRun::name);
    check(found != results().end(), "the notebooks have no run '{}'", name);
    return *found;
}

using Row = std::vector<std::string>;

std::string markdown(const std::vector<Row>& rows) {
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        text += "|";
        for (const std::string& cell : rows[r]) text += cell.empty() ? " |" : " " + cell + " |";
        text += "\n";
        if (r == 0) {
            text += "|";
            for (std::size_t c = 0; c < rows[r].size(); ++c) text += " --- |";
            text += "\n";
        }
    }
    return text;
}

std::string seeds(const RepeatedRun& run) {
    return run.seeds.size() == 1 ? "cairn" : fmt::format("cairn, mean of {} seeds", run.seeds.size());
}

// For each run a row of cairn's and one of the notebook's; only the columns that the notebook has.
std::string scores_table(const std::vector<std::string>& names) {
    const auto any_knows = [&](const auto& number) {
        return std::ranges::any_of(names, [&](const auto& n) { return std::isfinite(number(*result(n).notebook)); });
    };
    const bool train = any_knows([](const NotebookRun& nb) { return nb.train.accuracy; });
    const bool scores = any_knows([](const NotebookRun& nb) { return nb.test.precision; });
    Row header = {"run", "by", "test accuracy", "last five epochs"};
    if (scores) header.insert(header.end(), {"precision", "recall", "F1", "test loss"});
    if (train) header.emplace_back("training images");
    std::vector<Row> rows = {header};
    for (const std::string& name : names) {
        const RepeatedRun& run = result(name);
        const NotebookRun& nb = *run.notebook;
        Row ours = {name, seeds(run), text(run.test().accuracy), text(run.last_five())};
        Row theirs = {"", "notebook", text(nb.test.accuracy), text(run.notebook_last_five())};
        if (scores) {
            for (const auto& [scored, row] : {std::pair(run.test(), &ours), std::pair(nb.test, &theirs)})
                for (const double score : {scored.precision, scored.recall, scored.f1, scored.loss})
                    row->push_back(text(score));
        }
        if (train) {
            ours.push_back(text(run.mean([](const train::RunRecord& seed) { return seed.train.accuracy; })));
            theirs.push_back(text(nb.train.accuracy));
        }
        rows.push_back(ours);
        rows.push_back(theirs);
    }
    return markdown(rows);
}

// Of several seeds the mean, and from where to where they lie.
std::string further_table(const std::vector<std::string>& names) {
    std::vector<Row> rows = {{"run", "epochs", "seeds", "test accuracy", "from", "to", "training images", "test loss"}};
    for (const std::string& name : names) {
        const RepeatedRun run = any_result(name);
        const bool several = run.seeds.size() > 1;
        rows.push_back(
            {name, std::to_string(run.first().epochs()), std::to_string(run.seeds.size()), text(run.test().accuracy),
             several ? text(run.lowest_accuracy()) : "", several ? text(run.highest_accuracy()) : "",
             text(run.mean([](const train::RunRecord& seed) { return seed.train.accuracy; })), text(run.test().loss)});
    }
    return markdown(rows);
}

// All runs, a row each.
std::string agreement_table() {
    std::vector<Row> rows = {{"run", "model", "seeds", "test accuracy", "notebook's", "mean of the last five epochs",
                              "notebook's", "difference"}};
    for (const RepeatedRun& run : results())
        rows.push_back({run.name, run.notebook->model, std::to_string(run.seeds.size()), text(run.test().accuracy),
                        text(run.notebook->test.accuracy), text(run.last_five()), text(run.notebook_last_five()),
                        difference(run.last_five(), run.notebook_last_five())});
    return markdown(rows);
}

// The step times beside the peers', as bench/peers/compare.py wrote them.
std::string speed_table() {
    std::istringstream lines(read_page(source / "bench/RESULTS.md"));
    std::string table;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("|")) table += line + "\n";
        else if (!table.empty()) break;
    }
    check(!table.empty(), "bench/RESULTS.md holds no table");
    return table;
}

std::string named_table(const std::vector<std::string>& names) {
    if (names == std::vector<std::string>{"all"}) return agreement_table();
    if (names == std::vector<std::string>{"speed"}) return speed_table();
    if (!names.empty() && names.front() == "further") return further_table({names.begin() + 1, names.end()});
    return scores_table(names);
}

// The text with every table made anew.
std::string with_tables(const std::string& text, int& tables) {
    std::istringstream lines(text);
    std::string made;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find_first_not_of(' ');
        const std::string indent = at == std::string::npos ? "" : line.substr(0, at);
        if (line.find(end) != std::string::npos) inside = false;
        if (!inside) made += line + "\n";
        if (const std::size_t mark = line.find(begin); mark != std::string::npos) {
            check(!inside, "a table begins inside another one: {}", line);
            inside = true;
            ++tables;
            std::istringstream words(line.substr(mark + std::string(begin).size()));
            std::vector<std::string> names;
            for (std::string word; words >> word && word != "-->";) names.push_back(word);
            std::istringstream table(named_table(names));
            for (std::string row; std::getline(table, row);) made += indent + row + "\n";
        }
    }
    check(!inside, "a table has no line \"{}\"", end);
    return made;
}

// A run that is missing, was cut short, or was trained with other settings than the notebook's.
TEST(Results, HoldEveryRunOfTheNotebooks) {
    ASSERT_EQ(results().size(), 9u);
    for (const RepeatedRun& run : results()) {
        const bool dense_or_small =
            run.name == "mlp-bn" || run.name == "mlp-l2" || run.name == "simple-cnn" || run.name == "cnn-da-dropout";
        EXPECT_EQ(run.seeds.size(), dense_or_small ? 3u : 1u) << run.name;
        ASSERT_NE(run.notebook, nullptr) << run.name << " was not trained on CIFAR-10";
        for (const train::RunRecord& seed : run.seeds) {
            EXPECT_EQ(seed.config.model, run.notebook->model) << seed.folder;
            EXPECT_EQ(differences(seed, *run.notebook), std::vector<std::string>()) << seed.folder;
            EXPECT_FALSE(seed.history.interrupted) << seed.folder;
            EXPECT_EQ(seed.config.data_folder, "") << seed.folder << " names a folder of the machine it was made on";
            ASSERT_GT(seed.epochs(), 0) << seed.folder;
            EXPECT_NEAR(seed.history.epochs.back().val_accuracy, seed.test.accuracy, 1e-6)
                << seed.folder << ": history and metrics differ";
        }
    }
}

// A further run that was cut short, on other images, with a folder's name of the machine in it, or that the command does not make.
TEST(Results, HoldCompleteFurtherRuns) {
    const std::string command = read_page(source / "chapters/12-model-comparison/further_runs.sh");
    for (const std::string& name : further_runs()) {
        EXPECT_NE(command.find(" run " + name + " "), std::string::npos) << name << " is not made by further_runs.sh";
        for (const train::RunRecord& seed : any_result(name).seeds) {
            EXPECT_TRUE(on_cifar10(seed)) << seed.folder;
            EXPECT_EQ(seed.config.train_images, 50000) << seed.folder;
            EXPECT_EQ(seed.config.data_folder, "") << seed.folder << " names a folder of the machine it was made on";
            EXPECT_EQ(seed.config.command.find(" /"), std::string::npos) << seed.folder << ": " << seed.config.command;
            EXPECT_FALSE(seed.history.interrupted) << seed.folder;
            EXPECT_EQ(seed.epochs(), seed.config.epochs) << seed.folder;
            EXPECT_EQ("seed" + std::to_string(seed.config.seed), seed.folder.filename().string()) << seed.folder;
            EXPECT_FALSE(seed.hardware.empty()) << seed.folder;
        }
    }
}

// The gate: no run may be worse than the notebook's by more than its tolerance.
TEST(Results, AgreeWithTheNotebooks) {
    for (const RepeatedRun& run : results())
        EXPECT_EQ(run.verdict(), "agrees") << run.name << ": " << text(run.last_five()) << " against the notebook's "
                                           << text(run.notebook_last_five());
}

TEST(Results, AreQuotedAsTheyAre) {
    const char* update = std::getenv("CAIRN_UPDATE_TABLES");
    std::vector<fs::path> pages = {source / "README.md"};
    for (const fs::path& chapter : sorted_entries(source / "chapters"))
        if (fs::exists(chapter / "README.md")) pages.push_back(chapter / "README.md");
    int tables = 0;
    for (const fs::path& page : pages) {
        const std::string is = read_page(page), should = with_tables(is, tables);
        if (update != nullptr && std::string(update) == "1") write_file(page, should);
        else
            EXPECT_EQ(is, should) << page.string() << " quotes other numbers than the results; CAIRN_UPDATE_TABLES=1 "
                                  << "ch12_test --gtest_filter='Results.*' writes them";
    }
    EXPECT_GE(tables, 10);  // two in the README and one in each chapter from 5 on
}

}  // namespace
}  // namespace cairn::report
