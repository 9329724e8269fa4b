// FlushDenormals: while one lives, this thread takes numbers too small for full precision (below 1.2e-38 in float32)
// for zero.
//
// Processors handle such denormal numbers in microcode, a hundred times slower than others, and training makes many:
// Adam's v is a square, so a gradient below 1e-19 is enough, and a penalty drives the weights of idle units that far.
// The numbers are beneath notice (Adam adds 1e-7 to their root).
#pragma once

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace cairn {

class FlushDenormals {
public:
    FlushDenormals() : before_(read()) { write(before_ | flush_bits); }
    ~FlushDenormals() { write(before_); }
    FlushDenormals(const FlushDenormals&) = delete;
    FlushDenormals& operator=(const FlushDenormals&) = delete;

private:
#if defined(__SSE__)
    static constexpr std::uint64_t flush_bits = 0x8040;  // MXCSR: results to zero (15), operands as zero (6)
    static std::uint64_t read() { return _mm_getcsr(); }
    static void write(std::uint64_t control) { _mm_setcsr(static_cast<unsigned>(control)); }
#elif defined(__aarch64__)
    static constexpr std::uint64_t flush_bits = 1u << 24;  // FPCR: FZ
    static std::uint64_t read() {
        std::uint64_t control;
        asm volatile("mrs %0, fpcr" : "=r"(control));
        return control;
    }
    static void write(std::uint64_t control) { asm volatile("msr fpcr, %0" : : "r"(control)); }
#else
    static constexpr std::uint64_t flush_bits = 0;
    static std::uint64_t read() { return 0; }
    static void write(std::uint64_t) {}
#endif

    std::uint64_t before_;
};

}  // namespace cairn
