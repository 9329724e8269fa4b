#include "cairn/io/picture.h"

#include "cairn/core/error.h"
#include "cairn/io/jpeg.h"
#include "cairn/io/limited_file.h"
#include "cairn/io/png.h"

#include <algorithm>
#include <cctype>

namespace cairn::io {

bool is_picture_name(const std::filesystem::path& path) {
    static constexpr const char* endings[] = {".png", ".jpg", ".jpeg", ".gif",  ".webp",
                                              ".bmp", ".tif", ".tiff", ".heic", ".avif"};
    std::string ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(endings, ending) != std::end(endings);
}

Image read_picture(const std::filesystem::path& path) {
    const std::vector<std::uint8_t> bytes = read_limited_file(path, max_picture_bytes);
    if (is_png(bytes)) return decode_png(bytes, path.string());
    if (is_jpeg(bytes)) return decode_jpeg(bytes, path.string());
    fail("{} is {}; cairn reads PNG and JPEG: export it as one of them from an image program", path.string(),
         bytes.empty() ? "empty" : "neither a PNG nor a JPEG");
}

}  // namespace cairn::io
