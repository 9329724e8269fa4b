// Chapter 12: comparing models. Complete it from top to bottom; ./cairn grade 12 says which parts are right.
#include "chapters/12-model-comparison/exercise.h"

namespace exercise {

// ---- column -----------------------------------------------------------------------------------------------------------

std::vector<double> column(const std::string& csv, const std::string& name) { not_written_yet(); }

// ---- last_five --------------------------------------------------------------------------------------------------------

double last_five(const std::vector<double>& values) { not_written_yet(); }

// ---- test_of_best_epoch -----------------------------------------------------------------------------------------------

double test_of_best_epoch(const std::vector<double>& validation, const std::vector<double>& test) { not_written_yet(); }

// ---- macro_f1 ---------------------------------------------------------------------------------------------------------

double macro_f1(const Array& counts) { not_written_yet(); }

// ---- spread -----------------------------------------------------------------------------------------------------------

Spread spread(const std::vector<double>& results) { not_written_yet(); }

// ---- without_penalty --------------------------------------------------------------------------------------------------

double without_penalty(double loss, double lambda, const std::vector<Array>& kernels) { not_written_yet(); }

// ---- chance -----------------------------------------------------------------------------------------------------------

double chance(const std::vector<double>& a, const std::vector<double>& b) { not_written_yet(); }

}  // namespace exercise
