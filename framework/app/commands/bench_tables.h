// The tables that `cairn bench` prints.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace cairn::app {

// Of the results of measure(), a list. `split` adds for each where its time goes: by layer, or on a GPU by kernel.
std::string bench_tables(const nlohmann::ordered_json& results, bool split);

}  // namespace cairn::app
