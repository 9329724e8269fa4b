#include "cairn/data/cifar_records.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/parallel.h"

#include <sstream>

namespace cairn::data {

namespace {

constexpr std::int64_t plane = cifar_side * cifar_side;

}  // namespace

std::int64_t append_records(Dataset& dataset, const std::filesystem::path& path, const RecordLayout& layout,
                            const std::string& remedy) {
    check(std::filesystem::exists(path), "{} is missing.\n{}", path.string(), remedy);
    const std::vector<std::uint8_t> bytes = read_file(path);
    const std::int64_t record_bytes = layout.bytes();
    const auto size = static_cast<std::int64_t>(bytes.size()), records = size / record_bytes,
               rest = size % record_bytes;
    check(size > 0, "{} is empty; records are {} bytes each.\n{}", path.string(), record_bytes, remedy);
    check(rest == 0,
          "{} holds {} bytes; records are {} bytes each, so record {} (from byte {}) is truncated after {} bytes.\n{}",
          path.string(), size, record_bytes, records, records * record_bytes, rest, remedy);
    for (std::int64_t r = 0; r < records; ++r) {
        const int label = bytes[static_cast<std::size_t>(r * record_bytes + layout.label_at)];
        check(label < layout.classes, "{}: record {} (byte {}) has the label {}; labels are 0 to {}.\n{}",
              path.string(), r, r * record_bytes + layout.label_at, label, layout.classes - 1, remedy);
        dataset.labels.push_back(label);
    }

    const std::size_t before = dataset.images.size();
    dataset.images.resize(before + static_cast<std::size_t>(records * 3 * plane));
    parallel_for(records, 64, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t r = begin; r < end; ++r) {
            const std::uint8_t* red = &bytes[static_cast<std::size_t>(r * record_bytes + layout.label_bytes)];
            std::uint8_t* pixel = &dataset.images[before + static_cast<std::size_t>(r * 3 * plane)];
            for (std::int64_t i = 0; i < plane; ++i)
                for (std::int64_t c = 0; c < 3; ++c) *pixel++ = red[c * plane + i];
        }
    });
    return records;
}

std::vector<std::string> read_class_names(const std::filesystem::path& path, int classes) {
    if (!std::filesystem::exists(path)) return {};
    const std::vector<std::uint8_t> bytes = read_file(path);
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    std::vector<std::string> names;
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) names.push_back(line);
    }
    check(names.size() == static_cast<std::size_t>(classes), "{} names {} classes; it should name {}, a line each",
          path.string(), names.size(), classes);
    return names;
}

std::vector<std::string> numbered_classes(std::int64_t classes) {
    std::vector<std::string> names;
    for (std::int64_t label = 0; label < classes; ++label) names.push_back(std::to_string(label));
    return names;
}

}  // namespace cairn::data
