// Reverse-mode automatic differentiation, define-by-run: every differentiable op that runs leaves a Node that knows its
// inputs' nodes and how to turn the gradient of its output into the gradients of its inputs. backward() walks the nodes
// from the last made to the first, which is a topological order because a node is made after its inputs.
//
// Words: the gradient of the loss with respect to a value y is y's cotangent, written dy. A leaf is a variable that the
// graph starts from (a parameter); its gradients accumulate until they are cleared.
#pragma once

#include "cairn/core/tensor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace cairn::autograd {

class Gradients;

// Given dy, the cotangent of an op's output, puts the cotangents of the op's inputs into `dx`.
using Backward = std::function<void(const Tensor& dy, Gradients& dx)>;

// What it takes to make room for the gradient of a value, without keeping the value alive.
struct Layout {
    Shape shape;
    DType dtype = DType::float32;
    Allocator* allocator = nullptr;
};

struct Node {
    Node() = default;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node();  // takes long chains apart in a loop: recursion would overflow the stack on a graph of a million nodes

    std::string_view op;                        // the op's name, "leaf" for a variable
    std::string_view layer;                     // which layer made it (observer.h); empty outside of all
    std::uint64_t order = 0;                    // nodes are numbered as they are made
    std::vector<std::shared_ptr<Node>> inputs;  // one per input of the op; nullptr where no gradient is wanted
    std::vector<Layout> layouts;                // of the inputs
    Backward backward;                          // empty for leaves, and once backward() has passed
    Tensor gradient;                            // the cotangent that has arrived so far
    bool has_gradient = false;                  // false for a leaf's slot that holds numbers of an earlier step
    bool is_leaf = false;
    std::uint64_t visit = 0;  // the last backward() that reached this node
};

// What a Backward fills: one entry per input of its op. Kernels overwrite what slot() hands out; adding up what arrives
// from several uses of a value is the business of this class.
class Gradients {
public:
    explicit Gradients(Node& node) : node_(node), fresh_(node.inputs.size()) {}

    bool wanted(std::size_t input) const { return node_.inputs[input] != nullptr; }

    // The tensor to overwrite with the gradient of an input, with the input's shape; undefined if no gradient is
    // wanted. For the first gradient of a parameter this is the parameter's own slot, so that nothing is copied.
    Tensor slot(std::size_t input);

    // As slot(), for a kernel that can also add: `accumulate` tells which of the two it must do.
    Tensor slot(std::size_t input, bool& accumulate);

    // Hands over a gradient that exists already, usually dy itself or a view of it. It is not written to afterwards.
    void give(std::size_t input, const Tensor& gradient);

    // Adds to the inputs' nodes what was written; backward() calls it after the op's Backward.
    void commit();

private:
    Node& node_;
    Tensors fresh_;  // written by kernels, not yet added to the inputs' nodes
};

// Marks a tensor as a leaf: what is computed from the result can be differentiated with respect to it. `slot`, if
// given, is where its gradient is to be kept (a part of an arena); it has the same shape, dtype and device.
Tensor variable(const Tensor& value, const Tensor& slot = {});

// The gradient that a leaf has received; undefined if none has arrived since it was cleared.
Tensor gradient(const Tensor& leaf);
void clear_gradient(const Tensor& leaf);

// While one lives, ops of this thread leave no nodes and save no tensors.
class NoGrad {
public:
    NoGrad();
    ~NoGrad();
    NoGrad(const NoGrad&) = delete;
    NoGrad& operator=(const NoGrad&) = delete;

private:
    bool before_;
};

// True if an op on these inputs must leave a node: some input has one and no NoGrad lives.
bool records(const Tensors& inputs);

// Returns y as the output of an op on `inputs`, with a node if records(inputs). `backward` may capture the inputs and y
// (the y passed here, which has no node: a captured output with its node would keep itself alive).
Tensor differentiable(std::string_view op, const Tensors& inputs, const Tensor& y, Backward backward);

// Puts d(sum of dy * y) / d(leaf) into every leaf that y depends on. Without dy, y must have one element and dy is 1.
// Saved tensors are freed on the way, so each graph can be walked once; throws Error the second time, and where y
// depends on no variable.
void backward(const Tensor& y, const Tensor& dy = {});

}  // namespace cairn::autograd
