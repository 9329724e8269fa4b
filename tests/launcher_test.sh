#!/bin/sh
# Tests the launcher with stand-ins for the package managers, CMake, Ninja and ctest, so that nothing is installed or built:
#   tests/launcher_test.sh LAUNCHER
set -eu
launcher=$1
tmp=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$tmp"' EXIT

# stub NAME: a command whose body comes from stdin; it first notes how it was called.
stub() {
    {
        printf '#!/bin/sh\nprintf "%%s\\n" "%s $*" >>"$CALLS"\n' "$1"
        cat
    } >"$tmp/bin/$1"
    chmod +x "$tmp/bin/$1"
}

# A system with the usual tools, an unbuilt clone at "$tmp/a clone", and nothing else.
new_system() {
    cd "$tmp"
    rm -rf bin "a clone" moved
    mkdir bin "a clone"
    : >"$CALLS"
    for tool in sh awk cat chmod dirname env flock getconf grep head mkdir printf readlink rm sed tail; do
        ! path=$(command -v "$tool") || ln -s "$path" "bin/$tool"
    done
    cp "$launcher" "a clone/cairn"
    echo '{"name": "release"}, {"name": "dev"}' >"a clone/CMakePresets.json"
    echo 'echo 1000' | stub id
}

# The tools of a build. CMake leaves a cache; Ninja "builds" a program that shows its folder and its arguments.
add_build_tools() {
    stub c++ </dev/null
    stub cmake <<'STUB'
[ "$1" != --version ] || { echo "cmake version ${CMAKE_VERSION-3.25.1}"; exit; }
mkdir -p "$2/build/$4"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$2" >"$2/build/$4/CMakeCache.txt"
: >"$2/build/$4/build.ninja"
STUB
    stub ninja <<'STUB'
printf '[0/2] Re-checking globbed directories...\n[1/3] Asking git for the revision\n'
if [ -n "${BROKEN-}" ]; then
    printf '[1/2] Building a.o\nFAILED: a.o \nc++ -c a.cpp\na.cpp:1: error: no\n'
    exit 1
fi
printf '#!/bin/sh\npwd\nfor a; do echo "<$a>"; done\nexit 3\n' >"$2/cairn"
chmod +x "$2/cairn"
printf 'ninja: no work to do.\n'
STUB
    echo 'exit 8' | stub ctest
}

# run [NAME=VALUE…] COMMAND…: only with the stub system; leaves $status and the file out.
run() {
    status=0
    env PATH="$tmp/bin" "$@" >"$tmp/out" 2>&1 </dev/null || status=$?
}

failures=0
# expect WHAT COMMAND…
expect() {
    what=$1
    shift
    if ! "$@"; then
        failures=$((failures + 1))
        printf 'FAILED: %s\n' "$what"
        sed 's/^/    out: /' "$tmp/out"
        sed 's/^/    called: /' "$CALLS"
    fi
}
printed() { grep -qF -- "$1" "$tmp/out"; }
called() { grep -q -- "$1" "$CALLS"; }
not() { ! "$@"; }

export CALLS="$tmp/calls"
unset CAIRN_PRESET  # set when these tests were themselves started with another preset

# ---- the program -------------------------------------------------------------------------------------------------------
new_system
add_build_tools
ln -s "a clone/cairn" link
mkdir -p sub
cd sub
run ../link 'two words' rel/path
expect "the program's exit status is passed on" [ "$status" = 3 ]
expect "arguments, the folder and quiet are kept" \
    [ "$(cat ../out)" = "$(printf '%s\n' "$tmp/sub" '<two words>' '<rel/path>')" ]
expect "only the program is built" called 'ninja.* cairn$'
: >"$CALLS"
run ../link
expect "the second start does not configure" not called '^cmake'

mv "$tmp/a clone" "$tmp/moved"
: >"$CALLS"
run "$tmp/moved/cairn"
expect "a moved clone is configured afresh" called '^cmake.*--fresh'

run CAIRN_PRESET=nope "$tmp/moved/cairn"
expect "an unknown preset is refused" printed "has no preset of that name"

# ---- tests -------------------------------------------------------------------------------------------------------------
run CAIRN_PRESET=dev "$tmp/moved/cairn" test -L 'unit|cli'
expect "ctest's exit status is passed on" [ "$status" = 8 ]
expect "everything is built for tests" called 'ninja.* all$'
expect "ctest gets the options" called '^ctest --test-dir .*/build/dev .* -L unit|cli'
run CIFAR10_DIR= CAIRN_PRESET=dev "$tmp/moved/cairn" test
expect "tests without CIFAR-10 are no secret" printed 'NOT TESTED ON CIFAR-10: set CIFAR10_DIR'
run CIFAR10_DIR=/data CAIRN_PRESET=dev "$tmp/moved/cairn" test
expect "nothing is said where it is named" not printed 'NOT TESTED'

# ---- failures ----------------------------------------------------------------------------------------------------------
run BROKEN=yes "$tmp/moved/cairn"
expect "a failed build fails" [ "$status" = 1 ]
expect "the compiler's error is shown" printed 'a.cpp:1: error: no'
expect "the command is not shown" not printed 'c++ -c'

new_system
add_build_tools
run CMAKE_VERSION=3.22.1 "a clone/cairn"
expect "an old CMake is named" printed "CMake 3.22.1 is too old"

# ---- packages ----------------------------------------------------------------------------------------------------------
new_system
stub dpkg-query <<'STUB'
echo 'installed libpng-dev'
echo 'config-files libfmt-dev'
STUB
stub apt-get </dev/null
run "a clone/cairn"
expect "without the right to install, the command is printed" \
    printed 'run:  sudo apt-get update && sudo apt-get install g++ cmake ninja-build libopenblas-pthread-dev libfmt-dev'
expect "what is installed is not asked for" not printed libpng-dev
expect "nothing was installed" not called '^apt-get'

add_build_tools
echo 'echo 0' | stub id
stub apt-get <<'STUB'
case " $* " in
    *' update '*) : >"$CALLS.updated" ;;
    *) [ -f "$CALLS.updated" ] ;;
esac
STUB
run "a clone/cairn"
expect "root installs, with fresh lists where the old ones failed" [ "$status" = 3 ]
expect "tools from elsewhere are kept" not called 'apt-get.*install.* cmake'
expect "libraries are installed" called 'apt-get.*install.* libfmt-dev'
expect "the tests' packages are not needed to run" not called 'apt-get.*gtest'
run "a clone/cairn" test
expect "the tests' packages are installed for the tests" called 'apt-get.*libgtest-dev'

for manager in dnf:fmt-devel pacman:nlohmann-json brew:openblas; do
    new_system
    stub "${manager%:*}" </dev/null
    run "a clone/cairn"
    expect "${manager%:*}: its own names are printed" printed "${manager#*:}"
    expect "${manager%:*}: nothing is installed" not called "^${manager%:*}"
done

[ "$failures" = 0 ] || exit 1
echo "all checks of the launcher passed"
