#include "cairn/io/jpeg.h"

#include "cairn/core/error.h"
#include "cairn/io/big_image.h"

#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it before itself

#include <jpeglib.h>
// After jpeglib.h, whose types it uses.
#include <jerror.h>

#include <algorithm>

namespace cairn::io {

namespace {

// libjpeg reports an error by a function that must not return, and it is C: no exception may pass through it. So that function
// jumps back into the Decoder, whose functions have no objects that would have to be destroyed on the way.
struct Errors {
    jpeg_error_mgr base;
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
    bool damaged;  // a warning: libjpeg went on with pixels that it made up
};

Errors& errors_of(j_common_ptr state) { return *reinterpret_cast<Errors*>(state->err); }

extern "C" [[noreturn]] void jump_back(j_common_ptr state) {
    state->err->format_message(state, errors_of(state).message);
    std::longjmp(errors_of(state).back, 1);
}

extern "C" void note_warning(j_common_ptr state, int level) {
    // Level -1 is a warning, others are traces. Bytes between two parts of a file, and versions, spoil no pixel.
    const int code = state->err->msg_code;
    if (level >= 0 || code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM) return;
    if (!errors_of(state).damaged) state->err->format_message(state, errors_of(state).message);
    errors_of(state).damaged = true;
}

// A progressive file refines its pixels scan by scan; a few bytes can ask for thousands of scans over all of them.
extern "C" void limit_scans(j_common_ptr state) {
    constexpr int most_scans = 100;  // files in use have about ten
    if (reinterpret_cast<j_decompress_ptr>(state)->input_scan_number <= most_scans) return;
    std::snprintf(errors_of(state).message, sizeof errors_of(state).message, "it has more than %d scans", most_scans);
    std::longjmp(errors_of(state).back, 1);
}

class Decoder {
public:
    Decoder() {
        state_.err = jpeg_std_error(&errors_.base);
        errors_.base.error_exit = jump_back;
        errors_.base.emit_message = note_warning;
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder() { jpeg_destroy_decompress(&state_); }

    // Both return whether it worked; if not, message() says why.
    bool read_header(const std::uint8_t* bytes, std::size_t size) {
        if (setjmp(errors_.back) != 0) return false;
        jpeg_create_decompress(&state_);
        jpeg_mem_src(&state_, bytes, size);
        jpeg_read_header(&state_, TRUE);
        return true;
    }
    bool read_pixels(std::uint8_t* to) {
        if (setjmp(errors_.back) != 0) return false;
        state_.out_color_space = JCS_RGB;
        progress_.progress_monitor = limit_scans;
        state_.progress = &progress_;
        jpeg_start_decompress(&state_);
        while (state_.output_scanline < state_.output_height) {
            JSAMPROW row = to + 3 * static_cast<std::size_t>(state_.output_width) * state_.output_scanline;
            jpeg_read_scanlines(&state_, &row, 1);
        }
        jpeg_finish_decompress(&state_);
        return !errors_.damaged;
    }

    const jpeg_decompress_struct& state() const { return state_; }
    const char* message() const { return errors_.message; }

private:
    jpeg_decompress_struct state_{};
    Errors errors_{};
    jpeg_progress_mgr progress_{};
};

}  // namespace

bool is_jpeg(std::span<const std::uint8_t> bytes) {
    return bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

Image decode_jpeg(std::span<const std::uint8_t> bytes, const std::string& name) {
    check(is_jpeg(bytes), "{} is not a JPEG: it does not start as one; export it as JPEG from an image program", name);
    Decoder decoder;
    const auto check_jpeg = [&](bool ok) {
        check(ok, "{} cannot be decoded: {}; the file is truncated or damaged, so copy or export it again", name,
              decoder.message());
    };
    check_jpeg(decoder.read_header(bytes.data(), bytes.size()));
    const std::int64_t height = decoder.state().image_height, width = decoder.state().image_width;
    check(std::max(height, width) <= max_image_side && height * width <= max_image_pixels,
          "{} is {} x {} pixels; at most {} on a side and {} together are read: make it smaller first", name, width,
          height, max_image_side, max_image_pixels);
    check(decoder.state().jpeg_color_space != JCS_CMYK && decoder.state().jpeg_color_space != JCS_YCCK,
          "{} has the colours of a print (CMYK); export it with those of a screen (RGB)", name);
    const BigImage alone(height * width);
    Image image{.height = height, .width = width, .pixels = {}};
    image.pixels.resize(static_cast<std::size_t>(3 * height * width));
    check_jpeg(decoder.read_pixels(image.pixels.data()));
    return image;
}

}  // namespace cairn::io
