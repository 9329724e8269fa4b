#include "cairn/autograd/graph.h"

#include "cairn/autograd/observer.h"
#include "cairn/backend/devices.h"

#include <algorithm>
#include <atomic>

namespace cairn::autograd {

namespace {

thread_local bool recording = true;

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// Every node that `root` depends on, in no particular order.
std::vector<Node*> reachable(Node& root) {
    const std::uint64_t visit = next_number();
    std::vector<Node*> found{&root};
    root.visit = visit;
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const std::shared_ptr<Node>& input : found[i]->inputs)
            if (input && input->visit != visit) {
                input->visit = visit;
                found.push_back(input.get());
            }
    return found;
}

Tensor sum(const Tensor& a, const Tensor& b, const Tensor& result) {
    backend(a).elementwise(Binary::add, a, b, result);
    return result;
}

// Turns the gradient of a node's output into those of its inputs.
void pass_on(Node& node) {
    const Scope scope(node.layer, Phase::gradients);
    Gradients gradients(node);
    node.backward(node.gradient, gradients);
    gradients.commit();
}

}  // namespace

Node::~Node() {
    // Move the inputs of every node that would die with this one to a list, so that each dies without inputs of its
    // own.
    std::vector<std::shared_ptr<Node>> dying = std::move(inputs);
    // What the closure holds may lead to the same nodes; let go of it first so that use_count tells the truth.
    backward = nullptr;
    while (!dying.empty()) {
        const std::shared_ptr<Node> node = std::move(dying.back());
        dying.pop_back();
        if (!node || node.use_count() > 1) continue;
        std::move(node->inputs.begin(), node->inputs.end(), std::back_inserter(dying));
        node->inputs.clear();
    }
}

Tensor Gradients::slot(std::size_t input) {
    if (!wanted(input)) return {};
    Node& node = *node_.inputs[input];
    if (node.is_leaf && !node.has_gradient && node.gradient.defined()) {
        node.has_gradient = true;
        return node.gradient;
    }
    const Layout& layout = node_.layouts[input];
    fresh_[input] = Tensor::empty(layout.shape, layout.dtype, *layout.allocator);
    return fresh_[input];
}

Tensor Gradients::slot(std::size_t input, bool& accumulate) {
    accumulate = wanted(input) && node_.inputs[input]->is_leaf && node_.inputs[input]->has_gradient;
    return accumulate ? node_.inputs[input]->gradient : slot(input);
}

void Gradients::give(std::size_t input, const Tensor& gradient) {
    if (!wanted(input)) return;
    Node& node = *node_.inputs[input];
    invariant(gradient.shape() == node_.layouts[input].shape, "{}: a gradient {} was given for an input {}", node_.op,
              gradient.shape(), node_.layouts[input].shape);
    if (node.is_leaf) {  // a leaf's gradient outlives this walk and must not share memory with another value
        backend(gradient).copy(gradient, slot(input));
    } else if (node.has_gradient) {
        node.gradient = sum(node.gradient, gradient, empty_like(gradient));
    } else {
        node.gradient = gradient;
        node.has_gradient = true;
    }
}

void Gradients::commit() {
    for (std::size_t i = 0; i < fresh_.size(); ++i) {
        if (!fresh_[i].defined()) continue;
        Node& node = *node_.inputs[i];
        if (!node.has_gradient) node.gradient = fresh_[i];
        else if (node.is_leaf) backend(fresh_[i]).add_scaled(1.0, fresh_[i], node.gradient);
        else node.gradient = sum(node.gradient, fresh_[i], fresh_[i]);
        node.has_gradient = true;
    }
}

Tensor variable(const Tensor& value, const Tensor& slot) {
    auto node = std::make_shared<Node>();
    node->op = "leaf";
    node->order = next_number();
    node->is_leaf = true;
    node->gradient = slot;
    return value.with_node(std::move(node));
}

Tensor gradient(const Tensor& leaf) {
    check(leaf.node() && leaf.node()->is_leaf,
          "only a variable keeps its gradient; make the tensor one with variable()");
    return leaf.node()->has_gradient ? leaf.node()->gradient : Tensor();
}

void clear_gradient(const Tensor& leaf) {
    check(leaf.node() && leaf.node()->is_leaf,
          "only a variable keeps its gradient; make the tensor one with variable()");
    leaf.node()->has_gradient = false;
}

NoGrad::NoGrad() : before_(recording) { recording = false; }
NoGrad::~NoGrad() { recording = before_; }

bool records(const Tensors& inputs) {
    return recording && std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.node() != nullptr; });
}

Tensor differentiable(std::string_view op, const Tensors& inputs, const Tensor& y, Backward backward) {
    if (Observer* observer = Observer::living()) observer->on_output(op, y);
    if (!records(inputs)) return y;
    auto node = std::make_shared<Node>();
    node->op = op;
    node->layer = current_section().layer;
    node->order = next_number();
    node->backward = std::move(backward);
    for (const Tensor& input : inputs) {
        node->inputs.push_back(input.node());
        node->layouts.push_back(input.node() ? Layout{input.shape(), input.dtype(), &input.allocator()} : Layout{});
    }
    return y.with_node(std::move(node));
}

void backward(const Tensor& y, const Tensor& dy) {
    check(y.node() != nullptr, "backward: the value depends on no variable, or was computed under NoGrad");
    check(dy.defined() || y.size() == 1,
          "backward: a value {} needs its cotangent; only one with a single element does not", y.shape());
    check(!dy.defined() || dy.shape() == y.shape(), "backward: the cotangent {} must have the value's shape {}",
          dy.shape(), y.shape());
    const NoGrad guard;

    // A copy, which keeps every node below it alive during the walk.
    const std::shared_ptr<Node> root = y.node();  // NOLINT(performance-unnecessary-copy-initialization)
    std::vector<Node*> nodes = reachable(*root);
    std::sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return a->order > b->order; });
    for (const Node* node : nodes)
        check(node->is_leaf || node->backward,
              "backward: the graph below this value ({}) was walked before; compute the value again", node->op);

    const Tensor seed = dy.defined() ? dy.detach() : full(y.shape(), 1.0, y.dtype(), y.device());
    if (root->is_leaf) {  // y is itself a variable
        if (root->has_gradient) backend(seed).add_scaled(1.0, seed, root->gradient);
        else if (root->gradient.defined()) backend(seed).copy(seed, root->gradient);
        else root->gradient = seed;
        root->has_gradient = true;
        return;
    }
    root->gradient = seed;
    root->has_gradient = true;

    for (Node* node : nodes) {
        if (node->is_leaf) continue;
        if (node->has_gradient) {
            pass_on(*node);
            if (Observer* observer = Observer::living()) observer->on_gradients(*node);
        }
        // Nothing needs this node's tensors any more.
        node->backward = nullptr;
        node->gradient = Tensor();
        node->has_gradient = false;
    }
}

}  // namespace cairn::autograd
