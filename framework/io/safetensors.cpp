#include "cairn/io/safetensors.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/io/json.h"
#include "cairn/io/limited_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

namespace cairn::io {

namespace {

constexpr const char* metadata_key = "__metadata__";
constexpr std::uint64_t length_bytes = 8;          // of the number in front of the header
constexpr std::uint64_t max_header = 100'000'000;  // the Python package's limit too
// A header of that many bytes could describe millions of tensors, which would take gigabytes.
constexpr JsonLimits header_limits{.depth = 8, .values = 1'000'000};
constexpr std::uint64_t most_bytes = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view remedy = "the file is damaged or not a safetensors file; copy or write it again";

struct TypeName {
    DType dtype;
    const char* name;
};
constexpr TypeName type_names[] = {
    {DType::float32, "F32"}, {DType::float64, "F64"}, {DType::int32, "I32"}, {DType::uint8, "U8"}};

const char* safetensors_name(DType dtype) { return std::ranges::find(type_names, dtype, &TypeName::dtype)->name; }

std::optional<DType> parse_dtype(const std::string& name) {
    for (const TypeName& type : type_names)
        if (name == type.name) return type.dtype;
    return std::nullopt;
}

std::ifstream open(const std::filesystem::path& path) {
    size_of_file(path);  // before: a pipe would be waited for
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    check(file.is_open(), "cannot read {}: {}", path.string(), std::strerror(errno));
    return file;
}

void read_bytes(std::ifstream& file, const std::filesystem::path& path, char* to, std::size_t bytes) {
    errno = 0;
    file.read(to, static_cast<std::streamsize>(bytes));
    check(file.good(), "cannot read {}: {}", path.string(), errno != 0 ? std::strerror(errno) : "it became shorter");
}

// A list of sizes or offsets: unsigned numbers.
std::vector<std::uint64_t> parse_numbers(const Json& entry, const char* key, const std::string& where) {
    const auto found = entry.find(key);
    check(found != entry.end() && found->is_array() &&
              std::ranges::all_of(*found, [](const Json& n) { return n.is_number_unsigned(); }),
          "{}: \"{}\" must be a list of whole numbers, 0 or more; {}", where, key, remedy);
    return found->get<std::vector<std::uint64_t>>();
}

SafetensorsEntry parse_entry(const std::filesystem::path& path, const std::string& name, const Json& entry,
                             std::uint64_t data_bytes) {
    const std::string where = fmt::format("{}: tensor \"{}\"", path.string(), name);
    check(entry.is_object(), "{} must be described by an object with dtype, shape and data_offsets; {}", where, remedy);

    const auto type = entry.find("dtype");
    check(type != entry.end() && type->is_string(), "{}: \"dtype\" must be a text such as \"F32\"; {}", where, remedy);
    const std::optional<DType> dtype = parse_dtype(type->get<std::string>());
    check(dtype.has_value(), "{} has the element type {}; cairn reads F32, F64, I32 and U8: convert it to one of these",
          where, type->get<std::string>());

    const std::vector<std::uint64_t> offsets = parse_numbers(entry, "data_offsets", where);
    check(offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= data_bytes,
          "{}: data_offsets [{}] must be two ascending offsets within the {} bytes of data; {}", where,
          fmt::join(offsets, ", "), data_bytes, remedy);

    const std::vector<std::uint64_t> dims = parse_numbers(entry, "shape", where);
    check(dims.size() <= Shape::max_rank, "{} has {} axes; cairn reads at most {}: reshape it first", where,
          dims.size(), Shape::max_rank);
    std::uint64_t bytes = size_of(*dtype);
    bool overflow = false;
    std::int64_t counted = 1;  // without axes of size 0, which could stand before ones that cannot be multiplied
    for (const std::uint64_t dim : dims) {
        overflow |= dim > most_bytes || __builtin_mul_overflow(bytes, dim, &bytes);
        if (dim > 0) overflow |= __builtin_mul_overflow(counted, dim, &counted);
    }
    check(!overflow && bytes == offsets[1] - offsets[0],
          "{}: shape ({}) of {} does not fill the {} bytes of its data_offsets [{}]; {}", where, fmt::join(dims, ", "),
          safetensors_name(*dtype), offsets[1] - offsets[0], fmt::join(offsets, ", "), remedy);

    Shape shape;
    for (const std::uint64_t dim : dims) shape = shape.append(static_cast<std::int64_t>(dim));
    return {.name = name, .dtype = *dtype, .shape = shape, .begin = offsets[0], .end = offsets[1]};
}

Metadata parse_metadata(const std::filesystem::path& path, const Json& object) {
    const bool texts = object.is_object() && std::ranges::all_of(object, [](const Json& v) { return v.is_string(); });
    check(texts, "{}: {} must map names to texts; {}", path.string(), metadata_key, remedy);
    return object.get<Metadata>();
}

// Reads and checks the header; leaves the file at the start of the data.
SafetensorsHeader read_header(std::ifstream& file, const std::filesystem::path& path) {
    const std::uint64_t file_bytes = size_of_file(path);
    check(file_bytes >= length_bytes, "{} holds {} bytes, too few for the length of a header (8 bytes); {}",
          path.string(), file_bytes, remedy);
    unsigned char length[length_bytes];
    read_bytes(file, path, reinterpret_cast<char*>(length), sizeof length);
    std::uint64_t header_bytes = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) header_bytes |= std::uint64_t{length[i]} << (8 * i);
    check(header_bytes <= std::min(max_header, file_bytes - length_bytes),
          "{}: its first 8 bytes announce a header of {} bytes, but the file holds {} bytes (and a header at most {}); "
          "{}",
          path.string(), header_bytes, file_bytes, max_header, remedy);
    std::string text(header_bytes, '\0');
    read_bytes(file, path, text.data(), header_bytes);

    const Json object = parse_json(
        text, {.file = path.string(), .part = "the header", .start = length_bytes, .remedy = std::string(remedy)},
        header_limits);
    check(object.is_object(), "{}: the header must be a JSON object; {}", path.string(), remedy);
    SafetensorsHeader header;
    const std::uint64_t data_bytes = file_bytes - length_bytes - header_bytes;
    for (const auto& [name, entry] : object.items()) {
        if (name == metadata_key) header.metadata = parse_metadata(path, entry);
        else header.tensors.push_back(parse_entry(path, name, entry, data_bytes));
    }

    // In the order of the data, each tensor starts where the last one ended.
    std::ranges::sort(header.tensors, {}, [](const SafetensorsEntry& e) { return std::tuple(e.begin, e.end, e.name); });
    std::uint64_t expected = 0;
    for (const SafetensorsEntry& entry : header.tensors) {
        check(entry.begin == expected, "{}: tensor \"{}\" starts at offset {} of the data, which {} (expected {}); {}",
              path.string(), entry.name, entry.begin,
              entry.begin < expected ? "overlaps the tensor before" : "leaves a hole", expected, remedy);
        expected = entry.end;
    }
    check(expected == data_bytes, "{}: the tensors end at offset {} of the data, which holds {} bytes; {}",
          path.string(), expected, data_bytes, remedy);
    return header;
}

}  // namespace

std::vector<std::uint8_t> safetensors_bytes(const std::filesystem::path& path, const NamedTensors& tensors,
                                            const Metadata& metadata) {
    Json header = Json::object();
    if (!metadata.empty()) header[metadata_key] = metadata;
    std::set<std::string> names = {metadata_key};
    std::size_t data_bytes = 0;
    for (const auto& [name, tensor] : tensors) {
        check(names.insert(name).second, "cannot write {}: the tensor name \"{}\" is {}; give each its own",
              path.string(), name, name == metadata_key ? "reserved" : "used twice");
        header[name] = {{"dtype", safetensors_name(tensor.dtype())},
                        {"shape", std::vector<std::int64_t>(tensor.shape().begin(), tensor.shape().end())},
                        {"data_offsets", {data_bytes, data_bytes + tensor.bytes()}}};
        data_bytes += tensor.bytes();
    }

    std::string text;
    try {
        text = header.dump();
    } catch (const Json::type_error& error) {
        fail("cannot write {}: its names and metadata must be UTF-8 ({})", path.string(), error.what());
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data is aligned for 8-byte elements

    std::vector<std::uint8_t> bytes(length_bytes + text.size() + data_bytes);
    for (std::size_t i = 0; i < length_bytes; ++i) bytes[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
    std::ranges::copy(text, bytes.begin() + length_bytes);
    std::uint8_t* to = bytes.data() + length_bytes + text.size();
    for (const auto& [name, tensor] : tensors) {
        tensor.download(to);
        to += tensor.bytes();
    }
    return bytes;
}

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors, const Metadata& metadata) {
    write_file(path, safetensors_bytes(path, tensors, metadata));
}

SafetensorsHeader read_safetensors_header(const std::filesystem::path& path) {
    std::ifstream file = open(path);
    return read_header(file, path);
}

Safetensors read_safetensors(const std::filesystem::path& path, Allocator& allocator, const ChosenTensors& chosen) {
    std::ifstream file = open(path);
    const SafetensorsHeader header = read_header(file, path);
    Safetensors result{.tensors = {}, .metadata = header.metadata};
    std::vector<char> bytes;
    for (const SafetensorsEntry& entry : header.tensors) {
        if (chosen && !chosen(entry)) {
            file.seekg(static_cast<std::streamoff>(entry.end - entry.begin), std::ios::cur);
            continue;
        }
        const Tensor tensor = Tensor::empty(entry.shape, entry.dtype, allocator);
        bytes.resize(tensor.bytes());
        read_bytes(file, path, bytes.data(), bytes.size());
        tensor.upload(bytes.data());
        result.tensors.emplace_back(entry.name, tensor);
    }
    return result;
}

}  // namespace cairn::io
