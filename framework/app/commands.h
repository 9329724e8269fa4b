// The commands, one file each: its options and what it does.
#pragma once

#include "app/common_options.h"

namespace cairn::app {

void add_models_command(const Command& parent, Session& session);
void add_summary_command(const Command& parent, Session& session);
void add_train_command(const Command& parent, Session& session);
void add_reproduce_command(const Command& parent, Session& session);
void add_chapter_command(const Command& parent, Session& session);
void add_evaluate_command(const Command& parent, Session& session);
void add_predict_command(const Command& parent, Session& session);
void add_gradcheck_command(const Command& parent, Session& session);
void add_grads_command(const Command& parent, Session& session);
void add_diverge_command(const Command& parent, Session& session);
void add_bench_command(const Command& parent, Session& session);
void add_data_command(const Command& parent, Session& session);
void add_devices_command(const Command& parent, Session& session);

}  // namespace cairn::app
