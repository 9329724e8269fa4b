#!/bin/sh
# Tests cmake/revision.cmake on a clone made for it, from its first commit to an edited file:
#   tests/revision_test.sh CMAKE CMAKE_FOLDER
set -eu
cmake=$1
folder=$2
tmp=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$tmp"' EXIT
command -v git >/dev/null || { echo "git is not installed"; exit 77; }  # skipped

# Settings of the person who runs the tests, and a clone that they lie in, must not matter.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$tmp"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git_in_clone() { git -C "$tmp/clone" -c user.name=Test -c user.email=test@example.com "$@"; }
write() { "$cmake" -DSOURCE="$tmp/clone" -DHEADER="$tmp/revision.h" -P "$folder/revision.cmake"; }

failures=0
# expect WHAT REVISION: what is written to the header.
expect() {
    write
    revision=$(sed -n 's/#define CAIRN_REVISION "\(.*\)"/\1/p' "$tmp/revision.h")
    if [ "$revision" != "$2" ]; then
        failures=$((failures + 1))
        echo "FAILED: $1: '$revision' instead of '$2'"
    fi
}

mkdir -p "$tmp/clone/framework/core" "$tmp/clone/runs"
echo '/runs/' >"$tmp/clone/.gitignore"
echo 'int a;' >"$tmp/clone/framework/core/a.cpp"
echo 'cairn' >"$tmp/clone/README.md"
expect "outside of a clone" unknown

git_in_clone init -q
git_in_clone add .
git_in_clone commit -q -m one
commit=$(git_in_clone rev-parse --short=12 HEAD)
expect "a commit" "$commit"

# A header that is written again, though nothing changed, makes every build compile and link.
touch -d '2001-01-01' "$tmp/revision.h"
write
[ -z "$(find "$tmp/revision.h" -newermt 2001-01-02)" ] || { failures=$((failures + 1)); echo "FAILED: the header was written again"; }

echo results >"$tmp/clone/runs/metrics.json"
echo notes >"$tmp/clone/notes.txt"
expect "files that nothing is built from" "$commit"

echo 'int b;' >>"$tmp/clone/framework/core/a.cpp"
expect "an edited source" "$commit-dirty"
git_in_clone add .
expect "an edited source that is staged" "$commit-dirty"
git_in_clone commit -q -m two
commit=$(git_in_clone rev-parse --short=12 HEAD)
expect "the next commit" "$commit"

echo 'int c;' >"$tmp/clone/framework/core/new file.cpp"
expect "a source that git does not know" "$commit-dirty"
rm "$tmp/clone/framework/core/new file.cpp"
expect "which is gone again" "$commit"
rm "$tmp/clone/README.md"
expect "a tracked file that is gone" "$commit-dirty"

[ "$failures" = 0 ] || exit 1
echo "all checks of the revision passed"
