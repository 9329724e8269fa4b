#include "report/gnuplot.h"

#include "core/error.h"
#include "core/file.h"
#include "core/process.h"
#include "io/png.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace cairn::report {

namespace fs = std::filesystem;

namespace {

// What all figures share. ARG1 is the kind of drawing, which goes to the standard output; by hand there is none, and it
// goes into NAME.svg.
std::string preamble(const Figure& figure) {
    return fmt::format(
        "# Draws {0}.svg from {0}.csv. By hand, in this folder: gnuplot {0}.gnuplot\n"
        "by_hand = !exists('ARGC') || ARGC < 1\n"
        "if (by_hand) ARG1 = 'svg'\n"
        "if (ARG1 eq 'png') set terminal pngcairo noenhanced rounded size {3},{4} fontscale 2 linewidth 2 pointscale 2 "
        "font 'sans-serif,12'; else set terminal svg noenhanced dynamic rounded size {1},{2} font 'sans-serif,16' "
        "background rgb 'white'\n"
        "if (by_hand) set output '{0}.svg'\n"
        "set datafile separator comma\n"
        "set datafile columnheaders\n"
        "set border 3 lc rgb '#555555'\n"
        "set tics nomirror out scale 0.6 textcolor rgb '#222222'\n"
        "set grid ytics lt 1 lw 1 lc rgb '#dddddd'\n"
        "set tmargin 2.2\nset ylabel offset 1,0\nset xlabel offset 0,0.4\n\n",
        figure.name, figure.width, figure.height, 2 * figure.width, 2 * figure.height);
}

}  // namespace

std::string_view colour(std::size_t i) {
    constexpr std::array<std::string_view, 8> okabe_ito = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                           "#E69F00", "#56B4E9", "#000000", "#F0E442"};
    return okabe_ito[i % okabe_ito.size()];
}

std::string gnuplot_string(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') result += "' . \"'\" . '";
        else result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return result + "'";
}

std::string gnuplot_tic(std::string_view text) {
    std::string format;
    for (const char c : text) format += c == '%' ? "%%" : std::string(1, c);
    return gnuplot_string(format);
}

Gnuplot::Gnuplot(fs::path folder, bool png) : folder_(std::move(folder)), png_(png) { make_folder(folder_); }

void Gnuplot::draw(const Figure& figure) {
    const bool plain =
        std::ranges::all_of(figure.name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
    check(plain && !figure.name.empty() && figure.name[0] != '-',
          "a figure cannot be named '{}', as its files would be; use letters, digits, - and _", figure.name);
    for (const char* ending : {".svg", ".png"}) {
        std::error_code ignored;
        fs::remove(folder_ / (figure.name + ending), ignored);
    }
    write_file(folder_ / (figure.name + ".csv"), figure.csv);
    write_file(folder_ / (figure.name + ".gnuplot"), preamble(figure) + figure.commands);
    if (figure.pixels) io::write_png(folder_ / (figure.name + "-pixels.png"), *figure.pixels);
    run(figure, "svg");
    if (png_) run(figure, "png");
}

void Gnuplot::run(const Figure& figure, const std::string& terminal) {
    if (!message_.empty()) return;  // it has failed once; the next figure would only say so again
    const std::string drawing = fmt::format("{}.{}", figure.name, terminal);
    const auto result = run_program({"gnuplot", "-c", figure.name + ".gnuplot", terminal}, {.folder = folder_});
    if (result && result->status == 0 && !result->out.empty()) return write_file(folder_ / drawing, result->out);

    message_ = !result ? fmt::format(
                             "gnuplot is not installed, so there are no figures; their data is in {}. "
                             "Install it (Debian: gnuplot-nox); there, 'gnuplot NAME.gnuplot' draws a figure.",
                             folder_.string())
                       : fmt::format("gnuplot could not draw {}: {}; the data is in {}", drawing, result->message(),
                                     folder_.string());
    for (char& c : message_)
        if (c == '\n') c = ' ';
}

}  // namespace cairn::report
