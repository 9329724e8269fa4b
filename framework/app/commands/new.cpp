// cairn new NAME [DIR]: a project of one's own, which has the whole command line for its own models.
#include "cairn/app/commands/commands.h"
#include "cairn/app/embedded.h"
#include "cairn/app/text.h"
#include "cairn/core/build_info.h"
#include "cairn/core/file.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* details =
    "Writes into DIR, which is made if it is not there and must be empty otherwise:\n"
    "  CMakeLists.txt   finds cairn: this clone, or an installed one\n"
    "  model.h          a small convolutional network for images of any size and number of classes\n"
    "  main.cpp         the command line for the project's models\n"
    "  README.md        the two commands that build and train it\n"
    "NAME has letters, digits, - and _, and begins with a letter.";

struct Options {
    std::string name, folder;
};

// CMake's own targets, and cairn's, which a project that builds cairn along has too.
constexpr std::array reserved{"all",  "cairn",   "clean",   "depend",        "edit_cache",
                              "help", "install", "package", "rebuild_cache", "test"};

std::string problem_of_name(const std::string& name) {
    if (std::ranges::find(reserved, name) != reserved.end())
        return fmt::format("'{}' has a meaning in the build already; choose another name", name);
    const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
    if (!name.empty() && std::isalpha(static_cast<unsigned char>(name.front())) != 0 && std::ranges::all_of(name, fits))
        return "";
    return fmt::format("'{}' does not name a program: letters, digits, - and _, beginning with a letter", name);
}

// Where CMake finds this cairn: below which it is installed, or in the folder that it was built in.
fs::path package_folder() {
    std::error_code unknown;
    const fs::path prefix = fs::read_symlink("/proc/self/exe", unknown).parent_path().parent_path();
    for (const auto& entry : fs::directory_iterator(prefix, unknown))
        if (entry.path().filename().string().starts_with("lib") &&
            fs::exists(entry.path() / "cmake" / "cairn" / "cairnConfig.cmake", unknown))
            return prefix;
    return build::folder;
}

// The text with every @WORD@ replaced.
std::string filled(std::string_view text, const std::vector<std::pair<std::string, std::string>>& words) {
    std::string made(text);
    for (const auto& [word, value] : words)
        for (std::size_t at = 0; (at = made.find(word, at)) != std::string::npos; at += value.size())
            made.replace(at, word.size(), value);
    return made;
}

int write_project(const Session&, const Options& options) {
    const fs::path folder = options.folder.empty() ? options.name : options.folder;
    check(!fs::exists(folder) || fs::is_directory(folder), "{} is not a folder; name another one", folder.string());
    check(names_in(folder).empty(), "the folder {} is not empty; name another one, or empty it", folder.string());
    std::string function = options.name;
    std::ranges::replace(function, '-', '_');
    const std::vector<std::pair<std::string, std::string>> words{{"@NAME@", options.name},
                                                                 {"@FUNCTION@", "make_" + function},
                                                                 {"@VERSION@", build::version},
                                                                 {"@CAIRN@", package_folder().string()}};
    make_folder(folder);
    write_file(folder / "model.h", filled(embedded::project_model, words));
    write_file(folder / "main.cpp", filled(embedded::project_main, words));
    write_file(folder / "README.md", filled(embedded::project_readme, words));
    write_file(folder / "CMakeLists.txt", filled(embedded::project_cmake, words));
    fmt::print(
        "wrote {0}: CMakeLists.txt, model.h, main.cpp, README.md\n"
        "build and train it:\n"
        "  cd {0} && cmake -B build && cmake --build build\n"
        "  build/{1} train {1}\n",
        quoted(folder.string()), options.name);
    return 0;
}

}  // namespace

void add_new_command(const Command& program, Session& session) {
    add_command<Options>(
        program, session, {"new", "write a project for a model of your own", details},
        [](const Command& command, Options& options) {
            command.text("NAME", options.name, "", "the name of the project, its program and its first model")
                .required()
                .check(problem_of_name);
            command.text("DIR", options.folder, "", "the folder to write (default: NAME)");
        },
        write_project);
}

}  // namespace cairn::app
