#!/bin/sh
# bench/coverage.sh: which lines and branches of the framework the tests reach; writes bench/COVERAGE.md. Takes the package gcovr.
# Ends with 1 where they are less than 92 % of the lines or 80 % of the branches.
#
# Without framework/backend/vulkan, whose tests need a driver. Branches: without those that only a throw takes, which stand at
# every call that might run out of memory, and without those that the compiler made where the source has none.
# CAIRN_TESTS_RUN: a regular expression of the tests to run; all of them by default.
set -eu
cd "$(dirname "$0")/.."
build=build/coverage
cmake --preset coverage >/dev/null
cmake --build --preset coverage
find "$build" -name '*.gcda' -exec rm {} +
ctest --test-dir "$build" --output-on-failure -j "$(nproc)" -R "${CAIRN_TESTS_RUN:-.}"
gcovr --root . --filter framework/ --exclude framework/backend/vulkan/ --exclude-throw-branches --exclude-unreachable-branches \
    --gcov-ignore-parse-errors --csv "$build/coverage.csv" "$build"
awk -F, '
    NR > 1 {
        room = $1
        sub(/^framework\//, "", room)
        sub(/\/[^\/]*$/, "", room)
        lines[room] += $2; reached[room] += $3; branches[room] += $5; taken[room] += $6
        lines["all"] += $2; reached["all"] += $3; branches["all"] += $5; taken["all"] += $6
    }
    function share(part, whole) { return whole ? sprintf("%.1f %%", 100 * part / whole) : "-" }
    END { for (room in lines) printf "| %s | %d | %s | %d | %s |\n", room, lines[room], share(reached[room], lines[room]),
              branches[room], share(taken[room], branches[room]) }
' "$build/coverage.csv" | sort >"$build/rows"
{
    printf '# What the tests reach\n\nMade by `bench/coverage.sh`, which says what counts.\n\n'
    printf '| room | lines | reached | branches | taken |\n| --- | ---: | ---: | ---: | ---: |\n'
    grep -v '^| all ' "$build/rows"
    grep '^| all ' "$build/rows"
} >bench/COVERAGE.md
cat bench/COVERAGE.md
awk -F, '
    NR > 1 { lines += $2; reached += $3; branches += $5; taken += $6 }
    END { exit !(reached >= 0.92 * lines && taken >= 0.80 * branches) }
' "$build/coverage.csv"
