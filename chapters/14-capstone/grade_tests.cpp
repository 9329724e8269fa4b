// The student's tests, judged: they must accept each right implementation and refuse each mutant.
#include "chapters/14-capstone/grade_parts.h"

#include <fmt/format.h>

namespace cairn::course {

void tests(Trial& t) {
    std::vector<Judged> all = right_implementations();
    for (const auto& mutants : {forward_mutants(), backward_mutants(), contract_mutants()})
        all.insert(all.end(), mutants.begin(), mutants.end());
    int caught = 0, mutants = 0;
    bool rights_accepted = true;
    std::vector<std::string> not_caught, by_name;
    for (const Judged& judged : all)
        t.run(judged.name, [&] {
            const bool accepted = exercise::accepts(judged.op);
            if (judged.right) rights_accepted = rights_accepted && accepted;
            else {
                ++mutants;
                caught += accepted ? 0 : 1;
                if (accepted) not_caught.push_back(fmt::format("not caught  {}: {}", judged.name, judged.about));
                else by_name.push_back(judged.name);
            }
            t.verdict("accepted", accepted, judged.right,
                      judged.right ? "your tests refuse a right implementation: " + judged.about
                                   : "your tests accept a wrong implementation: " + judged.about);
        });
    for (const std::string& line : not_caught) t.tell(line);
    if (caught > 0) t.tell(fmt::format("caught: {}", fmt::join(by_name, "; ")));
    t.tell(rights_accepted ? fmt::format("{} of {} mutants are caught", caught, mutants)
                           : fmt::format("{} of {} mutants are refused, but a right implementation is refused too, so none counts",
                                         caught, mutants));
    t.share(rights_accepted ? caught : 0, mutants);
}

}  // namespace cairn::course
