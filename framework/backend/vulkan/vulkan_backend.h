// VulkanBackend: every kernel of backend.h as compute shaders, float32. A kernel's host side is in the file of its name.
//
// What happens between `--device vulkan` and the first dispatch, file by file:
//
//   core/device.cpp       Device::parse reads the option. Without it, app/gpus.cpp takes the first of
//                         vulkan_devices() that has memory of its own.
//   backend/devices.cpp   backend(device), when the command has chosen its device and before it makes any tensor, calls
//                         make_vulkan_backend(index), which is here:
//   vulkan_backend.cpp    a VulkanBackend, which holds a Context.
//   context.h             A Context has as members, made in this order:
//   gpu.cpp                 Gpu: physical device `index` of the Instance, the logical device on it with one queue that
//                           computes, and Vulkan's functions for it (functions.h).
//   instance.cpp              Instance, one per program: opens libvulkan, switches the validation layer on if
//                             CAIRN_VULKAN_VALIDATION asks for it, lists the devices, discrete GPUs first.
//   pipelines.cpp           Pipelines, still none: each is made at its shader's first launch.
//   memory_pool.cpp         MemoryPools of staging memory, for uploads and downloads.
//   recorder.cpp            Recorder: four command buffers, and the semaphore that counts submissions.
//   device_allocator.cpp    DeviceAllocator with the pool of device memory. The first tensors, a model's arenas, take ranges of
//                           a block of 64 MiB and are filled with zeros; upload() copies numbers to staging memory and
//                           records a copy from there.
//
// Fills and copies are commands of the driver. The first kernel of a training is convert(), which turns the bytes of the
// first batch into numbers; every kernel goes this way:
//
//   memory.cpp            The host side computes push constants and the number of workgroups, and calls
//   launch.cpp            launch(), which finds the tensors' ranges, has Pipelines make the pipeline from the SPIR-V that
//                         the build has embedded (shaders.h) and a descriptor set of the ranges, and calls
//   recorder.cpp          Recorder::dispatch(): it opens a command buffer if none is open, puts a barrier there if the
//   hazards.cpp           HazardTracker finds that an earlier command uses the same ranges, and records the dispatch.
//
// Nothing has run so far. Recorder::submit() hands the command buffer to the GPU: at end_step(), before the host waits for
// numbers, when it is full, and after every 8 MiB of an upload.
#pragma once

#include "cairn/backend/backend.h"

namespace cairn {

namespace vulkan {
class Context;
}

class VulkanBackend : public Backend {
public:
    explicit VulkanBackend(int index);
    ~VulkanBackend() override;

    Device device() const override;
    std::string description() const override;
    bool supports(DType dtype) const override { return dtype != DType::float64; }
    Allocator& allocator() override;
    vulkan::Context& context() { return *context_; }

    void end_step() override;
    void synchronize() override;
    std::unique_ptr<Readback> read_back(const Tensor& x) override;
    void start_profile(ProfileDetail detail) override;
    DeviceProfile finish_profile() override;

    void fill(const Tensor& y, double value) override;
    void copy(const Tensor& x, const Tensor& y) override;
    void convert(const Tensor& x, double divisor, const Tensor& y) override;
    void copy_strided(const StridedCopy& copy, const Tensor& x, const Tensor& y) override;
    void gather_rows(const Tensor& x, const Tensor& rows, const Tensor& y) override;
    void gather_rows_backward(const Tensor& dy, const Tensor& rows, const Tensor& dx) override;
    void elementwise(const UnaryFunction& f, const Tensor& x, const Tensor& y) override;
    void elementwise_backward(const UnaryFunction& f, const Tensor& kept, const Tensor& dy, const Tensor& dx) override;
    void affine(const Tensor& x, double scale, double shift, const Tensor& y) override;
    void elementwise(Binary op, const Tensor& a, const Tensor& b, const Tensor& y) override;
    void add_scaled(double alpha, const Tensor& x, const Tensor& y) override;
    void reduce(Reduction op, const Tensor& x, const Tensor& y) override;
    void reduce_backward(Reduction op, const Tensor& x, const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void argmax(const Tensor& x, const Tensor& y) override;
    void matmul(const Tensor& a, bool transpose_a, const Tensor& b, bool transpose_b, const Tensor& c,
                bool accumulate) override;
    void dense(const DenseLayer& layer, const Tensor& y) override;
    void dense_backward(const DenseLayer& layer, const Tensor& y, const Tensor& dy, const LayerGradients& out) override;
    void conv2d(const Tensor& x, const Tensor& kernel, const Window& window, const Tensor& y) override;
    void conv2d_input_gradient(const Tensor& dy, const Tensor& kernel, const Window& window, const Tensor& dx) override;
    void conv2d_kernel_gradient(const Tensor& x, const Tensor& dy, const Window& window,
                                const Tensor& dkernel) override;
    void conv2d_bias_activation(const Convolution& layer, const Tensor& y) override;
    void conv2d_backward(const Convolution& layer, const Tensor& y, const Tensor& dy,
                         const LayerGradients& out) override;
    void max_pool2d(const Tensor& x, const Window& window, const Tensor& y, const Tensor& argmax) override;
    void max_pool2d_backward(const Tensor& dy, const Tensor& argmax, const Window& window, const Tensor& dx) override;
    void conv2d_max_pool2d(const Convolution& layer, const Pooling& pooling) override;
    void conv2d_max_pool2d_backward(const Convolution& layer, const Pooling& pooling, const Tensor& dy,
                                    const LayerGradients& out) override;
    void batch_norm_statistics(const Tensor& x, const Tensor& mean, const Tensor& variance) override;
    void batch_norm(const Tensor& x, const Normalization& normalization, const Tensor& y) override;
    void batch_norm_backward(const Tensor& x, const Normalization& normalization, Statistics statistics,
                             const Tensor& dy, const NormalizationGradients& out) override;
    void batch_norm_training(const Tensor& x, const Normalization& normalization, const MovingStatistics& moving,
                             const Tensor& y) override;
    void moving_average(const Tensor& value, double momentum, const Tensor& moving) override;
    void dropout(const Tensor& x, const RandomKey& key, std::uint32_t threshold, double scale,
                 const Tensor& y) override;
    void softmax(const Tensor& x, const Tensor& y) override;
    void log_softmax(const Tensor& x, const Tensor& y) override;
    void softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void log_softmax_backward(const Tensor& y, const Tensor& dy, const Tensor& dx) override;
    void softmax_cross_entropy(const Tensor& logits, const Tensor& labels, const Tensor& loss) override;
    void softmax_cross_entropy_backward(const Tensor& logits, const Tensor& labels, const Tensor& dloss,
                                        const Tensor& dlogits) override;
    void count_correct(const Tensor& logits, const Tensor& labels, const Tensor& count) override;
    void l2_penalty(const Tensor& w, double lambda, const Tensor& loss) override;
    void l2_penalty_backward(const Tensor& w, double lambda, const Tensor& dloss, const Tensor& dw,
                             bool accumulate) override;
    void all_finite(const Tensor& x, const Tensor& flag) override;
    void adam(const AdamStep& step, const Tensor& gradient, const Tensor& m, const Tensor& v, const Tensor& w,
              const Tensor& gate) override;
    void sgd(const SgdStep& step, const Tensor& gradient, const Tensor& velocity, const Tensor& w,
             const Tensor& gate) override;
    void optimizer_step(const UpdateStep& step, const Tensor& gradient, const Tensors& slots, const Tensor& w,
                        const Tensor& gate) override;
    void weight_decay(double rate, const Tensor& mask, const Tensor& w, const Tensor& gate) override;
    void clip_by_norm(const Tensor& squares, double limit, const Tensor& x) override;
    void clip_by_value(double limit, const Tensor& x) override;

private:
    std::unique_ptr<vulkan::Context> context_;
    Tensor tally_;  // int32 (), 0 between kernels: where all_finite's workgroups count themselves
};

}  // namespace cairn
