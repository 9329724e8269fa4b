// What holds for every chapter with a grade.cpp. A new chapter is tested without a change here.
#include "course/chapters.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>

namespace cairn::test {
namespace {

using course::Fake;
using course::PartResult;
using course::PartText;

class EveryChapter : public testing::TestWithParam<std::string> {
protected:
    static const Chapter& chapter() {
        static std::map<std::string, std::unique_ptr<Chapter>> all;
        std::unique_ptr<Chapter>& one = all[GetParam()];
        if (!one) one = std::make_unique<Chapter>(GetParam());
        return *one;
    }
};

// Catches an exercise that brings its answer along, and a part that passes without work.
TEST_P(EveryChapter, AsHandedOutEachPartFails) {
    const fs::path program = chapter().program_of({chapter().exercise()}, "exercise");
    for (const PartText& part : course::parts_of(program))
        EXPECT_FALSE(course::try_part(program, part).ok()) << part.name;
}

// Catches a reference, a tolerance or a time limit that refuses what is right.
TEST_P(EveryChapter, RightAnswersPass) {
    std::vector<fs::path> answers = sources_in(chapter().path() / "right");
    EXPECT_FALSE(answers.empty()) << "right/ should have an answer that is written differently";
    answers.push_back(chapter().path() / "solution.cpp");
    for (const fs::path& answer : answers) {
        const fs::path program = chapter().completed(answer);
        for (const PartText& part : course::parts_of(program)) {
            const PartResult result = course::try_part(program, part);
            if (result.status == "skipped") continue;  // this machine cannot try it
            EXPECT_TRUE(result.ok()) << answer << ", " << part.name << ": " << result.message;
            EXPECT_LT(result.seconds, 15) << part.name;
        }
    }
}

// Catches a diagnoses.json that is older than what it was recorded from (recording fails where a wrong answer passes), two wrong
// answers that give the same numbers, and a wrong answer that was not recorded.
TEST_P(EveryChapter, TheWrongAnswersAreRecordedAndToldApart) {
    const course::Diagnoses diagnoses(chapter().path() / "diagnoses.json");
    EXPECT_EQ(diagnoses.sources(), course::sources_hash(chapter().path())) << "run ./cairn grade NN --record";
    EXPECT_EQ(diagnoses.answers().size(), sources_in(chapter().path() / "wrong").size());
    for (const course::WrongAnswer& answer : diagnoses.answers()) {
        const course::WrongAnswer* const known = diagnoses.explain(answer.part, answer.seen);
        ASSERT_NE(known, nullptr) << answer.name;
        EXPECT_EQ(known->name, answer.name) << "give the same numbers: find a case that tells them apart";
    }
}

// Catches a wrong answer that no case sees any more, and one that is taken for another. Hundreds of them would take as many times
// two seconds: a few of each chapter are tried, with CAIRN_ALL_WRONG_ANSWERS=1 in the environment all of them.
TEST_P(EveryChapter, AWrongAnswerFailsAndIsNamed) {
    const course::Diagnoses diagnoses(chapter().path() / "diagnoses.json");
    const std::vector<fs::path> answers = sources_in(chapter().path() / "wrong");
    const std::size_t step = std::getenv("CAIRN_ALL_WRONG_ANSWERS") != nullptr ? 1 : answers.size() / 3 + 1;
    for (std::size_t i = 0; i < answers.size(); i += step) {
        const course::WrongAnswer described = course::described_in(answers[i]);
        const fs::path program = chapter().completed(answers[i]);
        const std::vector<PartText> parts = course::parts_of(program);
        const auto part = std::ranges::find(parts, described.part, &PartText::name);
        ASSERT_NE(part, parts.end()) << answers[i];
        const PartResult result = course::try_part(program, *part);
        EXPECT_FALSE(result.ok()) << answers[i];
        if (result.status == "skipped") continue;
        const course::WrongAnswer* const known = diagnoses.explain(part->name, result.seen);
        ASSERT_NE(known, nullptr) << answers[i] << " is not recognized; ./cairn grade NN --record";
        EXPECT_EQ(known->name, described.name);
        EXPECT_EQ(known->sentence, described.sentence);
    }
}

// A grader that accepts zeros is the complaint of many courses. Catches a part whose cases all expect the same simple thing.
TEST_P(EveryChapter, NothingPassesWithoutWork) {
    const fs::path program = chapter().program_of({chapter().solution()}, "solution");
    for (const PartText& part : course::parts_of(program))
        for (const Fake fake : {Fake::zeros, Fake::ones, Fake::copy_first, Fake::copy_second, Fake::copy_third})
            EXPECT_FALSE(course::try_part(program, part, fake).ok())
                << part.name << " passes with fake " << static_cast<int>(fake);
}

// Catches a part that needs a later one, or whose failure hides in an earlier one's.
TEST_P(EveryChapter, OfThePartsSoFarOnlyTheOneThatIsMissingFails) {
    const std::vector<PartText> parts = course::parts_of(chapter().program_of({chapter().solution()}, "solution"));
    for (const PartText& missing : parts) {
        const fs::path program = chapter().without(missing);
        for (const PartText& part : parts) {
            const bool is_missing = part.name == missing.name;
            const PartResult result = course::try_part(program, part);
            if (result.status != "skipped") {
                EXPECT_EQ(result.ok(), !is_missing) << part.name << " without the functions of " << missing.name;
            }
            if (is_missing) break;  // later ones may build on it
        }
    }
}

// An answer that does not compile is measured against all points. Catches a grade.cpp that takes an exercise's address: its parts
// cannot be listed then without an exercise.
TEST_P(EveryChapter, ItsPointsAreKnownWithoutAnAnswer) {
    const TempFolder work;
    EXPECT_GT(course::points_of(chapter().toolchain(), GetParam(), "", work.path()), 0);
}

// Catches pictures that are too large to be shown in a page, and an identifier or a file of the text that is not there.
TEST_P(EveryChapter, ItsFilesAreThere) {
    for (const char* file : {"README.md", "main.cpp", "exercise.h", "exercise.cpp", "diagnoses.json"})
        EXPECT_TRUE(fs::exists(chapter().path() / file)) << file;
    const std::string text = text_of_file(chapter().path() / "README.md");
    std::size_t details = 0;
    for (std::size_t at = 0; (at = text.find("<details>", at)) != std::string::npos; ++at) ++details;
    EXPECT_EQ(details, 5u) << "questions with folded answers";
    std::size_t pictures = 0;
    for (std::size_t at = 0; (at = text.find("](figures/", at)) != std::string::npos; ++at, ++pictures) {
        const std::string name = text.substr(at + 2, text.find(')', at) - at - 2);
        ASSERT_TRUE(fs::exists(chapter().path() / name)) << name;
        EXPECT_LE(fs::file_size(chapter().path() / name), 60'000u) << name;
    }
    EXPECT_GT(pictures, 0u);
}

INSTANTIATE_TEST_SUITE_P(Course, EveryChapter, testing::ValuesIn(graded_chapters()), [](const auto& made) {
    std::string name = made.param;
    std::ranges::replace(name, '-', '_');
    return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EveryChapter);

}  // namespace
}  // namespace cairn::test
