// The command line, for any registry of models:
//
//   int main(int argc, char** argv) {
//       cairn::app::Registry registry;
//       registry.add({.name = "pets", .description = "…", .epochs = 10, .batch_size = 32, .make = pets});
//       return cairn::app::run(registry, argc, argv);
//   }
#pragma once

#include "cairn/app/registry.h"

namespace cairn::app {

// What the program says of itself.
struct ProgramText {
    std::string name{};     // stands before its messages; empty: of its file
    std::string command{};  // as people type it; empty: as it was started
    std::string about = "trains and checks small neural networks for images";
    std::string further{};  // the last lines of --help
};

// Runs the command in argv with the registry's models, and returns the exit status: 0 done, 1 failed, 2 wrong usage. Errors
// become one readable line on standard error.
int run(const Registry& registry, int argc, char** argv, const ProgramText& text = {});

}  // namespace cairn::app
