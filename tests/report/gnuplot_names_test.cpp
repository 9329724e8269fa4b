// Whatever characters a folder, a class, a model or a title holds, gnuplot draws them and runs nothing.
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/report/figures.h"
#include "report/markup.h"
#include "report/run_files.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::report {
namespace {

using test::TempFolder;

// As a name appears in the drawing.
std::string in_markup(const std::string& text) {
    std::string markup;
    for (const char c : text) {
        if (c == '<') markup += "&lt;";
        else if (c == '&') markup += "&amp;";
        else markup += c == '\n' ? ' ' : c;
    }
    return markup;
}

// Catches a name that gnuplot takes for a command, a format, an end of the string or of the line. A quote at the beginning
// and two in a row end a single-quoted string, even doubled.
TEST(GnuplotNames, AreDrawnAsTheyAreAndRunNothing) {
    if (!run_program({"gnuplot", "--version"})) GTEST_SKIP() << "gnuplot is not installed: NO FIGURE WAS DRAWN";
    const TempFolder temp;
    for (const std::string& name :
         std::vector<std::string>{"<touch PWNED #", "|touch PWNED", "`touch PWNED`", "$(touch PWNED)",
                                  "\"`touch PWNED`\"", "'.system('touch PWNED').'", "''; system 'touch PWNED' #",
                                  "a''b'''", "it's", "end\\", "50 % of %s and %d", "two\nlines", "@macro {a} [b] #c"}) {
        Gnuplot gnuplot(temp / name);
        const Curves curves{name, {{1, 2.5, 0.1, 2.4, 0.15}, {2, 2.25, 0.2, 2.2, 0.25}}};
        for (const Figure& figure :
             {learning_curves("", curves, {curves})[0],
              confusion_figure("confusion", name, {name, "cat"}, {{name, metrics::ConfusionMatrix({{5, 1}, {0, 6}})}}),
              score_bars("scores", name, {{name, {.accuracy = 0.4}, {}}}),
              accuracy_against("costs", name, false, {{name, {{1e6, 0.5}}}})}) {
            gnuplot.draw(figure);
            ASSERT_EQ(gnuplot.message(), "") << name;
            const std::string svg = test::read_text(gnuplot.folder() / (figure.name + ".svg"));
            EXPECT_EQ(test::markup_fault(svg), "") << name;
            EXPECT_NE(svg.find(in_markup(name)), std::string::npos) << figure.name << ": " << name;
        }
        EXPECT_FALSE(std::filesystem::exists(gnuplot.folder() / "PWNED")) << name;
    }
    EXPECT_FALSE(std::filesystem::exists("PWNED"));
}

// The names of figures stand in the commands.
TEST(GnuplotNames, OfFiguresArePlain) {
    const TempFolder temp;
    Gnuplot gnuplot(temp.path());
    for (const char* name : {"", "-c", "<touch PWNED", "it's", "a b", "../up", "a.b"})
        EXPECT_NE(test::error_message([&] {
                      gnuplot.draw({.name = name, .title = "", .csv = "", .commands = ""});
                  }).find("a figure cannot be named '" + std::string(name) + "'"),
                  std::string::npos)
            << name;
    EXPECT_TRUE(std::filesystem::is_empty(temp.path()));
}

}  // namespace
}  // namespace cairn::report
