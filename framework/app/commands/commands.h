// The commands. NAME is defined in app/commands/NAME.cpp, by add_NAME_command: its options and what it does.
#pragma once

#include "cairn/app/common_options.h"

// In the order of --help.
#define CAIRN_COMMANDS(COMMAND) \
    COMMAND(models)             \
    COMMAND(summary)            \
    COMMAND(train)              \
    COMMAND(lr_find)            \
    COMMAND(reproduce)          \
    COMMAND(chapter)            \
    COMMAND(grade)              \
    COMMAND(handout)            \
    COMMAND(evaluate)           \
    COMMAND(predict)            \
    COMMAND(report)             \
    COMMAND(inspect)            \
    COMMAND(gradcheck)          \
    COMMAND(grads)              \
    COMMAND(diverge)            \
    COMMAND(bench)              \
    COMMAND(data)               \
    COMMAND(devices)            \
    COMMAND(new)

namespace cairn::app {

#define CAIRN_DECLARE_COMMAND(name) void add_##name##_command(const Command& program, Session& session);
CAIRN_COMMANDS(CAIRN_DECLARE_COMMAND)
#undef CAIRN_DECLARE_COMMAND

}  // namespace cairn::app
