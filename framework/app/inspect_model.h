// Gathers what the command inspect shows of a model.
#pragma once

#include "cairn/app/trained_model.h"
#include "cairn/report/inspection.h"

namespace cairn::app {

// `model`: as it was trained, or, where it names no file of weights, as it is initialized. `names` are the pictures' names, which
// are looked at one by one; activations and gradients are those of the images of `batch`, or, if it is empty, of the pictures.
report::Inspection inspect_model(const Session& session, TrainedModel& model, const std::vector<std::string>& names,
                                 const data::Dataset& pictures, const data::Dataset& batch);

}  // namespace cairn::app
