#include "cairn/core/program.h"

#include <utility>

namespace cairn {

namespace {

ProgramName& current() {
    static ProgramName name;
    return name;
}

}  // namespace

const ProgramName& program() { return current(); }

void set_program(ProgramName program) { current() = std::move(program); }

}  // namespace cairn
