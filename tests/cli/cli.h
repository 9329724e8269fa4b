// The program cairn in a folder of its own, with no data set in its environment.
#pragma once

#include "cairn/core/file.h"
#include "cairn/data/cifar10.h"
#include "cairn/data/shapes10.h"
#include "support/run_command.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <sstream>

namespace cairn::test {

using Words = std::vector<std::string>;

// Where every command of this program runs; it disappears at the end.
inline const TempFolder& workplace() {
    static const TempFolder folder;
    return folder;
}

inline CommandResult run_cairn(const Words& words, CommandOptions options = {}) {
    options.folder = workplace().path();
    options.environment.insert(
        {{"CIFAR10_DIR", ""}, {"XDG_CACHE_HOME", ""}, {"HOME", (workplace() / "home").string()}});
    Words all{CAIRN_BINARY};
    all.insert(all.end(), words.begin(), words.end());
    return run_command(all, options);
}

// mortal_cairn: the same command line with one tiny model, which dies where it is told to.
inline CommandResult run_mortal(const Words& words, CommandOptions options = {}) {
    options.folder = workplace().path();
    options.environment.insert({{"CIFAR10_DIR", ""}});
    Words all{MORTAL_CAIRN_BINARY};
    all.insert(all.end(), words.begin(), words.end());
    return run_command(all, options);
}

inline std::string contents(const std::filesystem::path& path) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    return {bytes.begin(), bytes.end()};
}

inline nlohmann::json json_file(const std::filesystem::path& path) { return nlohmann::json::parse(contents(path)); }

// A small shapes10 on the disk: drawing the whole one takes longer than all that is tested here.
inline std::string tiny_data() {
    static const std::string folder = [] {
        data::write_cifar10_layout(data::make_shapes10(0, 300, 100), workplace() / "tiny");
        return (workplace() / "tiny").string();
    }();
    return folder;
}

// `cairn train simple-cnn` on 64 images for one epoch; more words may follow.
inline CommandResult train_tiny(const std::string& out, const Words& more = {}, const CommandOptions& options = {}) {
    Words words{"train", "simple-cnn", "--data", tiny_data(), "--limit", "64", "--epochs", "1", "--out", out};
    words.insert(words.end(), more.begin(), more.end());
    return run_cairn(words, options);
}

// Other images than tiny_data()'s, and other class names, which makes another data set of it.
inline std::string other_data() {
    static const std::string folder = [] {
        data::write_cifar10_layout(data::make_shapes10(1, 90, 70), workplace() / "others");
        write_file(workplace() / "others" / "batches.meta.txt", "zero\none\ntwo\nthree\nfour\nfive\nsix\n7\n8\n9\n");
        return (workplace() / "others").string();
    }();
    return folder;
}

// The weights of mortal_cairn's tiny, after some training on tiny_data().
inline std::filesystem::path tiny_weights() {
    static const std::filesystem::path file = [] {
        const CommandResult result = run_mortal({"train", "tiny", "--data", tiny_data(), "--learning-rate", "0.01",
                                                 "--epochs", "8", "--no-report", "--out", "tiny-weights"});
        EXPECT_EQ(result.status, 0) << result.err;
        return workplace() / "tiny-weights" / "model.safetensors";
    }();
    return file;
}

// The words of a line: the cells of a row of a printed table whose cells are single words.
inline Words words_of(const std::string& line) {
    std::istringstream text(line);
    return {std::istream_iterator<std::string>(text), {}};
}

// The line of a text that begins with this; empty if there is none.
inline std::string line_with(const std::string& text, const std::string& begin) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(begin)) return line;
    return "";
}

// The folder of a run that has been trained.
inline std::filesystem::path trained_run() {
    static const std::filesystem::path folder = [] {
        const CommandResult result = train_tiny("trained");
        EXPECT_EQ(result.status, 0) << result.err;
        return workplace() / "trained";
    }();
    return folder;
}

}  // namespace cairn::test
