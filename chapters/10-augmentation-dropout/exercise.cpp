// Chapter 10: augmentation and dropout. Complete it from top to bottom; ./cairn grade 10 says which parts are right.
#include "chapters/10-augmentation-dropout/exercise.h"

namespace exercise {

// ---- draw -------------------------------------------------------------------------------------------------------------

Change draw(std::uint64_t seed, std::uint32_t epoch, std::uint32_t image, long shift) { not_written_yet(); }

// ---- mirror -----------------------------------------------------------------------------------------------------------

Array mirror(const Array& image) { not_written_yet(); }

// ---- move -------------------------------------------------------------------------------------------------------------

Array move(const Array& image, long down, long right) { not_written_yet(); }

// ---- batch ------------------------------------------------------------------------------------------------------------

Array batch(const Array& data, const std::vector<std::uint32_t>& index, std::uint64_t seed, std::uint32_t epoch, long shift,
            bool training) { not_written_yet(); }

// ---- dropout ----------------------------------------------------------------------------------------------------------

void dropout(const Array& x, double rate, const RandomKey& key, std::size_t begin, std::size_t end, Array& y) { not_written_yet(); }

// ---- dropout_backward -------------------------------------------------------------------------------------------------

Array dropout_backward(const Array& dy, double rate, const RandomKey& key) { not_written_yet(); }

}  // namespace exercise
