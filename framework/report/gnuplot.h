// Figures: data, and the commands by which gnuplot draws it. The data is always written, so that a missing gnuplot costs
// only the pictures.
#pragma once

#include "cairn/io/image.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::report {

// A figure that has not been drawn yet.
struct Figure {
    std::string name;   // of its files: NAME.csv, NAME.gnuplot, NAME.svg; letters, digits, - and _
    std::string title;  // what it shows, for those who cannot see it
    std::string csv;    // a header line, then the data
    // For gnuplot, in the folder of the figure. name, title, width and height are set, and all that style.gnuplot sets.
    std::string commands;
    int width = 640, height = 430;                   // of the drawing, in CSS pixels
    std::optional<io::Image> pixels = std::nullopt;  // written as NAME-pixels.png for the commands to use
};

// The text as a gnuplot expression, whatever characters it holds: 'it' . "'" . 's'. gnuplot would run what stands in
// backquotes in a double-quoted string, and ends a single-quoted one at some doubled quotes.
std::string gnuplot_string(std::string_view text);
// The same for the label of a tic, which is a format: each % is doubled.
std::string gnuplot_tic(std::string_view text);
// A gnuplot array with these elements, of which there is at least one: "array NAME[2] = ['a', 'b']".
std::string gnuplot_array(const std::string& name, const std::vector<std::string>& expressions);

// The array "classes" of the names of the labels 0 … count - 1, each `quoted`; a label without a name has its number.
std::string gnuplot_classes(const std::vector<std::string>& classes, std::size_t count,
                            std::string (*quoted)(std::string_view));

// Draws figures into one folder.
class Gnuplot {
public:
    // Creates the folder. With `png`, each figure is also drawn as NAME.png, at twice the size. Throws Error.
    explicit Gnuplot(std::filesystem::path folder, bool png = false);

    // Writes the figure's data and commands, and draws NAME.svg if gnuplot is installed. A picture from an earlier run is
    // removed or replaced. gnuplot runs in the folder and sees no path: it would take one that begins with < for a command.
    // Throws Error where a file cannot be written, or for a name of other characters.
    void draw(const Figure& figure);

    const std::filesystem::path& folder() const { return folder_; }
    // Why there are figures without a picture; empty if there are none. One line.
    const std::string& message() const { return message_; }

private:
    void run(const Figure& figure, const std::string& terminal);

    std::filesystem::path folder_;
    bool png_ = false;
    std::string message_;
};

}  // namespace cairn::report
