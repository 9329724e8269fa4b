// The model of mortal_cairn: of every kind of layer that a run's options can tell apart, and small.
#pragma once

#include "nn/model.h"

#include <memory>

namespace cairn::test {

inline constexpr int tiny_epochs = 3;
inline constexpr std::int64_t tiny_batch_size = 8;

inline std::unique_ptr<nn::Model> tiny_model() {
    return std::make_unique<nn::Sequential>(nn::Input({32, 32, 3}), nn::MaxPooling2D({8, 8}), nn::Flatten(),
                                            nn::Dense(6), nn::BatchNormalization(), nn::Dropout(0.2), nn::Dense(10));
}

}  // namespace cairn::test
