// Tensor: a contiguous, row-major array of numbers on a device. A Tensor is a handle: copies share the storage, and a
// view of another shape or of a part shares it too. A default-constructed Tensor is undefined; kernels take one to mean
// "absent".
#pragma once

#include "cairn/core/allocator.h"
#include "cairn/core/dtype.h"
#include "cairn/core/shape.h"

#include <memory>
#include <span>
#include <vector>

namespace cairn {

namespace autograd {
struct Node;  // where the tensor stands in the graph of operations; defined in autograd/, core only carries the pointer
}

class Tensor {
public:
    Tensor() = default;

    // An uninitialized tensor with storage of its own. Throws Error when the device's memory is exhausted.
    static Tensor empty(const Shape& shape, DType dtype, Allocator& allocator);

    bool defined() const { return storage_ != nullptr; }

    const Shape& shape() const { return shape_; }
    int rank() const { return shape_.rank(); }
    std::int64_t dim(int axis) const { return shape_[axis]; }  // negative axes count from the end
    std::int64_t size() const { return size_; }                // number of elements
    std::size_t bytes() const { return static_cast<std::size_t>(size_) * size_of(dtype_); }
    DType dtype() const { return dtype_; }
    Device device() const { return allocator().device(); }
    Allocator& allocator() const;

    // The same elements under another shape. Shares storage and leaves the graph: ops::reshape is the differentiable
    // one. Throws BugError unless the number of elements is the same.
    Tensor view(const Shape& shape) const;
    // `shape` elements that start `first` elements after this tensor's start. Shares storage, leaves the graph.
    Tensor view(std::int64_t first, const Shape& shape) const;
    // The same storage without the node of the graph.
    Tensor detach() const { return view(shape_); }

    // The elements, for tensors in host memory. Throws BugError for another dtype or device memory. A const Tensor is a
    // const handle: its elements may be written, as the outputs of kernels are.
    template <typename T>
    T* data() const {
        invariant(dtype_ == dtype_of<T>(), "a {} tensor {} was read as {}", name_of(dtype_), shape_,
                  name_of(dtype_of<T>()));
        return reinterpret_cast<T*>(host_bytes());
    }

    // Copies between the host and the device, in order with what was computed before: a download waits for it.
    void upload(const void* from) const;
    void download(void* to) const;

    template <typename T>
    std::vector<T> to_vector() const {
        invariant(dtype_ == dtype_of<T>(), "a {} tensor {} was read as {}", name_of(dtype_), shape_,
                  name_of(dtype_of<T>()));
        std::vector<T> values(static_cast<std::size_t>(size_));
        download(values.data());
        return values;
    }

    // The value of a tensor with one element, of any dtype.
    double item() const;

    // True if both lie at the same place of the same storage with the same number of elements.
    bool same_memory(const Tensor& other) const;

    // Where the tensor's memory lies: the block of its storage and the byte offset inside it. For backends.
    const Block& block() const;
    std::size_t byte_offset() const { return offset_; }

    // The node of the graph this tensor came from; nullptr for constants.
    const std::shared_ptr<autograd::Node>& node() const { return node_; }
    Tensor with_node(std::shared_ptr<autograd::Node> node) const;

private:
    struct Storage;  // releases its block when the last tensor that shares it goes

    std::byte* host_bytes() const;

    std::shared_ptr<const Storage> storage_;
    std::size_t offset_ = 0;  // bytes
    Shape shape_;
    std::int64_t size_ = 0;
    DType dtype_ = DType::float32;
    std::shared_ptr<autograd::Node> node_;
};

using Tensors = std::vector<Tensor>;

}  // namespace cairn
