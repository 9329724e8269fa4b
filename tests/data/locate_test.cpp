#include "cairn/data/locate.h"

#include "cairn/core/file.h"
#include "cairn/data/cifar10.h"
#include "data/environment.h"
#include "data/tiny_split.h"
#include "support/error_message.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

namespace cairn::data {
namespace {

using test::TempFolder;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

// Catches a wrong order of precedence. From the bottom up: shapes10, the cache folder, $CIFAR10_DIR, --data; each has
// another number of training images.
TEST(Locate, TheMostExplicitChoiceWins) {
    const TempFolder home;
    const WithEnvironment no_cache("XDG_CACHE_HOME", nullptr), with_home("HOME", home.path().c_str());
    const WithEnvironment no_folder("CIFAR10_DIR", "");  // empty means not set

    const Located drawn = locate();
    EXPECT_EQ(drawn.split.train.name, "shapes10");
    EXPECT_EQ(drawn.split.train.size(), 10'000);
    const std::string cache = (home / ".cache/cairn").string();
    EXPECT_TRUE(contains(drawn.line, "not CIFAR-10") && contains(drawn.line, "cairn data fetch cifar10 " + cache))
        << drawn.line;
    EXPECT_FALSE(contains(drawn.line, "\n"));

    write_cifar10_layout(tiny_split(11), cache_folder() / cifar10_folder_name);
    EXPECT_EQ(locate().split.train.size(), 11);
    EXPECT_TRUE(contains(locate().line, "the cache folder")) << locate().line;

    write_cifar10_layout(tiny_split(12), home / "named");
    const WithEnvironment folder("CIFAR10_DIR", (home / "named").c_str());
    EXPECT_EQ(locate().split.train.size(), 12);
    EXPECT_TRUE(contains(locate().line, "$CIFAR10_DIR")) << locate().line;

    write_cifar10_layout(tiny_split(13), home / "asked");
    EXPECT_EQ(locate(home / "asked").split.train.size(), 13);
    EXPECT_EQ(locate(home / "asked").line,
              "Data: images10 from " + (home / "asked").string() + " (named by --data), 13 training and 7 test images");
}

// Catches bad data that is passed over in silence, so that a run uses other data than the person believes.
TEST(Locate, BadDataIsAnErrorAndSaysWhoNamedIt) {
    const TempFolder home;
    const WithEnvironment cache("XDG_CACHE_HOME", home.path().c_str());
    const WithEnvironment folder("CIFAR10_DIR", "/no/such/folder");
    const std::string message = test::error_message([] { locate(); });
    EXPECT_TRUE(contains(message, "there is no folder /no/such/folder") && contains(message, "$CIFAR10_DIR"))
        << message;

    const WithEnvironment no_folder("CIFAR10_DIR", nullptr);
    make_folder(home / "cairn/cifar-10-batches-bin");
    EXPECT_TRUE(contains(test::error_message([] { locate(); }), "is empty"));
}

TEST(Locate, CacheFolderFollowsTheXdgSpecification) {
    const struct {
        const char *cache, *home, *expected;
    } cases[] = {{"/c", "/h", "/c/cairn"},
                 {nullptr, "/h", "/h/.cache/cairn"},
                 {"", "/h", "/h/.cache/cairn"},
                 {"relative", "/h", "/h/.cache/cairn"},
                 {nullptr, nullptr, ""}};
    for (const auto& [cache, home, expected] : cases) {
        const WithEnvironment with_cache("XDG_CACHE_HOME", cache), with_home("HOME", home);
        EXPECT_EQ(cache_folder(), expected);
    }
}

}  // namespace
}  // namespace cairn::data
