#include "cairn/course/glsl.h"

#include "cairn/backend/devices.h"
#include "cairn/core/error.h"
#include "cairn/core/process.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace cairn::course {

namespace {

#ifndef CAIRN_GLSLC
#define CAIRN_GLSLC "glslc"
#define CAIRN_SPIRV_VAL "spirv-val"
constexpr bool with_vulkan = false;
#else
constexpr bool with_vulkan = true;
#endif

std::string line_of(const std::string& source, int number) {
    std::istringstream lines(source);
    std::string line;
    while (number-- > 0 && std::getline(lines, line)) {}
    return line.substr(std::min(line.find_first_not_of(' '), line.size()));
}

// glslc's "<stdin>:7: error: 'x' : undeclared" as "line 7: error: …" with the text of line 7 below it.
std::string told_with_lines(const std::string& messages, const std::string& source) {
    std::istringstream lines(messages);
    std::string told;
    int most = 4;
    for (std::string line; most > 0 && std::getline(lines, line); --most) {
        if (!line.starts_with("<stdin>:")) continue;
        const std::string rest = line.substr(std::strlen("<stdin>:"));
        const int number = std::atoi(rest.c_str());
        told += number > 0 ? fmt::format("\nline {}\n    {}", rest, line_of(source, number)) : "\n" + rest;
    }
    return told;
}

}  // namespace

std::vector<std::uint32_t> compile_glsl(const std::string& source) {
    const auto compiled = run_program(
        {CAIRN_GLSLC, "--target-env=vulkan1.2", "-O", "-fshader-stage=compute", "-o", "-", "-"}, {.input = source});
    check(compiled.has_value(), "there is no glslc, which compiles shaders (Debian: apt-get install glslc)");
    check(compiled->status == 0, "the shader does not compile:{}", told_with_lines(compiled->err, source));
    const std::string& spirv = compiled->out;
    const auto valid = run_program({CAIRN_SPIRV_VAL, "--target-env", "vulkan1.2", "-"}, {.input = spirv});
    check(!valid || valid->status == 0, "the shader compiles, and spirv-val refuses it: {}", valid ? valid->err : "");
    std::vector<std::uint32_t> words(spirv.size() / 4);
    std::memcpy(words.data(), spirv.data(), 4 * words.size());
    return words;
}

std::string no_shaders_because() {
    if (!with_vulkan) return "this build of cairn has no Vulkan backend";
    if (vulkan_devices().empty())
        return "there is no Vulkan driver here; Mesa's computes on the processor (Debian: apt-get install "
               "mesa-vulkan-drivers)";
    if (!run_program({CAIRN_GLSLC, "--version"}))
        return "there is no glslc, which compiles shaders (Debian: apt-get install glslc)";
    return "";
}

}  // namespace cairn::course
