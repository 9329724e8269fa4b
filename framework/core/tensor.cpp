#include "cairn/core/tensor.h"

#include "cairn/core/error.h"

namespace cairn {

struct Tensor::Storage {
    Storage(Allocator& owner, std::size_t bytes) : allocator(owner), block(owner.allocate(bytes)) {}
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    ~Storage() { allocator.release(block); }

    Allocator& allocator;
    Block block;
};

Tensor Tensor::empty(const Shape& shape, DType dtype, Allocator& allocator) {
    Tensor tensor;
    tensor.shape_ = shape;
    tensor.size_ = shape.size();
    tensor.dtype_ = dtype;
    tensor.storage_ = std::make_shared<const Storage>(allocator, tensor.bytes());
    return tensor;
}

Allocator& Tensor::allocator() const {
    invariant(defined(), "an undefined tensor has no device");
    return storage_->allocator;
}

const Block& Tensor::block() const {
    invariant(defined(), "an undefined tensor has no memory");
    return storage_->block;
}

std::byte* Tensor::host_bytes() const {
    const Block& memory = block();
    invariant(memory.host != nullptr, "a tensor on {} was read as host memory", device());
    return memory.host + offset_;
}

Tensor Tensor::view(const Shape& shape) const {
    invariant(shape.size() == size_, "a tensor {} cannot be viewed as {}", shape_, shape);
    return view(0, shape);
}

Tensor Tensor::view(std::int64_t first, const Shape& shape) const {
    invariant(defined(), "an undefined tensor cannot be viewed as {}", shape);
    invariant(first >= 0 && first + shape.size() <= size_, "elements {} to {} do not lie in a tensor {}", first,
              first + shape.size(), shape_);
    Tensor tensor;
    tensor.storage_ = storage_;
    tensor.offset_ = offset_ + static_cast<std::size_t>(first) * size_of(dtype_);
    tensor.shape_ = shape;
    tensor.size_ = shape.size();
    tensor.dtype_ = dtype_;
    return tensor;
}

void Tensor::upload(const void* from) const { allocator().upload(block(), offset_, from, bytes()); }

void Tensor::download(void* to) const { allocator().download(block(), offset_, to, bytes()); }

double Tensor::item() const {
    invariant(size_ == 1, "item() needs one element, not a tensor {}", shape_);
    switch (dtype_) {
        case DType::float32: return to_vector<float>()[0];
        case DType::float64: return to_vector<double>()[0];
        case DType::int32: return to_vector<std::int32_t>()[0];
        case DType::uint8: return to_vector<std::uint8_t>()[0];
    }
    return 0;
}

bool Tensor::same_memory(const Tensor& other) const {
    return storage_ == other.storage_ && offset_ == other.offset_ && size_ == other.size_ && dtype_ == other.dtype_;
}

Tensor Tensor::with_node(std::shared_ptr<autograd::Node> node) const {
    Tensor tensor = *this;
    tensor.node_ = std::move(node);
    return tensor;
}

}  // namespace cairn
