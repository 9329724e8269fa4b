// What cairn kept of a folder of pictures in its cache folder: whatever stands there by now, the folder itself is whole, so that
// reading it must not fail.
#include "cairn/core/cache_folder.h"
#include "cairn/data/load.h"
#include "cairn/io/png.h"
#include "input.h"

using namespace cairn;

namespace {

namespace fs = std::filesystem;

fs::path make_pictures() {
    const fs::path folder = fuzz::scratch() / "pictures";
    for (const char* name : {"cat", "dog"})
        for (const char* file : {"1.png", "2.png"}) {
            fs::create_directories(folder / name);
            io::write_png(folder / name / file, {2, 2, std::vector<std::uint8_t>(12, 100)});
        }
    return folder;
}

fs::path kept_file(const fs::path& pictures) {
    ::setenv("XDG_CACHE_HOME", fuzz::scratch().c_str(), 1);
    data::load(pictures);
    return fs::directory_iterator(cache_folder() / "pictures")->path();
}

}  // namespace

FUZZ(bytes, size) {
    static const fs::path pictures = make_pictures(), kept = kept_file(pictures);
    fuzz::put(kept, fuzz::text_of(bytes, size));
    const data::Loaded loaded = data::load(pictures);
    invariant(loaded.split.train.size() > 0, "the pictures are gone");
    return 0;
}
