#include "io/npy.h"

#include "core/error.h"
#include "core/file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace cairn::io {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t prefix_bytes = 10;  // magic, version, length of the header
constexpr std::string_view damaged = "the file is damaged; write or copy it again";

struct TypeName {
    DType dtype;
    std::string_view descr;
};
constexpr TypeName type_names[] = {
    {DType::float32, "<f4"}, {DType::float64, "<f8"}, {DType::int32, "<i4"}, {DType::uint8, "|u1"}};

// The text after "'key':" in the header; nothing when the key is missing.
std::string_view value_of(std::string_view header, std::string_view key) {
    const std::string quoted = fmt::format("'{}':", key);
    const std::size_t at = header.find(quoted);
    if (at == header.npos) return {};
    const std::string_view rest = header.substr(at + quoted.size());
    return rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
}

// "(8, 10)", "(8,)" or "()": the sizes, or nothing when the text is no such tuple.
std::optional<std::vector<std::int64_t>> parse_tuple(std::string_view text) {
    const std::size_t close = text.find(')');
    if (!text.starts_with('(') || close == text.npos) return std::nullopt;
    std::vector<std::int64_t> dims;
    const char* at = text.data() + 1;
    const char* const end = text.data() + close;
    const auto skip_spaces = [&] {
        while (at != end && *at == ' ') ++at;
    };
    for (skip_spaces(); at != end; skip_spaces()) {
        std::int64_t dim = 0;
        const auto [next, error] = std::from_chars(at, end, dim);
        if (error != std::errc() || dim < 0) return std::nullopt;
        dims.push_back(dim);
        at = next;
        skip_spaces();
        if (at != end && *at++ != ',') return std::nullopt;
    }
    return dims;
}

DType parse_dtype(const std::filesystem::path& path, std::string_view descr) {
    for (const TypeName& type : type_names)
        if (descr == type.descr) return type.dtype;
    fail("{} holds elements of type '{}'; cairn reads <f4, <f8, <i4 and |u1: save x.astype(np.float32), for example",
         path.string(), descr);
}

}  // namespace

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
    std::string header =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                    std::ranges::find(type_names, tensor.dtype(), &TypeName::dtype)->descr, tensor.shape());
    header.resize((prefix_bytes + header.size() + 1 + 63) / 64 * 64 - prefix_bytes - 1, ' ');
    header += '\n';

    std::string start(magic);
    start += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
    start += header;
    std::vector<std::uint8_t> bytes(start.size() + tensor.bytes());
    std::ranges::copy(start, bytes.begin());
    tensor.download(bytes.data() + start.size());
    write_file(path, bytes);
}

Tensor read_npy(const std::filesystem::path& path, Allocator& allocator) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    check(text.starts_with(magic), "{} is not an .npy file: it does not start with \\x93NUMPY; write it with np.save",
          path.string());
    check(bytes.size() >= prefix_bytes, "{} ends within its first {} bytes; {}", path.string(), prefix_bytes, damaged);
    check(bytes[6] == 1 && bytes[7] == 0,
          "{} has the format version {}.{}; cairn reads 1.0, which np.save writes for plain arrays", path.string(),
          bytes[6], bytes[7]);
    const std::size_t data_at = prefix_bytes + bytes[8] + std::size_t{256} * bytes[9];
    check(data_at <= bytes.size(), "{}: the header should end at byte {}, but the file holds {}; {}", path.string(),
          data_at, bytes.size(), damaged);
    const std::string_view header = text.substr(prefix_bytes, data_at - prefix_bytes);

    const std::string_view descr = value_of(header, "descr");
    const std::string_view order = value_of(header, "fortran_order");
    const std::optional<std::vector<std::int64_t>> dims = parse_tuple(value_of(header, "shape"));
    const std::size_t quote = descr.find('\'', 1);
    check(
        descr.starts_with('\'') && quote != descr.npos && (order.starts_with("True") || order.starts_with("False")) &&
            dims,
        "{}: the header at byte {} must be a dict with descr, fortran_order and shape, not {:?}; write it with np.save "
        "from a plain array",
        path.string(), prefix_bytes, header.substr(0, 200));
    const DType dtype = parse_dtype(path, descr.substr(1, quote - 1));
    check(order.starts_with("False"),
          "{} is stored in Fortran order (columns first); save np.ascontiguousarray(x) instead", path.string());
    check(dims->size() <= Shape::max_rank, "{} has {} axes; cairn reads at most {}: reshape it first", path.string(),
          dims->size(), Shape::max_rank);
    std::uint64_t expected = size_of(dtype);
    bool overflow = false;
    Shape shape;
    for (const std::int64_t dim : *dims) {
        overflow |= __builtin_mul_overflow(expected, static_cast<std::uint64_t>(dim), &expected);
        shape = shape.append(dim);
    }
    check(!overflow && expected == bytes.size() - data_at,
          "{}: shape {} of {} does not fill the {} bytes after the header; {}", path.string(), shape, name_of(dtype),
          bytes.size() - data_at, damaged);

    const Tensor tensor = Tensor::empty(shape, dtype, allocator);
    tensor.upload(bytes.data() + data_at);
    return tensor;
}

}  // namespace cairn::io
