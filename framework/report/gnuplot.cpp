#include "cairn/report/gnuplot.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/process.h"
#include "cairn/io/png.h"
#include "cairn/report/embedded.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace cairn::report {

namespace fs = std::filesystem;

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

std::string gnuplot_array(const std::string& name, const std::vector<std::string>& expressions) {
    return fmt::format("array {}[{}] = [{}]\n", name, expressions.size(), fmt::join(expressions, ", "));
}

std::string gnuplot_classes(const std::vector<std::string>& classes, std::size_t count,
                            std::string (*quoted)(std::string_view)) {
    std::vector<std::string> names;
    for (std::size_t label = 0; label < count; ++label)
        names.push_back(quoted(label < classes.size() ? classes[label] : std::to_string(label)));
    return gnuplot_array("classes", names);
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
    write_file(folder_ / (figure.name + ".gnuplot"),
               fmt::format("# Draws {0}.svg from {0}.csv. By hand, in this folder: gnuplot -d {0}.gnuplot\n"
                           "name = '{0}'\ntitle = {1}\nwidth = {2}\nheight = {3}\n\n{4}\n{5}",
                           figure.name, gnuplot_string(figure.title), figure.width, figure.height, embedded::style,
                           figure.commands));
    if (figure.pixels) io::write_png(folder_ / (figure.name + "-pixels.png"), *figure.pixels);
    run(figure, "svg");
    if (png_) run(figure, "png");
}

void Gnuplot::run(const Figure& figure, const std::string& terminal) {
    if (!message_.empty()) return;  // it has failed once; the next figure would only say so again
    const std::string drawing = fmt::format("{}.{}", figure.name, terminal);
    const auto result = run_program({"gnuplot", "-d", "-c", figure.name + ".gnuplot", terminal}, {.folder = folder_});
    if (result && result->status == 0 && !result->out.empty()) return write_file(folder_ / drawing, result->out);

    message_ = !result ? fmt::format(
                             "gnuplot is not installed, so there are no figures; their data is in {}. "
                             "Install it (Debian: gnuplot-nox); there, 'gnuplot -d NAME.gnuplot' draws a figure.",
                             folder_.string())
                       : fmt::format("gnuplot could not draw {}: {}; the data is in {}", drawing, result->message(),
                                     folder_.string());
    for (char& c : message_)
        if (c == '\n') c = ' ';
}

}  // namespace cairn::report
