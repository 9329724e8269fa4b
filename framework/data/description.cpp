#include "cairn/data/description.h"

namespace cairn::data {

const Description& cifar10() {
    static const Description images{
        "cifar-10",
        {32, 32, 3},
        {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}};
    return images;
}

}  // namespace cairn::data
