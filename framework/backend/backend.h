// Backend: the kernels that a device must provide. One abstract class, one method per kernel, shapes and formulas here.
//
//   - Tensors are row-major; images are (N, H, W, C), convolution kernels (kh, kw, C, O), dense kernels (I, O).
//   - Outputs come last, are allocated by the caller and are overwritten, unless a line says that they accumulate.
//   - An output may be the same memory as an input only where a line says so.
//   - T is float32, or float64 where the device has it; all floating-point tensors of a call have the same T. Labels and
//     argmaxes are int32, image bytes uint8. "scalar" is shape ().
//   - "optional": an undefined Tensor means absent. An absent output is not computed.
//   - The callers (ops/, nn/, optim/) have checked the shapes; kernels need not check them again.
//
// Primitive kernels are pure virtual, so that a new device cannot forget one. Fused kernels have a default, the
// composition of the primitives, which is also their specification; a device overrides them where it can do better.
#pragma once

#include "cairn/backend/elementwise.h"
#include "cairn/backend/operands.h"
#include "cairn/backend/strided.h"
#include "cairn/backend/update_rules.h"
#include "cairn/core/random.h"
#include "cairn/core/tensor.h"

#include <memory>
#include <string>

namespace cairn {

// Numbers on their way from the device to the host; see Backend::read_back.
class Readback {
public:
    virtual ~Readback() = default;
    virtual bool ready() const = 0;  // true once values() need not wait
    virtual std::vector<double> values() = 0;
};

// What a device that runs kernels of its own did while a profile was taken; see Backend::start_profile.
enum class ProfileDetail { none, counts, kernel_times };

struct DeviceProfile {
    struct Kernel {
        std::string name;             // of the shader; "copy" and "fill" are commands of the driver
        std::int64_t dispatches = 0;  // how often it ran
        double seconds = 0;           // of the device, for all of them
    };
    std::vector<Kernel> kernels;   // the longest first; empty without kernel_times
    std::int64_t steps = 0;        // calls of end_step
    std::int64_t dispatches = 0;   // kernels that were started
    std::int64_t commands = 0;     // those, copies and fills
    std::int64_t barriers = 0;     // commands that had to wait for earlier ones
    std::int64_t submissions = 0;  // of recorded commands to the device
    std::int64_t waits = 0;        // how often the host had to wait for the device,
    double waiting_seconds = 0;    // and how long
    double recording_seconds = 0;  // the host's time to record and to submit, without waits
};

class Backend {
public:
    Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;
    virtual ~Backend() = default;

    virtual Device device() const = 0;
    virtual std::string description() const = 0;  // for people: the processor or GPU, its driver, the number of threads
    virtual bool supports(DType dtype) const = 0;
    virtual Allocator& allocator() = 0;

    // ---- work in flight ---------------------------------------------------------------------------------------------
    // A device may defer kernels. end_step marks the end of a training step: what was recorded is handed to the device,
    // and nothing waits. synchronize waits for all of it. Devices that run kernels at once need neither.
    virtual void end_step() {}
    virtual void synchronize() {}

    // Takes a profile of what happens between the two calls, which wait for all work. `counts` costs next to nothing;
    // `kernel_times` runs one kernel after the other to time each alone. A device that runs kernels on the host has none.
    virtual void start_profile(ProfileDetail) {}
    virtual DeviceProfile finish_profile() { return {}; }

    // Starts copying a small tensor of type T or int32 to the host, ordered after the kernels called so far.
    virtual std::unique_ptr<Readback> read_back(const Tensor& x);

    // ---- memory -----------------------------------------------------------------------------------------------------
    virtual void fill(const Tensor& y, double value) = 0;     // every element of a T or int32 tensor y becomes value
    virtual void copy(const Tensor& x, const Tensor& y) = 0;  // y = x: same dtype and size, any shapes
    // y = x / divisor, converting between dtypes: x of any dtype, y of T. Image bytes become [0, 1] with divisor 255.
    virtual void convert(const Tensor& x, double divisor, const Tensor& y) = 0;
    // Moves elements as `copy` says, x and y of one dtype: T, or int32 where it does not accumulate.
    virtual void copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) = 0;
    // y[k] = x[rows[k]] for all k: x (R, ...), rows int32 (K), y (K, ...). A row that x does not have is NaN in y.
    virtual void gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) = 0;
    // dx[r] = sum of dy[k] over the k with rows[k] = r, in their order: zeros where there is none.
    virtual void gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) = 0;

    // ---- elementwise ------------------------------------------------------------------------------------------------
    // y = f(x), with the formulas of backend/elementwise.h; y may be x.
    virtual void elementwise(const UnaryFunction& f, const Tensor& x, const Tensor& y) = 0;
    // dx = dy * f'(x), given `kept`: x where keeps_input(f.op), else y = f(x); dx may be dy. With s, P and u from there:
    //   exp: dy y   log: dy / x   sqrt: dy / (2 y)   square: 2 dy x   abs: dy sign(x)   pow: dy a x^(a - 1), 0 for a = 0
    //   reciprocal: -dy a / x^2   relu, leaky_relu: y > 0 ? dy : a dy   elu: x > 0 ? dy : dy a exp(x)
    //   sigmoid: dy y (1 - y)   tanh: dy (1 - y) (1 + y)   silu: dy s(x) (1 + x s(-x))   softplus: dy s(x)
    //   gelu: dy (P(x) + x exp(-x^2 / 2) / sqrt(2 pi))   gelu_tanh: dy s(2u) (1 + x s(-2u) 2 du/dx)
    virtual void elementwise_backward(const UnaryFunction& f, const Tensor& kept, const Tensor& dy,
                                      const Tensor& dx) = 0;
    // y = scale * x + shift; y may be x.
    virtual void affine(const Tensor& x, double scale, double shift, const Tensor& y) = 0;
    // y = op(a, b) with NumPy's broadcasting: shapes are aligned at the last axis, an axis of size 1 (or a missing one)
    // is repeated. y has the broadcast shape; it may be a or b where that has y's shape.
    virtual void elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) = 0;
    // y = y + alpha * x: same shapes. Accumulates.
    virtual void add_scaled(double alpha, const Tensor& x, const Tensor& y) = 0;

    // ---- reductions -------------------------------------------------------------------------------------------------
    // Reduces x to the shape of y, which broadcasts to x's: the axes where y has size 1 or that y lacks are summed,
    // averaged, or their maximum taken. Broadcasting's transpose: sum is what brings a broadcast operand's gradient
    // back to its shape.
    virtual void reduce(Reduction op, const Tensor& x, const Tensor& y) = 0;
    // sum: dx = dy   mean: dx = dy * y.size / x.size
    // max: dx = dy at the first x (row-major) that is y, or NaN where y is, else 0
    // dy and y have the reduced shape, x and dx the full one. x and y may be undefined for sum and mean.
    virtual void reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy,
                                 const Tensor& dx) = 0;
    // y[...] = index of the first maximum of x along the last axis: x (..., C), y int32 (...).
    virtual void argmax(const Tensor& x, const Tensor& y) = 0;

    // ---- matrix product and dense layer -----------------------------------------------------------------------------
    // c = op(a) op(b), or c += op(a) op(b) if accumulate; op transposes if its flag is set. c is (M, N), op(a) (M, K).
    virtual void matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                        bool accumulate = false) = 0;
    // Fused: y = activation(x kernel + bias), (B, O).
    virtual void dense(const DenseLayer& layer, const Tensor& y);
    // Fused. With dz = dy * activation'(z), z's sign read off y (which may be undefined without ReLU):
    //   dx = dz kernel^T   dkernel = x^T dz   dbias = sum of dz over the batch
    virtual void dense_backward(const DenseLayer& layer, const Tensor& y, const Tensor& dy, const LayerGradients& out);

    // ---- convolution (cross-correlation, as in Keras) ---------------------------------------------------------------
    // The channels may come in G groups, each of which is convolved by itself: the kernel (kh, kw, C / G, O) says how many, and
    // output o belongs to group g = o / (O / G), which looks at the channels g * C / G + c for 0 <= c < C / G. G = C is a
    // depthwise convolution. With u = i*sh - pt + a*dh and v = j*sw - pl + b*dw:
    // y[n,i,j,o] = sum over a, b, c of x[n, u, v, g*C/G + c] kernel[a,b,c,o]; x is 0 outside of the image.
    virtual void conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) = 0;
    // dx[n,u,v,g*C/G+c] = sum of dy[n,i,j,o] kernel[a,b,c,o] over the o of group g and the i, j, a, b that meet at (u, v).
    virtual void conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window,
                                       const Tensor& dx) = 0;
    // dkernel[a,b,c,o] = sum over n, i, j of x[n, u, v, g*C/G + c] dy[n,i,j,o].
    virtual void conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                        const Tensor& dkernel) = 0;
    // Fused: y = activation(conv2d(x, kernel) + bias).
    virtual void conv2d_bias_activation(const Convolution& layer, const Tensor& y);
    // Fused. With dz = dy * activation'(z), z's sign read off y (which may be undefined without ReLU): dx and dkernel as
    // above for dz, dbias = sum of dz over n, i, j. layer.x is needed for dkernel only, layer.kernel for dx only.
    virtual void conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy,
                                 const LayerGradients& out);

    // ---- max pooling ------------------------------------------------------------------------------------------------
    // y[n,i,j,c] = max over a, b of x[n, i*sh - pt + a, j*sw - pl + b, c], padding left out; NaN counts as larger than any
    // number. argmax (int32, y's shape, optional) = a * window_w + b of the first maximum in row-major order.
    virtual void max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) = 0;
    // dx[n,u,v,c] = sum of dy[n,i,j,c] over the windows whose maximum stood at (u, v).
    virtual void max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window,
                                     const Tensor& dx) = 0;

    // Fused: z = activation(conv2d(x, kernel) + bias) is pooled to pooling.y and pooling.argmax, and not kept.
    virtual void conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling);
    // Fused: with dz[n,u,v,o] = the sum of dy * activation'(y) over the pooling windows whose maximum stood at (u, v), the
    // gradients as in conv2d_backward.
    virtual void conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                            const LayerGradients& out);

    // ---- batch normalization: x (..., C) is seen as M rows of C channels --------------------------------------------
    // mean[c] = mean of x[:,c]; variance[c] = mean of (x[:,c] - mean[c])^2 (biased), by merging partial means (Chan,
    // Golub, LeVeque 1979), never as E[x^2] - E[x]^2. mean, variance (C).
    virtual void batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) = 0;
    // y = gamma (x - mean) / sqrt(variance + epsilon) + beta. y may be x.
    virtual void batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) = 0;
    // With xhat = (x - mean) / sqrt(variance + epsilon), sums over the M rows:
    //   dbeta = sum dy   dgamma = sum dy xhat
    //   batch:  dx = gamma / sqrt(variance + epsilon) * (dy - dbeta / M - xhat dgamma / M)
    //   moving: dx = gamma / sqrt(variance + epsilon) * dy
    // normalization.beta may be undefined.
    virtual void batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                                     const Tensor& dy, const NormalizationGradients& out) = 0;
    // moving = momentum * moving + (1 - momentum) * value: same shapes, in place.
    virtual void moving_average(const Tensor& value, double momentum, const Tensor& moving) = 0;
    // Fused: what a step of training needs. normalization.mean and .variance become x's, the moving ones follow them, and
    // y is x normalized.
    virtual void batch_norm_training(const Tensor& x, const Normalization& normalization,
                                     const MovingStatistics& moving, const Tensor& y);
    // Fused: the gradients of z = activation(conv2d(x, kernel) + bias) normalized by its own statistics, as in
    // batch_norm_backward (batch) and conv2d_backward. dz between the two is not kept, and scale.dx not used.
    virtual void conv2d_batch_norm_backward(const Convolution& layer, const Tensor& z,
                                            const Normalization& normalization, const Tensor& dy,
                                            const LayerGradients& out, const NormalizationGradients& scale);

    // ---- dropout ----------------------------------------------------------------------------------------------------
    // y[i] = random number i of `key` >= threshold ? scale * x[i] : 0. Its own backward, since the mask can be drawn
    // again. y may be x. threshold = round(rate * 2^32), scale = 1 / (1 - rate).
    virtual void dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                         const Tensor& y) = 0;

    // ---- softmax and cross-entropy, along the last axis: x (..., C) -------------------------------------------------
    virtual void softmax(const Tensor& x, const Tensor& y) = 0;      // y = exp(x - max) / sum exp(x - max)
    virtual void log_softmax(const Tensor& x, const Tensor& y) = 0;  // y = x - max - log sum exp(x - max)
    virtual void softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) = 0;  // dx = y (dy - sum dy y)
    virtual void log_softmax_backward(const Tensor& y, const Tensor& dy,
                                      const Tensor& dx) = 0;  // dx = dy - exp(y) sum dy
    // loss (scalar) = mean over the B rows of -sum_c p[b,c] log_softmax(logits)[b,c]. labels: int32 (B), p is one-hot;
    // or T (B, C), p itself. logits (B, C).
    virtual void softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) = 0;
    // dlogits[b,c] = dloss / B * (softmax(logits)[b,c] * sum_k p[b,k] - p[b,c]); dloss is a scalar tensor.
    virtual void softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                                const Tensor& dlogits) = 0;
    // count (T scalar) = number of rows whose first maximum is at the label (int32), or at the first maximum of the
    // row's label probabilities (T (B, C)).
    virtual void count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) = 0;

    // ---- regularization and updates ---------------------------------------------------------------------------------
    // loss (scalar) = lambda * sum of w^2.
    virtual void l2_penalty(const Tensor& w, double lambda, const Tensor& loss) = 0;
    // dw = 2 lambda dloss w, or dw += … if accumulate; dloss is a scalar tensor.
    virtual void l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                                     bool accumulate) = 0;
    // flag (int32 scalar) = 1 if every element of x is finite, else 0.
    virtual void all_finite(const Tensor& x, const Tensor& flag) = 0;
    // Adam as Keras computes it (Kingma and Ba 2015, with epsilon outside of the bias correction), in place:
    //   m = beta1 m + (1 - beta1) g   v = beta2 v + (1 - beta2) g^2   w = w - step_size * m / (sqrt(v) + epsilon)
    // gate (int32 scalar, optional): nothing changes where it is 0.
    virtual void adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w,
                      const Tensor& gate) = 0;
    // SGD with momentum as Keras computes it, in place; velocity is needed only where momentum is not 0:
    //   velocity = momentum velocity - lr g   w = w + velocity   (nesterov: w = w + momentum velocity - lr g)
    virtual void sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
                     const Tensor& gate) = 0;
    // One step by a rule of backend/update_rules.h, which has the formulas, in place; `slots` are those that the rule takes.
    virtual void optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots, const Tensor& w,
                                const Tensor& gate) = 0;
    // w = w - rate * mask * w, in place: w decays where the mask (w's shape, optional: 1 everywhere) is not 0.
    virtual void weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) = 0;
    // x = x min(1, limit / sqrt(squares)), NaN where that root is not finite, in place; squares (scalar): those of the norm.
    virtual void clip_by_norm(const Tensor& squares, double limit, const Tensor& x) = 0;
    // x = min(max(x, -limit), limit), in place; NaN stays NaN.
    virtual void clip_by_value(double limit, const Tensor& x) = 0;
};
}  // namespace cairn
