#include "cairn/io/json.h"

#include "cairn/core/file.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <chrono>

namespace cairn::io {
namespace {

using test::error_message;

Json parse(const std::string& text, const JsonLimits& limits = {}) {
    return parse_json(text, {.file = "f.json", .remedy = "mend it"}, limits);
}

std::string refusal(const std::string& text, const JsonLimits& limits = {}) {
    return error_message([&] { parse(text, limits); });
}

// Catches members that lose their order, their names or their values.
TEST(ParseJson, ReadsWhatNlohmannReads) {
    const std::string text = R"({"z":[1,-2,0.5,true,null,"ü\n"],"a":{"b":{},"c":[]},"":[[],[{}]]})";
    EXPECT_EQ(parse(text).dump(), text);
    EXPECT_EQ(parse(" 3 "), 3);
}

// Each of these once left nlohmann's parser as an exception that was no Error, or was taken.
TEST(ParseJson, RefusesWhatIsNoJsonWithItsPlace) {
    EXPECT_EQ(refusal("{\"x\":1e999}").find("f.json is not JSON at byte "), 0u) << refusal("{\"x\":1e999}");
    EXPECT_EQ(refusal("[1,2").find("f.json is not JSON at byte "), 0u);
    EXPECT_EQ(refusal("").find("f.json is not JSON at byte 0 of the file; mend it"), 0u) << refusal("");
    EXPECT_EQ(refusal("[\"\xff\"]").find("f.json is not JSON at byte 2 of the file"), 0u);
    EXPECT_EQ(refusal("{} {}").find("f.json is not JSON at byte "), 0u);
    EXPECT_EQ(refusal(R"({"a":{"b":1,"c":2,"b":3}})"), R"(f.json: the name "b" stands twice; mend it)");
}

// Levels that would fill the stack of whatever walks through them.
TEST(ParseJson, LimitsTheDepth) {
    for (const char* open : {"[", "{\"a\":"}) {
        std::string deep;
        for (int i = 0; i < 100'000; ++i) deep += open;
        EXPECT_EQ(refusal(deep), "f.json has more than 32 objects and lists inside one another; mend it");
    }
    EXPECT_NO_THROW(parse(std::string(32, '[') + std::string(32, ']')));
    EXPECT_THROW(parse(std::string(33, '[') + std::string(33, ']')), Error);
}

TEST(ParseJson, LimitsTheValues) {
    EXPECT_EQ(refusal("[1,2,3]", {.values = 3}), "f.json holds more than 3 values; mend it");
    EXPECT_NO_THROW(parse("[1,2,3]", {.values = 4}));
}

// Catches a reader that compares every member with all others: of a hundred thousand, that takes a minute.
TEST(ParseJson, TakesTimeInProportionToTheMembers) {
    std::string text = "{";
    for (int i = 0; i < 100'000; ++i) text += fmt::format("{}\"name-{}\":{{}}", i == 0 ? "" : ",", i);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(parse(text + "}").size(), 100'000u);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

// A file may have a size without taking room on the disk.
TEST(ReadJson, RefusesAFileThatIsTooLargeBeforeItIsRead) {
    const test::TempFolder folder;
    write_file(folder / "a.json", "[1]");
    EXPECT_EQ(read_json(folder / "a.json", 3, "mend it").dump(), "[1]");
    std::filesystem::resize_file(folder / "a.json", std::uintmax_t{1} << 40);
    EXPECT_NE(error_message([&] { read_json(folder / "a.json", 1000, "mend it"); }).find("holds 1099511627776 bytes"),
              std::string::npos);
}

// Catches conversions that C++ does not define: of 7e43, of -1 and of 0.5 to a whole number.
TEST(JsonAs, TakesOnlyWhatTheTypeHolds) {
    EXPECT_EQ(json_as<std::int64_t>(parse("[9223372036854775807]")[0], "n"), 9223372036854775807);
    EXPECT_EQ(json_as<double>(parse("[3]")[0], "n"), 3.0);
    EXPECT_EQ(json_as<bool>(parse("[true]")[0], "n"), true);
    for (const char* bad : {"7e43", "77777777777777777777777777777777777777777770", "0.5", "9223372036854775808",
                            "null", "\"1\"", "[1]", "true"})
        EXPECT_THROW(json_as<std::int64_t>(parse(bad), "n"), Error) << bad;
    for (const char* bad : {"-1", "256"}) EXPECT_THROW(json_as<std::uint8_t>(parse(bad), "n"), Error) << bad;
    EXPECT_EQ(error_message([] { json_as<bool>(parse("\"" + std::string(1000, 'x') + "\""), "flag"); }),
              "\"flag\" is \"" + std::string(60, 'x') + "…\"; it should be true or false");
    EXPECT_THROW(json_as<std::string>(parse("1"), "n"), Error);
    EXPECT_THROW(json_as<double>(parse("\"nan\""), "n"), Error);
}

}  // namespace
}  // namespace cairn::io
