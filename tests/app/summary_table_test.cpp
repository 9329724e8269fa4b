#include "cairn/app/summary_table.h"

#include "cairn/nn/functional.h"

#include <gtest/gtest.h>

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
-----------------------------------------------------------
Layer (type)                    Output shape        Param #
===========================================================
conv2d (Conv2D)                 (None, 30, 30, 32)      896
max_pooling2d (MaxPooling2D)    (None, 15, 15, 32)        0
conv2d_1 (Conv2D)               (None, 13, 13, 64)   18,496
max_pooling2d_1 (MaxPooling2D)  (None, 6, 6, 64)          0
flatten (Flatten)               (None, 2304)              0
dense (Dense)                   (None, 64)          147,520
dense_1 (Dense)                 (None, 10)              650
===========================================================
Total params: 167,562 (654.54 KB)
Trainable params: 167,562 (654.54 KB)
Non-trainable params: 0 (0.00 B)
FLOPs per image: 8,081,408 (forward; a multiplication and an addition count as two)
-----------------------------------------------------------
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
    EXPECT_NE(table.find("Param #  Connected to\n"), std::string::npos) << table;
    EXPECT_NE(table.find("input_layer (InputLayer)  (None, 4)           0\n"), std::string::npos) << table;
    EXPECT_NE(table.find("add (Add)                 (None, 4)           0  dense, input_layer\n"), std::string::npos)
        << table;
}

}  // namespace
