#include "cairn/io/limited_file.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"

namespace cairn::io {

std::vector<std::uint8_t> read_limited_file(const std::filesystem::path& path, std::uint64_t most) {
    const std::uint64_t size = size_of_file(path);
    check(size <= most, "{} holds {} bytes; such a file has at most {}: it is damaged, or is another file",
          path.string(), size, most);
    return read_file(path);
}

}  // namespace cairn::io
