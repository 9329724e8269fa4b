#include "cairn/io/png.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/io/big_image.h"
#include "cairn/io/limited_file.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>

namespace cairn::io {

namespace {

// libpng's state for one picture; frees what libpng still holds, also when a check throws.
struct PngImage {
    png_image state{};
    PngImage() { state.version = PNG_IMAGE_VERSION; }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
    ~PngImage() { png_image_free(&state); }
};

// libpng's simplified interface, which all pictures are read by, mixes up the rows of interlaced pictures of 16 bits (libpng
// #853); its other one does not. So such a picture is written anew without interlacing first. libpng is C and reports an
// error by a function that must not return; that one jumps back into the Rewriter, whose functions have no objects that would
// have to be destroyed on the way.
class Rewriter {
public:
    explicit Rewriter(std::span<const std::uint8_t> from) : from_(from) {}
    Rewriter(const Rewriter&) = delete;
    Rewriter& operator=(const Rewriter&) = delete;
    ~Rewriter() {
        png_destroy_read_struct(&reader_, &info_, nullptr);
        png_destroy_write_struct(&writer_, nullptr);
    }

    // Whether it worked; if not, message() says why.
    bool run() {
        if (setjmp(back_) != 0) return false;
        reader_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, jump_back, ignore);
        writer_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, jump_back, ignore);
        info_ = reader_ == nullptr ? nullptr : png_create_info_struct(reader_);
        if (writer_ == nullptr || info_ == nullptr) return false;
        png_set_chunk_cache_max(reader_, 16);  // of texts and profiles, which may be packed
        png_set_chunk_malloc_max(reader_, 4'000'000);
        png_set_read_fn(reader_, this, read);
        png_read_png(reader_, info_, PNG_TRANSFORM_IDENTITY, nullptr);
        png_set_IHDR(reader_, info_, png_get_image_width(reader_, info_), png_get_image_height(reader_, info_),
                     png_get_bit_depth(reader_, info_), png_get_color_type(reader_, info_), PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
        png_set_write_fn(writer_, this, write, nullptr);
        png_set_compression_level(writer_, 1);
        png_set_filter(writer_, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
        png_write_png(writer_, info_, PNG_TRANSFORM_IDENTITY, nullptr);
        return true;
    }

    const std::vector<std::uint8_t>& bytes() const { return to_; }
    const char* message() const { return message_; }

private:
    static Rewriter& of(png_structp state) { return *static_cast<Rewriter*>(png_get_error_ptr(state)); }
    [[noreturn]] static void jump_back(png_structp state, png_const_charp message) {
        std::snprintf(of(state).message_, sizeof message_, "%s", message);
        std::longjmp(of(state).back_, 1);
    }
    static void ignore(png_structp, png_const_charp) {}
    static void read(png_structp state, png_bytep to, std::size_t count) {
        Rewriter& self = of(state);
        if (count > self.from_.size()) png_error(state, "it ends too early");
        std::copy_n(self.from_.begin(), count, to);
        self.from_ = self.from_.subspan(count);
    }
    static void write(png_structp state, png_bytep from, std::size_t count) {
        of(state).to_.insert(of(state).to_.end(), from, from + count);
    }

    std::span<const std::uint8_t> from_;
    std::vector<std::uint8_t> to_;
    png_structp reader_ = nullptr, writer_ = nullptr;
    png_infop info_ = nullptr;
    std::jmp_buf back_{};
    char message_[128]{};
};

// As the header says, which begins behind the signature, its own length and its name.
bool is_interlaced_16_bit(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t depth = 24, interlace = 28;
    return bytes.size() > interlace && bytes[depth] == 16 && bytes[interlace] == 1;
}

}  // namespace

bool is_png(std::span<const std::uint8_t> bytes) { return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0; }

Image decode_png(std::span<const std::uint8_t> bytes, const std::string& name) {
    check(is_png(bytes),
          "{} is not a PNG: it does not start with the PNG signature; export it as PNG from an image program", name);

    PngImage png;
    const auto check_png = [&](bool ok) {
        check(ok, "{} cannot be decoded: {}; the file is truncated or damaged, so copy or export it again", name,
              png.state.message);
    };
    check_png(png_image_begin_read_from_memory(&png.state, bytes.data(), bytes.size()) != 0);
    check(std::max(png.state.width, png.state.height) <= max_image_side,
          "{} is {} x {} pixels; at most {} on a side are read: make it smaller first", name, png.state.width,
          png.state.height, max_image_side);
    check(std::int64_t{png.state.width} * png.state.height <= max_image_pixels,
          "{} is {} x {} pixels; at most {} together are read: make it smaller first", name, png.state.width,
          png.state.height, max_image_pixels);

    const BigImage alone(std::int64_t{png.state.width} * png.state.height);
    if (is_interlaced_16_bit(bytes)) {
        Rewriter plain(bytes);
        check(plain.run(), "{} cannot be decoded: {}; the file is truncated or damaged, so copy or export it again",
              name, plain.message());
        return decode_png(plain.bytes(), name);
    }
    png.state.format = PNG_FORMAT_RGB;
    png.state.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // 16-bit files without a gamma are sRGB too, not linear light
    Image image{.height = png.state.height, .width = png.state.width, .pixels = {}};
    image.pixels.resize(PNG_IMAGE_SIZE(png.state));
    const png_color white = {255, 255, 255};
    check_png(png_image_finish_read(&png.state, &white, image.pixels.data(), 0, nullptr) != 0);
    return image;
}

Image read_png(const std::filesystem::path& path) {
    return decode_png(read_limited_file(path, max_picture_bytes), path.string());
}

void write_png(const std::filesystem::path& path, const Image& image) {
    invariant(image.height > 0 && image.width > 0 &&
                  image.pixels.size() == static_cast<std::size_t>(3 * image.height * image.width),
              "an image of {} x {} pixels does not have {} bytes", image.height, image.width, image.pixels.size());
    PngImage png;
    png.state.width = static_cast<png_uint_32>(image.width);
    png.state.height = static_cast<png_uint_32>(image.height);
    png.state.format = PNG_FORMAT_RGB;
    std::vector<std::uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(png.state));
    png_alloc_size_t size = bytes.size();
    const int ok = png_image_write_to_memory(&png.state, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr);
    check(ok != 0, "cannot write {}: {}", path.string(), png.state.message);
    bytes.resize(size);
    write_file(path, bytes);
}

}  // namespace cairn::io
