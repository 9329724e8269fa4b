// main() of the program that makes what a chapter's program shows of an exercise:
//   PROGRAM NAME FILE   writes shown(NAME) into FILE; where the exercise is not written yet, prints the line and ends with 4
// It is compiled with the exercise and the chapter's show.cpp.
#include "cairn/course/exercise.h"
#include "cairn/course/grading.h"

#include <cstdio>
#include <fstream>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    try {
        const std::string text = cairn::course::shown(argv[1]);
        return (std::ofstream(argv[2], std::ios::binary) << text).flush() ? 0 : 3;
    } catch (const cairn::course::NotWritten& missing) {
        std::printf("%d", missing.line);
        return 4;
    }
}
