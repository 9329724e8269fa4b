// The order of the floors and the length of the files, checked on the source tree; and the checks themselves, on small
// made-up trees that break each rule.
#include "architecture/include_rules.h"
#include "cairn/core/file.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cairn::test {
namespace {

constexpr int max_lines = 400;

void put(const TempFolder& root, const std::string& file, std::string_view text) {
    make_folder((root / file).parent_path());
    write_file(root / file, text);
}

TEST(Architecture, EveryRoomIncludesOnlyRoomsBelowIt) {
    EXPECT_GT(includes_of(CAIRN_SOURCE_DIR).size(), 20u) << "are the sources where they are looked for?";
    for (const std::string& found : violations(CAIRN_SOURCE_DIR)) ADD_FAILURE() << found;
}

TEST(Architecture, NoFileIsTooLong) {
    for (const std::string& found : long_files(CAIRN_SOURCE_DIR, max_lines))
        ADD_FAILURE() << found << ", more than " << max_lines << ": it does more than one thing";
}

TEST(Architecture, EveryRoomOfTheTreeHasAFloor) {
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(CAIRN_SOURCE_DIR) / "framework"))
        EXPECT_TRUE(!entry.is_directory() || floors.contains(entry.path().filename().string())) << entry.path();
}

// Catches a check that sees nothing: each of these lines must be found, by file and line.
TEST(Architecture, EachKindOfViolationIsSeen) {
    struct Case {
        const char* file;
        const char* included;
        const char* what;
    };
    const Case cases[] = {
        {"framework/core/tensor.cpp", "cairn/backend/backend.h", "backend is on a higher floor than core"},
        {"framework/nn/dense.cpp", "cairn/train/fit.h", "train is on a higher floor than nn"},
        {"framework/nn/dense.h", "cairn/optim/adam.h", "nn and optim are siblings on one floor"},
        {"framework/io/png.cpp", "cairn/metrics/scores.h", "io and metrics are siblings on one floor"},
        {"framework/backend/cpu/dense.cpp", "cairn/backend/reference/dense.h",
         "the backend cpu must not know the backend reference"},
        {"framework/backend/vulkan/device/a.cpp", "cairn/backend/cpu/pool.h",
         "the backend vulkan must not know the backend cpu"},
        {"framework/app/main.cpp", "chapters/01-a/model.h", "the framework does not know the chapters"},
        {"framework/ops/relu.cpp", "cairn/core/gone.h", "there is no such file in framework/"},
        {"framework/ops/relu.h", "relu_detail.h", "an include of the framework begins with cairn/"},
        {"framework/ops/tanh.cpp", "../core/shape.h", "an include has no .."},
        {"framework/attic/old.cpp", "cairn/core/shape.h", "the including file lies in no room of the house"},
        {"framework/top.cpp", "cairn/core/shape.h", "the including file lies in no room of the house"},
    };
    for (const Case& c : cases) {
        const TempFolder root;
        for (const Case& other : cases)
            if (other.included != std::string("cairn/core/gone.h") && std::string(other.included).starts_with("cairn/"))
                put(root, fmt::format("framework/{}", std::string(other.included).substr(std::string("cairn/").size())),
                    "");
        put(root, c.file, fmt::format("// a comment\n#  include \"{}\"  // why\n", c.included));
        EXPECT_EQ(violations(root.path()),
                  std::vector<std::string>{fmt::format("{}:2: includes \"{}\": {}", c.file, c.included, c.what)});
    }
}

// Catches a check that is too strict: everything here is allowed.
TEST(Architecture, AllowedIncludesAreNotReported) {
    const TempFolder root;
    for (const char* file : {"core/shape.h", "backend/backend.h", "backend/cpu/gemm.h", "optim/adam.h", "train/fit.h"})
        put(root, fmt::format("framework/{}", file), "");
    put(root, "cmake/build_info.h.in", "");
    put(root, "framework/core/shape.cpp", "#include \"cairn/core/shape.h\"\n#include <vector>\n");
    put(root, "framework/core/version.cpp", "#include \"cairn/core/build_info.h\"\n");  // generated
    put(root, "framework/backend/cpu/dense.cpp",
        "#include \"cairn/backend/cpu/gemm.h\"\n#include \"cairn/backend/backend.h\"\n");
    put(root, "framework/backend/devices.cpp",
        "#include \"cairn/backend/backend.h\"\n#include \"cairn/core/shape.h\"\n");
    put(root, "framework/train/fit.cpp", "#include \"cairn/train/fit.h\"\n#include \"cairn/optim/adam.h\"\n");
    put(root, "framework/train/notes.cpp", "// #include \"cairn/app/command.h\"\n");
    put(root, "chapters/01-a/main.cpp",
        "#include \"chapters/01-a/model.h\"\n#include \"cairn/train/fit.h\"\n#include \"exercise.h\"\n");
    EXPECT_EQ(includes_of(root.path()).size(), 11u);
    EXPECT_EQ(violations(root.path()), std::vector<std::string>{});
}

// Catches a limit that is off by one, and folders or extensions that are not looked at.
TEST(Architecture, LongFilesAreNamed) {
    const TempFolder root;
    std::string lines;
    for (int i = 0; i < 5; ++i) lines += "// line\n";
    put(root, "framework/ops/fits.cpp", lines);
    put(root, "tests/ops/notes.md", lines + lines);
    for (const char* file : {"framework/ops/long.h", "shaders/long.comp", "chapters/01-a/long.cpp",
                             "tests/ops/long.cpp", "bench/long.cpp"})
        put(root, file, lines + "// one more, without an end of line");
    EXPECT_EQ(long_files(root.path(), 5),
              (std::vector<std::string>{"framework/ops/long.h has 6 lines", "shaders/long.comp has 6 lines",
                                        "chapters/01-a/long.cpp has 6 lines", "tests/ops/long.cpp has 6 lines",
                                        "bench/long.cpp has 6 lines"}));
}

}  // namespace
}  // namespace cairn::test
