// What fit makes of an optimizer, a loss, metrics, weights of samples and groups of parameters; resuming with each optimizer.
#include "cairn/autograd/graph.h"
#include "cairn/backend/devices.h"
#include "cairn/ops/ops.h"
#include "cairn/train/checkpoint.h"
#include "cairn/train/evaluate.h"
#include "cairn/train/weights.h"
#include "support/error_message.h"
#include "train/trainee.h"

#include <map>
#include <set>

namespace cairn::train {
namespace {

using test::error_message;
using test::TempFolder;

nn::Sequential small_model() {
    nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(6), nn::BatchNormalization(), nn::Dense(2)};
    model.initialize({.seed = 3});
    return model;
}

using Floats = std::vector<float>;
using Parameters = std::map<std::string, Floats>;
Parameters parameters_of(const nn::Model& model) {
    Parameters found;
    for (const auto& [name, parameter] : model.parameters()) found[name] = parameter->value.to_vector<float>();
    return found;
}

struct Trained {
    History history;
    Parameters parameters;
};
Trained train(const FitOptions& options, optim::Optimizer& optimizer) {
    nn::Sequential model = small_model();
    const History history = fit(model, optimizer, noise_images(), noise_images(), options);
    return {history, parameters_of(model)};
}
Trained train(FitOptions options) {
    options.epochs = 2;
    options.batch_size = 5;
    optim::Sgd sgd({.learning_rate = 0.1, .momentum = 0.5});
    return train(options, sgd);
}

std::unique_ptr<optim::Optimizer> optimizer_named(const std::string& name) {
    optim::Choice choice{.name = name, .learning_rate = 0.01};
    if (name == "sgd" || name == "rmsprop") choice.momentum = 0.5;
    choice.shared = {.weight_decay = 0.1, .global_clipnorm = 1, .use_ema = true, .ema_momentum = 0.75};
    return optim::make_optimizer(choice);
}

// Catches a slot that a checkpoint leaves out, averages that the evaluation leaves in the model, a plateau that forgets how
// long it has waited, and sums of metrics that begin anew in the middle of an epoch.
TEST(RecipeResume, EveryOptimizerGoesOnBitForBit) {
    const data::Dataset images = noise_images();
    const Metric mean{"mean", [](const Tensor& logits, const Tensor&) { return ops::mean(logits); }};
    for (const optim::Named& named : optim::named_optimizers) {
        const auto run = [&](nn::Model& model, optim::Optimizer& optimizer, FitState& state, int steps) {
            optim::Schedule schedule{.kind = optim::Schedule::Kind::plateau, .patience = 1};
            schedule.delta = 10;  // nothing is progress
            fit(model, optimizer, images, images,
                {.epochs = 4,
                 .batch_size = 5,
                 .seed = 3,
                 .stop = [&] { return --steps == 0; },
                 .schedule = schedule,
                 .metrics = {mean},
                 .class_weight = {1, 2}},
                state);
        };
        nn::Sequential straight = small_model();
        const auto optimizer = optimizer_named(named.name);
        FitState state;
        run(straight, *optimizer, state, 1000);
        EXPECT_NEAR(state.history.epochs[3].learning_rate, 1e-4, 1e-12) << "reduced twice";
        for (const int steps : {3, 10, 13, 19}) {
            const TempFolder folder;
            nn::Sequential stopped = small_model(), resumed = small_model();
            const auto before = optimizer_named(named.name), after = optimizer_named(named.name);
            FitState begun, found;
            run(stopped, *before, begun, steps);
            save_checkpoint(folder.path(), "small", stopped, *before, begun);
            load_checkpoint(folder.path(), "small", resumed, *after, found, no_warning);
            run(resumed, *after, found, 1000);
            EXPECT_EQ(parameters_of(resumed), parameters_of(straight)) << named.name << " after " << steps;
            for (std::size_t i = 0; i < 4; ++i) {
                EXPECT_EQ(found.history.epochs[i].val_loss, state.history.epochs[i].val_loss) << named.name;
                EXPECT_EQ(found.history.epochs[i].metrics, state.history.epochs[i].metrics) << named.name;
                EXPECT_EQ(found.history.epochs[i].val_metrics, state.history.epochs[i].val_metrics) << named.name;
            }
        }
    }
}

// The averages are judged, saved as the best and left in the model; the training itself goes on with the parameters.
TEST(Recipe, AveragesAreJudgedAndLeftInTheModel) {
    const data::Dataset images = noise_images();
    const auto run = [&](bool use_ema) {
        nn::Sequential model = small_model();
        optim::Sgd sgd({.learning_rate = 0.1, .shared = {.use_ema = use_ema, .ema_momentum = 0.875}});
        const History history = fit(model, sgd, images, images, {.epochs = 3, .batch_size = 5});
        return std::tuple(history, parameters_of(model), evaluate(model, images).loss);
    };
    const auto [with, averaged, judged] = run(true);
    const auto [without, plain, judged_plain] = run(false);
    EXPECT_NE(averaged.at("dense/kernel"), plain.at("dense/kernel"));
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(with.epochs[i].loss, without.epochs[i].loss) << "the averages do not touch the training";
        EXPECT_NE(with.epochs[i].val_loss, without.epochs[i].val_loss);
    }
    EXPECT_EQ(with.epochs[2].val_loss, judged);
    EXPECT_EQ(without.epochs[2].val_loss, judged_plain);
}

// best.safetensors holds what was judged, and the checkpoint what the training goes on with.
TEST(Recipe, BestWeightsAreTheAverages) {
    const TempFolder folder;
    RunFolder run(folder.path());
    RunConfig config;
    config.save_best = true;
    nn::Sequential model = small_model();
    optim::Sgd sgd({.learning_rate = 0.5, .shared = {.use_ema = true, .ema_momentum = 0.5}});
    for (int i = 0; i < 2; ++i) sgd.update(model.values(), model.values());
    const Floats raw = model.values().to_vector<float>();
    save_progress(run, config, model, sgd, {"a", "b"}, {.history = {{{.epoch = 1, .val_accuracy = 1}}, false}},
                  no_warning);
    EXPECT_EQ(model.values().to_vector<float>(), raw);
    nn::Sequential best = small_model();
    load_weights(best, "", run.best_weights());
    EXPECT_EQ(best.values().to_vector<float>(), sgd.average().to_vector<float>());
    EXPECT_NE(best.values().to_vector<float>(), raw);
}

// Catches a loss that only the training or only the evaluation takes, and one whose penalty is lost.
TEST(Recipe, TheLossIsTrainedAndJudged) {
    const Trained usual = train({}), squared = train({.loss = nn::mean_squared_error()});
    EXPECT_NE(usual.parameters, squared.parameters);
    nn::Sequential model = small_model();
    const data::Dataset images = noise_images();
    const Evaluation judged = evaluate(model, images, 7, nn::mean_squared_error());
    double sum = 0;
    for (std::size_t i = 0; i < judged.logits.size(); ++i) {
        const double label = images.labels[i / 2] == static_cast<std::int32_t>(i % 2) ? 1 : 0;
        sum += (judged.logits[i] - label) * (judged.logits[i] - label);
    }
    EXPECT_NEAR(judged.loss, sum / 44, 1e-6);
    EXPECT_EQ(judged.accuracy, evaluate(model, images).accuracy);
    // The same loss written by hand trains the same.
    const nn::Loss own = [](const Tensor& x, const Tensor& labels) {
        return ops::mean(ops::square(ops::sub(x, ops::one_hot(labels, 2))), {1});
    };
    EXPECT_EQ(train({.loss = own}).parameters, squared.parameters);
}

// Weights of a class are weights of its images; those of all images together are one number that scales the rate.
TEST(Recipe, WeightsOfClassesAndImages) {
    const Trained usual = train({}), classes = train({.class_weight = {1, 3}});
    EXPECT_NE(usual.parameters, classes.parameters);
    EXPECT_EQ(train({.class_weight = {1, 1}}).history.epochs[1].val_loss,
              train({.sample_weight = std::vector<double>(22, 1)}).history.epochs[1].val_loss);
    std::vector<double> of_images;
    for (const std::int32_t label : noise_images().labels) of_images.push_back(label == 1 ? 3 : 1);
    EXPECT_EQ(train({.sample_weight = of_images}).parameters, classes.parameters);
    EXPECT_EQ(train({.class_weight = {1, 3}, .sample_weight = std::vector<double>(22, 0.5)}).parameters,
              train({.class_weight = {0.5, 1.5}}).parameters);
    EXPECT_EQ(error_message([] {
                  train({.class_weight = {1, 2, 3}});
              }),
              "there are 3 weights of classes, but 2 classes");
    EXPECT_EQ(error_message([] { train({.sample_weight = {1}}); }), "there are 1 weights of images, but 22 images");
    EXPECT_EQ(error_message([] { train({.class_weight = {1, -2}}); }), "a weight of classes must be 0 or more, not -2");
}

// The means over the samples of an epoch, the last batch smaller; their columns stand behind the others.
TEST(Recipe, MetricsAreReportedForEveryEpoch) {
    const Metric correct{"right", [](const Tensor& logits, const Tensor& labels) {
                             const Tensor size =
                                 full({}, static_cast<double>(labels.size()), logits.dtype(), logits.device());
                             return ops::div(ops::count_correct(logits, labels), size);
                         }};
    const History history = train({.metrics = {correct}}).history;
    for (const EpochRecord& epoch : history.epochs) {
        ASSERT_EQ(epoch.metrics.size(), 1u);
        EXPECT_NEAR(epoch.metrics[0], epoch.accuracy, 1e-6);
        EXPECT_NEAR(epoch.val_metrics[0], epoch.val_accuracy, 1e-6);
    }
    EXPECT_TRUE(history.csv().starts_with(
        "epoch,loss,accuracy,val_loss,val_accuracy,seconds,ms_per_step,learning_rate,right,val_right\n"))
        << history.csv();
    EXPECT_NE(history.jsonl().find("\"val_right\": "), std::string::npos);
}

// Frozen parameters keep their bits, whatever decays and clips; the others are trained.
TEST(Recipe, FrozenParametersStay) {
    const auto trained = [](const std::vector<std::string>& prefixes) {
        nn::Sequential model = small_model();
        for (const std::string& prefix : prefixes) model.freeze(prefix);
        optim::AdamW adam({.shared = {.weight_decay = 0.5, .global_clipnorm = 1}});
        fit(model, adam, noise_images(), noise_images(), {.epochs = 2, .batch_size = 5});
        return parameters_of(model);
    };
    const Parameters start = parameters_of(small_model());
    const Parameters frozen = trained({"dense/", "batch_normalization/gamma"});
    for (const char* name : {"dense/kernel", "dense/bias", "batch_normalization/gamma"})
        EXPECT_EQ(frozen.at(name), start.at(name)) << name;
    for (const char* name :
         {"dense_1/kernel", "dense_1/bias", "batch_normalization/beta", "batch_normalization/moving_mean"})
        EXPECT_NE(frozen.at(name), start.at(name)) << name;
    const Parameters without_statistics = trained({"batch_normalization"});
    for (const char* name : {"batch_normalization/moving_mean", "batch_normalization/moving_variance"})
        EXPECT_EQ(without_statistics.at(name), start.at(name)) << name;
    EXPECT_EQ(error_message([&] { trained({"conv"}); }),
              "no parameter's name begins with 'conv'; those that can be trained are dense/kernel, dense/bias, "
              "batch_normalization/gamma, batch_normalization/beta, dense_1/kernel, dense_1/bias");
    EXPECT_EQ(error_message([&] { trained({""}); }),
              "all parameters are frozen, so there is nothing to train; freeze fewer");
}

TEST(Recipe, GroupsAreTrainedAtTheirOwnRate) {
    EXPECT_NE(train({.groups = {{"dense_1/", 0.1}}}).parameters, train({}).parameters);
    EXPECT_EQ(train({.groups = {{"dense", 0.1}, {"dense", 1}}}).parameters, train({}).parameters) << "the last counts";
    EXPECT_EQ(error_message([] {
                  train({.groups = {{"conv", 0.1}}});
              }),
              "no parameter's name begins with 'conv'; those that can be trained are dense/kernel, dense/bias, "
              "batch_normalization/gamma, batch_normalization/beta, dense_1/kernel, dense_1/bias");
    EXPECT_EQ(error_message([] {
                  train({.groups = {{"dense", 0}}});
              }),
              "the rate of the group 'dense' must be above 0, not 0; Model::freeze keeps parameters as they are");
}

// Kernels decay and others do not; a predicate may choose otherwise. The gradients are 0 but for the decay.
TEST(Recipe, OnlyKernelsDecay) {
    const auto decayed = [](const Decays& decays) {
        nn::Sequential model = small_model();
        const Parameters before = parameters_of(model);
        optim::Sgd sgd({.learning_rate = 0.5, .shared = {.weight_decay = 0.5}});
        sgd.set_parts(parts_of(model, {}, decays));
        backend(model.values()).fill(model.gradients(), 0);
        backend(model.values())
            .add_scaled(1, full(model.values().shape(), 1, DType::float32, Device::cpu()),
                        model.values());  // biases begin at 0, which decays to itself
        sgd.update(model.values(), model.gradients());
        std::set<std::string> names;
        for (const auto& [name, values] : parameters_of(model))
            if (before.contains(name) && !values.empty() && values[0] != before.at(name)[0] + 1 &&
                !name.starts_with("batch_normalization/moving"))
                names.insert(name);
        return names;
    };
    EXPECT_EQ(decayed(is_kernel), (std::set<std::string>{"dense/kernel", "dense_1/kernel"}));
    EXPECT_EQ(decayed([](const std::string& name) { return name == "dense/bias"; }),
              (std::set<std::string>{"dense/bias"}));
}

// All parameters that fit are loaded; the last layer may differ.
TEST(StartFromWeights, LeavesALastLayerOfAnotherShape) {
    const TempFolder folder;
    nn::Sequential saved = small_model();
    backend(Device::cpu()).fill(saved.state(), 0.75);
    save_weights(saved, folder / "two.safetensors", {{"model", "small"}});
    const auto with = [](std::int64_t hidden, std::int64_t classes) {
        nn::Sequential model{nn::Input({4, 4, 3}), nn::Flatten(), nn::Dense(hidden), nn::BatchNormalization(),
                             nn::Dense(classes)};
        model.initialize({.seed = 9});
        return model;
    };
    nn::Sequential same = with(6, 2), other = with(6, 5);
    EXPECT_EQ(start_from_weights(same, folder / "two.safetensors"), std::vector<std::string>{});
    EXPECT_EQ(parameters_of(same), parameters_of(saved));

    const Parameters before = parameters_of(other);
    EXPECT_EQ(start_from_weights(other, folder / "two.safetensors"),
              (std::vector<std::string>{"dense_1/kernel", "dense_1/bias"}));
    Parameters expected = parameters_of(saved);
    expected["dense_1/kernel"] = before.at("dense_1/kernel");
    expected["dense_1/bias"] = before.at("dense_1/bias");
    EXPECT_EQ(parameters_of(other), expected);

    nn::Sequential wide = with(7, 2);
    const Parameters untouched = parameters_of(wide);
    EXPECT_NE(error_message([&] {
                  start_from_weights(wide, folder / "two.safetensors");
              }).find("two.safetensors: 'dense/kernel' has shape (48, 6), but the model needs (48, 7)"),
              std::string::npos);
    EXPECT_EQ(parameters_of(wide), untouched);
}

}  // namespace
}  // namespace cairn::train
