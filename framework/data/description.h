// What a model must know of the images that it is made for: their shape, and the names of their classes.
//
//   nn::Sequential my_model(const data::Description& images) {
//       return nn::Sequential{nn::Input(images.image_shape), …, nn::Dense(images.class_count())};
//   }
#pragma once

#include "cairn/core/shape.h"

#include <string>
#include <vector>

namespace cairn::data {

struct Description {
    std::string name;                  // of the data set: "cifar-10"
    Shape image_shape;                 // (height, width, channels)
    std::vector<std::string> classes;  // the name of each label

    std::int64_t class_count() const { return static_cast<std::int64_t>(classes.size()); }

    bool operator==(const Description&) const = default;
};

// CIFAR-10's: (32, 32, 3), ten classes.
const Description& cifar10();

}  // namespace cairn::data
