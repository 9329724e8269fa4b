#include "cairn/data/canonical.h"

#include "cairn/core/parallel.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

namespace cairn::data {

namespace {

// One round: the multiplication carries every bit upwards, the shift brings the upper half down again. The multiplier
// is 2^64 divided by the golden ratio, made odd.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

std::vector<std::uint64_t> record_hashes(const Dataset& dataset) {
    std::vector<std::uint64_t> hashes(static_cast<std::size_t>(dataset.size()));
    parallel_for(dataset.size(), 256, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
            const auto at = static_cast<std::size_t>(i);
            hashes[at] = record_hash(dataset.image(i), dataset.labels[at]);
        }
    });
    return hashes;
}

}  // namespace

std::uint64_t record_hash(std::span<const std::uint8_t> image, std::int32_t label) {
    std::uint64_t hash = mix(0, static_cast<std::uint32_t>(label));
    std::size_t at = 0;
    for (; at + 8 <= image.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, &image[at], 8);
        hash = mix(hash, word);
    }
    for (; at < image.size(); ++at) hash = mix(hash, image[at]);
    return mix(hash, 0);
}

std::vector<std::int32_t> sort_canonically(Dataset& dataset) {
    const std::vector<std::uint64_t> hashes = record_hashes(dataset);
    std::vector<std::int32_t> order(hashes.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::int32_t first, std::int32_t second) {
        const auto a = static_cast<std::size_t>(first), b = static_cast<std::size_t>(second);
        if (hashes[a] != hashes[b]) return hashes[a] < hashes[b];
        if (dataset.labels[a] != dataset.labels[b]) return dataset.labels[a] < dataset.labels[b];
        const int difference = std::memcmp(dataset.image(first).data(), dataset.image(second).data(),
                                           static_cast<std::size_t>(dataset.image_bytes()));
        return difference != 0 ? difference < 0 : a < b;  // the same record twice: as they stood
    });

    std::vector<std::uint8_t> images(dataset.images.size());
    std::vector<std::int32_t> labels(dataset.labels.size());
    parallel_for(dataset.size(), 256, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::int32_t from = order[static_cast<std::size_t>(i)];
            std::ranges::copy(dataset.image(from), images.begin() + i * dataset.image_bytes());
            labels[static_cast<std::size_t>(i)] = dataset.labels[static_cast<std::size_t>(from)];
        }
    });
    dataset.images = std::move(images);
    dataset.labels = std::move(labels);
    return order;
}

std::uint64_t content_hash(const Dataset& dataset) {
    std::uint64_t hash = 0;
    for (const std::uint64_t record : record_hashes(dataset)) hash = mix(hash, record);
    return hash;
}

}  // namespace cairn::data
