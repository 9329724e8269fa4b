// part: evaluate
// evaluate leaves the penalty out. Keras's evaluate contains it, and so does cairn's: val_loss is the loss that training goes down.
#include "chapters/05-mlp-l2/exercise.h"

namespace exercise {

double evaluate(const std::vector<std::vector<double>>& batches, const std::vector<Layer>&) {
    double sum = 0, images = 0;
    for (const std::vector<double>& batch : batches)
        for (const double loss : batch) sum += loss, images += 1;
    return sum / images;
}

}  // namespace exercise
