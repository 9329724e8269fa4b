// A Vulkan driver that crashes as soon as it is loaded.
#include <csignal>

namespace {

__attribute__((constructor)) void crash() { std::raise(SIGSEGV); }

}  // namespace
