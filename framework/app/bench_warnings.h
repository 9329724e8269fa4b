// Where a measurement does not mean what it seems to.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace cairn::app {

// A sentence for each doubt about a result of measure(); none where there is nothing to say.
std::vector<std::string> bench_warnings(const nlohmann::ordered_json& result);

}  // namespace cairn::app
