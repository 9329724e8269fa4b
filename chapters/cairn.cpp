// main() of the command line: registers every chapter's models and program.
#include "cairn/app/app.h"
#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

namespace cairn::chapters {

// NN-name/main.cpp
void chapter_00(app::Chapter& chapter);
void chapter_01(app::Chapter& chapter);
void chapter_02(app::Chapter& chapter);
void chapter_03(app::Chapter& chapter);
void chapter_04(app::Chapter& chapter);
void chapter_05(app::Chapter& chapter);
void chapter_06(app::Chapter& chapter);
void chapter_07(app::Chapter& chapter);
void chapter_08(app::Chapter& chapter);
void chapter_09(app::Chapter& chapter);
void chapter_10(app::Chapter& chapter);
void chapter_11(app::Chapter& chapter);
void chapter_12(app::Chapter& chapter);
void chapter_13(app::Chapter& chapter);
void chapter_14(app::Chapter& chapter);

namespace {

// The weights of a model that come with cairn (weights/README.md): beside the program where it is installed, else those of the
// sources that it was built from; empty if they are not there.
std::filesystem::path ready_made(const std::string& model) {
    std::error_code ignored;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    for (const std::filesystem::path& folder :
         {program.parent_path() / "../share/cairn/weights", std::filesystem::path(CAIRN_WEIGHTS_FOLDER)})
        if (const std::filesystem::path file = folder / (model + ".safetensors"); std::filesystem::exists(file, ignored))
            return file.lexically_normal();
    return {};
}

}  // namespace

}  // namespace cairn::chapters

int main(int argc, char** argv) {
    using namespace cairn::chapters;
    cairn::app::Registry registry;
    registry.add({"mlp-l2", 5, "one hidden layer with an L2 penalty and dropout", 10, 32, mlp_l2});
    registry.add({"mlp-bn", 6, "two hidden layers with batch normalization and dropout", 10, 32, mlp_bn});
    registry.add({"simple-cnn", 7, "two convolutions with pooling, then two dense layers", 10, 32, simple_cnn,
                  ready_made("simple-cnn")});
    registry.add({"original-cnn", 8, "three convolutions with pooling, then three dense layers", 20, 64, original_cnn});
    registry.add({"modified-cnn", 8, "original-cnn with a fourth convolution", 20, 64, modified_cnn});
    registry.add({"original-cnn-bn", 9, "original-cnn with batch normalization", 20, 64, original_cnn_bn});
    registry.add({"cnn-da-dropout", 10, "simple-cnn with a wider dense layer and dropout", 10, 32, cnn_da_dropout});
    registry.add({"resnet", 11, "six convolutions with batch normalization, no skips", 10, 32, resnet});
    registry.add({"resnet-skip", 11, "three residual blocks: resnet with true skip connections", 10, 32, resnet_skip});
    registry.add({"plain-20", 11, "20 layers as in the first ResNets, without their skips", 10, 32, plain_20});
    registry.add({"res-20", 11, "plain-20 with skip connections", 10, 32, res_20});

    registry.add({0, "00-start", "start: three red lines", chapter_00});
    registry.add({1, "01-scalars", "scalars to a graph that knows its gradients", chapter_01});
    registry.add({2, "02-tensors-gradcheck", "tensors, and gradients that are checked", chapter_02});
    registry.add({3, "03-matrix-product", "the matrix product, three times", chapter_03});
    registry.add({4, "04-training-loop", "the training loop", chapter_04});
    registry.add({5, "05-mlp-l2", "a dense network with an L2 penalty", chapter_05});
    registry.add({6, "06-mlp-batchnorm", "a dense network with batch normalization and dropout", chapter_06});
    registry.add({7, "07-simple-cnn", "a small convolutional network", chapter_07});
    registry.add({8, "08-deeper-cnn", "one convolution more", chapter_08});
    registry.add({9, "09-batchnorm-cnn", "a convolutional network with and without batch normalization", chapter_09});
    registry.add({10, "10-augmentation-dropout", "dropout, and the augmentation that was promised", chapter_10});
    registry.add({11, "11-resnet", "a ResNet without and with skip connections", chapter_11});
    registry.add({12, "12-model-comparison", "five models side by side", chapter_12});
    registry.add({13, "13-vulkan", "shaders: a step on any GPU", chapter_13});
    registry.add({14, "14-capstone", "an op from the formula to the GPU, and its tests", chapter_14});
    return cairn::app::run(registry, argc, argv,
                           {.name = "cairn",
                            .command = "./cairn",
                            .about = "cairn trains and checks small neural networks for images, on CIFAR-10 and the like.",
                            .further = "'./cairn test' builds and runs cairn's own tests; that is done by the script, "
                                       "not by the program."});
}
