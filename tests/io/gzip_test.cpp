#include "cairn/io/gzip.h"

#include "cairn/core/error.h"
#include "support/error_message.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace cairn::io {
namespace {

std::vector<std::uint8_t> gzipped(const std::vector<std::uint8_t>& bytes) {
    z_stream z{};
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::vector<std::uint8_t> packed(deflateBound(&z, static_cast<uLong>(bytes.size())) + 64);
    z.next_in = const_cast<Bytef*>(bytes.data());
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = packed.data();
    z.avail_out = static_cast<uInt>(packed.size());
    deflate(&z, Z_FINISH);
    packed.resize(packed.size() - z.avail_out);
    deflateEnd(&z);
    return packed;
}

// Catches pieces that are lost between the steps of 1 MiB, and a limit that is not kept: a few kilobytes can unpack to gigabytes.
TEST(Gzip, UnpacksUpToALimit) {
    std::vector<std::uint8_t> bytes(3'000'000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i >> 9);
    const std::vector<std::uint8_t> packed = gzipped(bytes);
    EXPECT_TRUE(gunzip(packed, bytes.size() + 1, "a.gz") == bytes);
    EXPECT_TRUE(gunzip(packed, 1'500'000, "a.gz") ==
                std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 1'500'000));
    EXPECT_TRUE(gunzip(packed, 0, "a.gz").empty());
}

TEST(Gzip, DamageIsNamed) {
    std::vector<std::uint8_t> packed = gzipped(std::vector<std::uint8_t>(1000, 7));
    const auto refusal = [](std::span<const std::uint8_t> bytes) {
        return test::error_message([&] { gunzip(bytes, 2000, "a.gz"); });
    };
    EXPECT_EQ(refusal(std::span(packed).first(packed.size() - 1)),
              "a.gz cannot be unpacked: it is truncated; fetch or copy it again");
    packed[packed.size() - 8] ^= 1;  // of the checksum
    EXPECT_EQ(refusal(packed), "a.gz cannot be unpacked: incorrect data check; fetch or copy it again");
    EXPECT_TRUE(refusal(std::vector<std::uint8_t>{1, 2, 3}).starts_with("a.gz cannot be unpacked: incorrect header"));
}

}  // namespace
}  // namespace cairn::io
