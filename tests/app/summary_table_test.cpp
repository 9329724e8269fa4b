#include "cairn/app/summary_table.h"

#include "cairn/app/cost_table.h"
#include "cairn/nn/functional.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace cairn;

// simple-cnn, with the numbers that Keras's summary() shows for it. FLOPs: 2 * 30*30*32 * 3*3*3 + 2 * 13*13*64 * 3*3*32 +
// 2 * 2304 * 64 + 2 * 64 * 10.
TEST(SummaryTable, SimpleCnnReadsAsInKeras) {
    const nn::Sequential model{
        nn::Input({32, 32, 3}),
        nn::Conv2D(32, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Conv2D(64, {3, 3}, {.activation = nn::relu}),
        nn::MaxPooling2D({2, 2}),
        nn::Flatten(),
        nn::Dense(64, {.activation = nn::relu}),
        nn::Dense(10),
    };
    EXPECT_EQ(app::summary_table(model, "simple-cnn"), R"(Model: simple-cnn
-------------------------------------------------------------------------------
Layer (type)                    Output shape        Param #  Settings
===============================================================================
conv2d (Conv2D)                 (None, 30, 30, 32)      896  3 x 3, valid, relu
max_pooling2d (MaxPooling2D)    (None, 15, 15, 32)        0  2 x 2
conv2d_1 (Conv2D)               (None, 13, 13, 64)   18,496  3 x 3, valid, relu
max_pooling2d_1 (MaxPooling2D)  (None, 6, 6, 64)          0  2 x 2
flatten (Flatten)               (None, 2304)              0
dense (Dense)                   (None, 64)          147,520  relu
dense_1 (Dense)                 (None, 10)              650
===============================================================================
Total params: 167,562 (654.54 KB)
Trainable params: 167,562 (654.54 KB)
Non-trainable params: 0 (0.00 B)
FLOPs per image: 8,081,408 (forward; a multiplication and an addition count as two)
-------------------------------------------------------------------------------
)");
}

// Catches moving statistics that are counted as trained, or not at all.
TEST(SummaryTable, MovingStatisticsAreNotTrainable) {
    const nn::Sequential model{nn::Input({4}), nn::Dense(3), nn::BatchNormalization()};
    const std::string table = app::summary_table(model, "small");
    EXPECT_NE(table.find("batch_normalization (BatchNormalization)  (None, 3)          12\n"), std::string::npos)
        << table;
    EXPECT_NE(
        table.find("Total params: 27 (108.00 B)\nTrainable params: 21 (84.00 B)\nNon-trainable params: 6 (24.00 B)\n"),
        std::string::npos)
        << table;
}

// Catches a skip connection that the table does not show.
TEST(SummaryTable, BranchesHaveAColumnOfConnections) {
    const nn::Functional model({4}, [](nn::Value x) { return nn::add(x | nn::Dense(4), x); });
    const std::string table = app::summary_table(model, "skip");
    EXPECT_NE(table.find("Param #  Settings  Connected to\n"), std::string::npos) << table;
    EXPECT_NE(table.find("input_layer (InputLayer)  (None, 4)           0\n"), std::string::npos) << table;
    EXPECT_NE(table.find("add (Add)                 (None, 4)           0            dense, input_layer\n"),
              std::string::npos)
        << table;
}

// Catches a rate, a penalty, a padding or an activation that the table does not show, and defaults that crowd it.
TEST(SummaryTable, ShowsWhatLayersAreMadeWith) {
    const nn::Sequential model{
        nn::Input({8, 8, 3}),
        nn::Conv2D(2, {3, 3}, {.activation = nn::gelu, .strides = {2, 2}, .padding = nn::same, .use_bias = false}),
        nn::Flatten(), nn::Dropout(0.25), nn::Dense(4, {.kernel_regularizer = nn::l2(0.001)})};
    const std::string table = app::summary_table(model, "settings");
    EXPECT_NE(table.find("  3 x 3, same, strides 2 x 2, gelu, use bias no\n"), std::string::npos) << table;
    EXPECT_NE(table.find("  rate 0.25\n"), std::string::npos) << table;
    EXPECT_NE(table.find("  kernel l2 0.001\n"), std::string::npos) << table;
    const nlohmann::ordered_json json = app::summary_json(model, "settings");
    EXPECT_EQ(json["layers"][1]["settings"]["padding"], "same");
    EXPECT_EQ(json["layers"][1]["settings"]["strides"], (std::vector<int>{2, 2}));
    EXPECT_EQ(json["layers"][1]["settings"]["use_bias"], false);
    EXPECT_EQ(json["layers"][4]["settings"]["activation"], "linear") << "programs are told what is usual, too";
    EXPECT_EQ(json["layers"][4]["settings"]["kernel_l2"], 0.001);
}

// A step as measure::training_step tells it, with round numbers: catches a share of the wrong time or the wrong operations, and
// a layer without a time of its own that gets another's.
TEST(CostTable, DividesOperationsByTimeAndPeak) {
    const nn::Sequential model{nn::Input({4, 4, 1}), nn::Conv2D(2, {3, 3}), nn::MaxPooling2D({2, 2}), nn::Flatten(),
                               nn::Dense(3)};
    const auto ms = [](double forward, double gradients, double update) {
        return nlohmann::ordered_json{
            {"forward", forward}, {"gradients", gradients}, {"update", update}, {"data", 0}, {"other", 0}};
    };
    const nlohmann::ordered_json step{
        {"batch", 10},
        {"device", "cpu"},
        {"threads", 2},
        {"step_ms", 9.0},
        {"flops_per_step", 3'000'000},
        {"multiply_add_flops_per_second", 1e9},
        {"layers",
         {{{"name", "conv2d"}, {"type", "Conv2D"}, {"flops", 2'000'000}, {"ms", ms(1, 3, 0)}},
          {{"name", "dense"}, {"type", "Dense"}, {"flops", 1'000'000}, {"ms", ms(0.5, 1.5, 0)}},
          {{"name", "optimizer"}, {"type", ""}, {"flops", 0}, {"ms", ms(0, 0, 0.25)}}}}};
    const nlohmann::ordered_json costs = app::layer_costs(step);
    EXPECT_EQ(costs["conv2d"]["multiply_add_share"], 0.5);  // 2e6 operations in 4 ms, of 1e6 a ms
    EXPECT_EQ(costs["dense"]["backward_ms"], 1.5);
    EXPECT_TRUE(costs["optimizer"]["multiply_add_share"].is_null());
    EXPECT_FALSE(costs.contains("max_pooling2d"));
    const std::string table = app::cost_table(model, "small", step);
    for (const char* row :
         {"conv2d (Conv2D)                 144      32.00 B     80.00 B       1.000        3.000     50 %\n",
          "max_pooling2d (MaxPooling2D)      0       8.00 B      0.00 B           -            -        -\n",
          "all layers                      156      60.00 B    116.00 B       1.500        4.500     50 %\n",
          "Loss, optimizer, batch and the rest: 0.250 ms. The whole step: 9.000 ms.\n"})
        EXPECT_NE(table.find(row), std::string::npos) << row << "\n" << table;
}

}  // namespace
