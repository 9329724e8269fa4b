// A history.csv: what is read of it can be written again, as CSV and as JSON, and decides when a training stops.
#include "cairn/train/history.h"
#include "input.h"

#include <nlohmann/json.hpp>

#include <sstream>

using namespace cairn;

FUZZ(bytes, size) {
    fuzz::only_errors([&] {
        const train::History history{train::parse_csv(fuzz::text_of(bytes, size)), false};
        train::EarlyStopping{2}(history);
        train::is_best(history);
        const train::History again{train::parse_csv(history.csv()), false};
        invariant(again.csv() == history.csv(), "what is written is not what is read");
        std::istringstream lines(history.jsonl());
        for (std::string line; std::getline(lines, line);) static_cast<void>(nlohmann::json::parse(line));
    });
    return 0;
}
