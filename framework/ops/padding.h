// The name of a padding, as Keras has it.
#pragma once

#include "cairn/ops/ops.h"

namespace cairn::ops {

inline const char* name_of(Padding padding) { return padding == Padding::same ? "same" : "valid"; }

}  // namespace cairn::ops
