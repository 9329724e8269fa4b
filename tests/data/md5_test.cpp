#include "data/md5.h"

#include <gtest/gtest.h>

#include <string>

namespace cairn::data {
namespace {

std::string md5_of(const std::string& text) {
    return md5(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

// The test suite in RFC 1321, section A.5. Catches wrong shifts, sines, word orders and byte orders.
TEST(Md5, GivesTheDigestsOfTheRfc) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (const auto& [text, digest] : cases) EXPECT_EQ(md5_of(text), digest) << text;
}

// Catches wrong padding where the length no longer fits the last block (56 bytes and more) or fills it (64). The
// digests were computed with md5sum.
TEST(Md5, PadsEveryLength) {
    const std::pair<std::size_t, const char*> cases[] = {
        {55, "04364420e25c512fd958a70738aa8f72"}, {56, "668a72d5ba17f08e62dabcafad6db14b"},
        {63, "7dc2ca208106a2f703567bdff99d8981"}, {64, "c1bb4f81d892b2d57947682aeb252456"},
        {65, "1bc932052302d074bdec39795fe00cf6"}, {1000, "398533d48111e9f664b1f64cb10c4b63"},
    };
    for (const auto& [size, digest] : cases) EXPECT_EQ(md5_of(std::string(size, 'x')), digest) << size;
}

}  // namespace
}  // namespace cairn::data
