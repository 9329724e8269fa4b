// Options that take numbers, at their extremes. --help tells which those are, so that none is forgotten.
#include "cli/cli.h"

namespace {

using namespace cairn::test;
using testing::HasSubstr;

// The options of a command whose value --help calls N (whole) or X.
Words options_with(const Words& command, const std::string& type) {
    Words help = command;
    help.push_back("--help");
    Words found;
    std::istringstream lines(run_cairn(help).out);
    for (std::string line; std::getline(lines, line);) {
        const Words words = words_of(line);
        if (words.size() >= 2 && words[0].starts_with("--") && words[1] == type) found.push_back(words[0]);
    }
    return found;
}

void expect_refused(const Words& command, const std::string& option, const std::string& value,
                    const std::string& said) {
    Words words = command;
    words.push_back(option + "=" + value);
    const CommandResult result = run_cairn(words);
    const std::string shown = testing::PrintToString(words);
    EXPECT_EQ(result.status, 2) << shown << result.err;
    EXPECT_THAT(result.err, HasSubstr(option + ": " + said)) << shown;
    EXPECT_THAT(result.err, HasSubstr(", not '" + value + "'")) << shown;
}

// Catches a number that is taken and then overflows, rounds to 0 or means something else, and a message without the range.
TEST(OptionRanges, AllThatCannotBeIsRefusedWithTheRange) {
    int tried = 0;
    for (const Words& command : std::initializer_list<Words>{{"train"},
                                                             {"lr-find"},
                                                             {"evaluate"},
                                                             {"predict"},
                                                             {"grads"},
                                                             {"bench"},
                                                             {"chapter"},
                                                             {"reproduce"},
                                                             {"diverge"},
                                                             {"gradcheck"},
                                                             {"data", "import"}}) {
        for (const std::string& option : options_with(command, "N"))
            for (const char* value : {"-1", "1e3", "99999999999999999999"}) {
                expect_refused(command, option, value, "must be a whole number from ");
                ++tried;
            }
        for (const std::string& option : options_with(command, "X"))
            for (const char* value : {"-1e-300", "1e308", "nan", "inf"}) {
                expect_refused(command, option, value, "must be a number from ");
                ++tried;
            }
    }
    EXPECT_GT(tried, 60);
    expect_refused({"train"}, "--warmup-epochs", "1e308", "must be a number from 0 to 1000000");
    expect_refused({"train"}, "--image-size", "99999x99999", "must be like 64x48, with sides from 1 to 4096");
    expect_refused({"train"}, "--class-weights", "1,1e308", "must be numbers from 0 to 1000000");
    expect_refused({"train"}, "--learning-rate", "1e-320", "must be a number from 1e-30 to 1000000");
}

// Catches a file that cannot be named because of its first character.
TEST(OptionRanges, WordsAfterTwoDashesAreNoOptions) {
    cairn::write_file(workplace() / "-cat.png", "no picture");
    const CommandResult named = run_cairn({"predict", "--", "-cat.png"});
    EXPECT_EQ(named.status, 1);
    EXPECT_THAT(named.err, HasSubstr("-cat.png"));
    EXPECT_THAT(named.err, testing::Not(HasSubstr("option")));
    EXPECT_THAT(run_cairn({"predict", "-cat.png"}).err,
                HasSubstr("unknown option '-cat.png'; the file of that name is ./-cat.png"));
    EXPECT_EQ(run_cairn({"models", "--"}).status, 0);
}

}  // namespace
