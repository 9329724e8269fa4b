// How a person calls the program that runs, for messages that name a command to give.
#pragma once

#include <string>

namespace cairn {

struct ProgramName {
    std::string name = "cairn";       // stands before its messages
    std::string command = "./cairn";  // as it is typed
};

// Cairn's own, unless a program said otherwise: "Fetch it: ./cairn data fetch cifar10".
const ProgramName& program();
// For the command line, at its start.
void set_program(ProgramName program);

}  // namespace cairn
