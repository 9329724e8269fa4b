// Counts the instructions of a shader's hottest loop in the assembly of AMD's GPUs, as Mesa's compiler ACO prints it.
#pragma once

#include <string>

namespace cairn::bench {

struct Instructions {
    int all = 0;
    int multiply_adds = 0;
    int vector = 0;        // arithmetic of vectors, the multiply-adds among it
    int loads = 0;         // from memory
    int scalar_loads = 0;  // of constants and descriptors
    int shared = 0;        // reads and writes of shared memory
    int branches = 0;
};

struct Counted {
    Instructions loop;  // the innermost one with the most multiply-adds; nothing where no loop has any
    int outside = 0;
};

Counted count_instructions(const std::string& assembly);

}  // namespace cairn::bench
