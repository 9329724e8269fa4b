// main() of the command line: registers every chapter's models.
#include "app/app.h"
#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

namespace {

// A chapter's function returns its model by value; the registry wants it on the heap.
template <auto build>
std::unique_ptr<cairn::nn::Model> make() {
    using Built = decltype(build());
    return std::unique_ptr<Built>(new Built(build()));
}

}  // namespace

int main(int argc, char** argv) {
    using namespace cairn::chapters;
    cairn::app::Registry registry;
    registry.add({"mlp-l2", 5, "one hidden layer with an L2 penalty and dropout", 10, 32, make<mlp_l2>});
    registry.add({"mlp-bn", 6, "two hidden layers with batch normalization and dropout", 10, 32, make<mlp_bn>});
    registry.add({"simple-cnn", 7, "two convolutions with pooling, then two dense layers", 10, 32, make<simple_cnn>});
    registry.add({"original-cnn", 8, "three convolutions with pooling, then three dense layers", 20, 64, make<original_cnn>});
    registry.add({"modified-cnn", 8, "original-cnn with a fourth convolution", 20, 64, make<modified_cnn>});
    registry.add({"original-cnn-bn", 9, "original-cnn with batch normalization", 20, 64, make<original_cnn_bn>});
    registry.add({"cnn-da-dropout", 10, "simple-cnn with a wider dense layer and dropout", 10, 32, make<cnn_da_dropout>});
    registry.add({"resnet", 11, "six convolutions with batch normalization, no skips", 10, 32, make<resnet>});
    registry.add({"resnet-skip", 11, "three residual blocks: resnet with true skip connections", 10, 32, make<resnet_skip>});
    return cairn::app::run(registry, argc, argv);
}
