// Text for people: tables, words of a command line, and numbers as Keras writes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::app {

enum class Align { left, right, hidden };  // hidden: the column is left out

// Rows of cells; every column is as wide as its widest cell, and two spaces stand between columns.
class TextTable {
public:
    explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}

    // Throws BugError unless there is a cell for each column.
    void add(std::vector<std::string> row);

    std::vector<std::string> lines() const;  // without spaces at their ends
    std::string str() const;                 // the lines, each with a line break

private:
    std::vector<Align> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// How many columns of a terminal UTF-8 text fills, if none of its characters is wide.
std::size_t width_of(const std::string& text);

// A word of a command line as a shell reads it again: in quotes unless it is plain.
std::string quoted(const std::string& word);

// "1 epoch", "2 epochs".
std::string counted(std::int64_t number, const std::string& things);

// 1578506 -> "1,578,506"
std::string grouped(std::int64_t number);

// 670248 -> "654.54 KB", with units of 1024.
std::string memory_size(std::int64_t bytes);

}  // namespace cairn::app
