#include "cairn/io/gzip.h"

#include "cairn/core/error.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace cairn::io {

namespace {

// zlib's state; freed however reading ends.
struct Inflater {
    z_stream state{};
    Inflater() {
        invariant(inflateInit2(&state, 15 + 16) == Z_OK, "zlib does not start");
    }  // 15: any window; 16: gzip's frame
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&state); }
};

}  // namespace

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::size_t most, const std::string& name) {
    constexpr std::size_t step = std::size_t{1}
                                 << 20;  // memory grows with what has arrived, not with what is announced
    check(bytes.size() <= std::numeric_limits<uInt>::max(),
          "{} holds {} bytes; at most 4 GiB are read: unpack it with gunzip", name, bytes.size());
    Inflater inflater;
    z_stream& z = inflater.state;
    z.next_in = const_cast<Bytef*>(bytes.data());  // zlib only reads it
    z.avail_in = static_cast<uInt>(bytes.size());
    std::vector<std::uint8_t> unpacked;
    for (int status = Z_OK; status != Z_STREAM_END && unpacked.size() < most;) {
        const std::size_t before = unpacked.size(), room = std::min(step, most - before);
        unpacked.resize(before + room);
        z.next_out = &unpacked[before];
        z.avail_out = static_cast<uInt>(room);
        status = inflate(&z, Z_NO_FLUSH);
        unpacked.resize(before + room - z.avail_out);
        check(status == Z_OK || status == Z_STREAM_END, "{} cannot be unpacked: {}; fetch or copy it again", name,
              status == Z_BUF_ERROR ? "it is truncated"
              : z.msg != nullptr    ? z.msg
                                    : "it is damaged");
    }
    return unpacked;
}

}  // namespace cairn::io
