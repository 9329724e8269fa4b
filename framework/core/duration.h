// How long something took or takes, for people to read.
#pragma once

#include <string>

namespace cairn {

// "0.42 s", "58 s", "3 min 05 s", "1 h 12 min"
std::string duration(double seconds);

}  // namespace cairn
