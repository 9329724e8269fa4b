// All models of the chapters: their sizes as the notebooks print them, and their gradients as a whole.
#include "cairn/train/gradcheck_model.h"
#include "chapters/05-mlp-l2/model.h"
#include "chapters/06-mlp-batchnorm/model.h"
#include "chapters/07-simple-cnn/model.h"
#include "chapters/08-deeper-cnn/model.h"
#include "chapters/09-batchnorm-cnn/model.h"
#include "chapters/10-augmentation-dropout/model.h"
#include "chapters/11-resnet/model.h"

#include <gtest/gtest.h>

namespace cairn::chapters {
namespace {

struct Case {
    std::string name;
    std::int64_t trainable = 0, not_trainable = 0;
    std::function<autograd::GradcheckReport(std::uint64_t seed)> gradcheck;
    std::function<std::pair<std::int64_t, std::int64_t>()> count;
};

// The gradients are checked on images of side x side pixels.
template <auto build>
Case model_case(const std::string& name, std::int64_t trainable, std::int64_t not_trainable, std::int64_t side = 32) {
    const auto gradcheck = [side](std::uint64_t seed) {
        data::Description images = data::cifar10();
        images.image_shape = {side, side, 3};
        auto model = build(images);
        return train::gradcheck_model(model, Device::cpu(), seed);
    };
    const auto count = [] {
        const auto model = build(data::cifar10());
        return std::pair{model.count_parameters(true), model.count_parameters(false)};
    };
    return {name, trainable, not_trainable, gradcheck, count};
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        model_case<mlp_l2>("mlp-l2", 1'578'506, 0),
        model_case<mlp_bn>("mlp-bn", 1'708'810, 1'710'346 - 1'708'810),
        model_case<simple_cnn>("simple-cnn", 167'562, 0),
        model_case<original_cnn>("original-cnn", 364'426, 0),
        model_case<modified_cnn>("modified-cnn", 528'522, 0),
        model_case<original_cnn_bn>("original-cnn-bn", 365'258, 366'090 - 365'258),
        model_case<cnn_da_dropout>("cnn-da-dropout", 315'722, 0),
        model_case<resnet>("resnet", 436'778, 437'674 - 436'778),
        // Those below are in no notebook: counted by hand from the definitions.
        model_case<resnet_skip>("resnet-skip", 562'474, 1'344),
        // Smaller images, so that few of the many ReLUs stand on a kink.
        model_case<plain_20>("plain-20", 269'722, 1'376, 8),
        model_case<res_20>("res-20", 272'474, 1'568, 8),
    };
    return all;
}

// The notebooks' totals: a wrong padding, a forgotten bias or a channel too many changes them.
TEST(Models, HaveTheNotebooksParameters) {
    for (const Case& c : cases()) {
        const auto [trainable, not_trainable] = c.count();
        EXPECT_EQ(trainable, c.trainable) << c.name;
        EXPECT_EQ(not_trainable, c.not_trainable) << c.name;
    }
}

// Every parameter of every model: a layer whose gradient is right alone but lost, doubled or misplaced in the arena.
TEST(Models, HaveGradientsThatAgreeWithNumericDerivatives) {
    for (const Case& c : cases()) {
        const autograd::GradcheckReport report = c.gradcheck(1);
        EXPECT_TRUE(report.passed()) << c.name << ": " << report.error();
        for (const auto& part : report.parts) EXPECT_LT(part.error, report.tolerance) << c.name << " " << part.name;
    }
}

}  // namespace
}  // namespace cairn::chapters
