#include "cairn/data/cifar_records.h"

#include "cairn/core/error.h"
#include "cairn/core/parallel.h"
#include "cairn/data/names.h"
#include "cairn/io/limited_file.h"

#include <sstream>

namespace cairn::data {

namespace {

constexpr std::int64_t plane = cifar_side * cifar_side;
constexpr std::uint64_t most_record_bytes = 400'000'000;  // of a file; CIFAR-100's largest has 154 MB

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;  // what cannot be looked at fails when it is read, with a better message
    return std::filesystem::exists(path, ignored) || ignored;
}

}  // namespace

std::int64_t append_records(Dataset& dataset, const std::filesystem::path& path, const RecordLayout& layout,
                            const std::string& remedy) {
    check(is_there(path), "{} is missing.\n{}", path.string(), remedy);
    const std::vector<std::uint8_t> bytes = io::read_limited_file(path, most_record_bytes);
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
    if (!is_there(path)) return {};
    const std::vector<std::uint8_t> bytes = io::read_limited_file(path, io::most_text_bytes);
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    std::vector<std::string> names;
    for (std::string line; std::getline(text, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) names.push_back(line);
    }
    check(names.size() == static_cast<std::size_t>(classes), "{} names {} classes; it should name {}, a line each",
          path.string(), names.size(), classes);
    check_names(names, path.string());
    return names;
}

std::vector<std::string> numbered_classes(std::int64_t classes) {
    std::vector<std::string> names;
    for (std::int64_t label = 0; label < classes; ++label) names.push_back(std::to_string(label));
    return names;
}

}  // namespace cairn::data
