#include "cairn/train/evaluate.h"
#include "cairn/backend/devices.h"
#include "cairn/train/loader.h"
#include "support/error_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace cairn::train {
namespace {

// Noise of three classes, which are not equally frequent.
data::Dataset noise_images(std::int64_t size) {
    data::Dataset set;
    set.name = "noise";
    set.classes = {"a", "b", "c"};
    set.image_shape = {4, 4, 3};
    RandomStream random({7, stream_of(Purpose::test), 0});
    for (std::int64_t i = 0; i < size; ++i) {
        set.labels.push_back(static_cast<std::int32_t>(random.below(4) / 2 + random.below(2)) % 3);
        for (int p = 0; p < 48; ++p) set.images.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return set;
}

// Keras's evaluate includes the penalty, and the batch size must not matter.
TEST(Evaluate, IncludesThePenaltyAndDoesNotDependOnTheBatchSize) {
    nn::Sequential plain{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(3)};
    nn::Sequential penalized{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(3, {.kernel_regularizer = nn::l2(0.1)})};
    plain.initialize({.seed = 1});
    penalized.initialize({.seed = 1});
    const data::Dataset data = noise_images(50);
    const Evaluation a = evaluate(plain, data, 7), b = evaluate(plain, data, 50);
    EXPECT_NEAR(a.loss, b.loss, 1e-6);
    EXPECT_EQ(a.confusion.counts(), b.confusion.counts());
    EXPECT_DOUBLE_EQ(a.accuracy, a.confusion.accuracy());

    double squares = 0;
    for (const float w : plain.parameters()[0].parameter->value.to_vector<float>()) squares += w * w;
    EXPECT_NEAR(evaluate(penalized, data).loss, b.loss + 0.1 * squares, 1e-5);
}

// Everything that an evaluation says is worked out again from the logits of the images in their order, which a model with
// dropout and batch norm computes one image at a time. Catches an evaluation in training mode, images that are shuffled or
// augmented, a confusion matrix of which rows are columns, and an accuracy that is another score.
TEST(Evaluate, JudgesInInferenceModeAndInOrder) {
    nn::Sequential model{nn::Input({4, 4, 3}),     nn::Flatten(),    nn::Dense(8), nn::BatchNormalization(),
                         nn::Activation(nn::relu), nn::Dropout(0.5), nn::Dense(3)};
    model.initialize({.dtype = DType::float64, .seed = 1});
    const data::Dataset data = noise_images(41);
    const std::vector<double> state = model.state().to_vector<double>();
    const Evaluation judged = evaluate(model, data, 10);
    EXPECT_EQ(model.state().to_vector<double>(), state);
    EXPECT_EQ(logits(model, data, 7).size(), 41u * 3);

    metrics::ConfusionMatrix confusion(3);
    double loss = 0, correct = 0;
    const std::vector<float> again = logits(model, data, 7);
    for (std::int64_t i = 0; i < data.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const Tensor bytes =
            from_values<std::uint8_t>({1, 4, 4, 3}, {data.image(i).begin(), data.image(i).end()}, Device::cpu());
        const std::vector<double> z = model(ops::scale_pixels(bytes, DType::float64), {}).to_vector<double>();
        for (std::size_t c = 0; c < 3; ++c) {
            EXPECT_NEAR(judged.logits[3 * at + c], z[c], 1e-6) << "image " << i;
            EXPECT_NEAR(again[3 * at + c], z[c], 1e-6) << "image " << i;
        }
        const auto label = static_cast<std::size_t>(data.labels[at]);
        loss += std::log(std::exp(z[0]) + std::exp(z[1]) + std::exp(z[2])) - z[label];
        const auto predicted = static_cast<int>(std::ranges::max_element(z) - z.begin());
        confusion.add(data.labels[at], predicted);
        correct += predicted == data.labels[at] ? 1 : 0;
    }
    EXPECT_NEAR(judged.loss, loss / 41, 1e-12);
    EXPECT_NEAR(judged.accuracy, correct / 41, 1e-12);
    EXPECT_EQ(judged.confusion.counts(), confusion.counts());
    EXPECT_NE(judged.accuracy, confusion.macro().recall) << "the classes should be of different sizes";
}

// The batch that a step of training gets: the pixels, changed by the draw of this seed and step, and their labels.
TEST(Loader, AugmentsByTheStreamOfItsPurpose) {
    const data::Dataset data = noise_images(6);
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(3)};
    model.initialize({.seed = 1});
    const data::Augmentation how{.flip = true, .shift = 2};
    const Batch batch = Loader(model, data).load(data::Batches(data, 4), 1, how, {.seed = 5, .step = 7});
    std::vector<std::uint8_t> expected(data.images.begin() + 4 * 48, data.images.end());
    data::augment(expected.data(), 2, {4, 4, 3}, how, {5, stream_of(Purpose::augment), 7});
    EXPECT_EQ(batch.images.to_vector<float>(),
              ops::scale_pixels(from_values({2, 4, 4, 3}, expected, Device::cpu())).to_vector<float>());
    EXPECT_EQ(batch.labels.to_vector<std::int32_t>(),
              std::vector<std::int32_t>(data.labels.begin() + 4, data.labels.end()));
}

TEST(Loader, RefusesWhatTheModelCannotTake) {
    const data::Dataset data = noise_images(6);
    nn::Sequential two{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(2)};
    two.initialize({});
    EXPECT_EQ(test::error_message([&] { Loader(two, data); }),
              "noise has the label 2 but the model tells only 2 classes apart");
    EXPECT_EQ(test::error_message([&] { Loader(two, data.first(0)); }), "noise holds no images");
}

}  // namespace
}  // namespace cairn::train
