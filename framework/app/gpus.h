// The GPUs of this machine, looked for without harm.
#pragma once

#include "cairn/backend/devices.h"

#include <string>
#include <vector>

namespace cairn::app {

struct FoundGpus {
    std::vector<VulkanDeviceInfo> devices{};  // as vulkan_devices() gives them
    std::string problem{};                    // why there are none, if that is so
    bool driver_failed = false;               // it crashed, or did not answer
};

// Looks for them in a copy of the program that ends after it: Vulkan loads every driver there is, with threads and tens of megabytes,
// for a training on the processor in vain, and a driver that crashes or hangs takes its program along. Looks once only, and
// for the first time at the start of a program, before its other threads.
const FoundGpus& find_gpus();

// Which of them `auto` takes: the first with memory of its own, -1 if there is none. An integrated GPU shares the memory with the
// processor, of which many are as fast: eight cores and a GPU of 96 Intel units are. A software GPU is slower than the cpu device.
int automatic_gpu(const std::vector<VulkanDeviceInfo>& gpus);

}  // namespace cairn::app
