#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Makefile, on a project of a few lines with the same rooms: what is built
# again and when, what is linked with what, what is said. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-make.XXXXXX")
trap 'rm -rf "$T"' EXIT
# We may run under make; what we try must not.
unset MAKEFLAGS MFLAGS O KDIR V CC CFLAGS
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/out")

mkdir -p "$T"/p/{attest,userspace,kmod/uapi,scripts,tests/{unit,fuzz,bench}}
cp Makefile "$T/p/"
cd "$T/p" || exit 1
echo '#define ANSWER 42' >attest/answer.h
printf '#include "answer.h"\nint crd_a(void);\nint crd_a(void)\n{\n\treturn ANSWER;\n}\n' >attest/a.c
printf 'int crd_b(void);\nint crd_b(void)\n{\n\treturn 0;\n}\n' >attest/b.c
printf 'int crd_a(void);\nint crd_room(void);\nint crd_room(void)\n{\n\treturn crd_a();\n}\n' >userspace/room.c
printf 'int crd_room(void);\nint main(void)\n{\n\treturn crd_room();\n}\n' >userspace/main.c
printf 'int crd_room(void);\nint helper(void);\nint main(void)\n{\n\treturn crd_room() + helper() - 49;\n}\n' >tests/unit/test_room.c
printf 'int helper(void);\nint helper(void)\n{\n\treturn 7;\n}\n' >tests/unit/helper.c
printf '#!/bin/sh\n[ ! -e absent ] || { echo "make deps, please" >&2; exit 1; }\n' >scripts/deps
# shellcheck disable=SC2016
printf '#!/bin/sh\nmkdir -p "$2" && touch "$2/credence.ko"\n' >scripts/build-kmod
chmod +x scripts/*

m() {
	make "$@" >"$T/out" 2>&1
}

compiled() {
	grep -c '^  CC  ' "$T/out"
}

# --- refused --------------------------------------------------------------------

touch absent
! m userspace && grep -q 'make deps, please' "$T/out" && [ "$(compiled)" = 0 ]
result "a missing package stops it before the compiler does, and says so"
rm absent

! m no-such-target
result "an unknown target is an error"

echo 'int crd_bad(void) { return 1 }' >attest/bad.c
! m userspace && grep -q 'attest/bad.c:1' "$T/out" && [ ! -e build/credence ]
result "an error in a source names its line and leaves no program"
rm attest/bad.c

# --- built, and built again -------------------------------------------------------

m -j2 && build/credence
[ $? -eq 42 ] && [ -e build/kmod/credence.ko ]
result "make builds the program and the module, in parallel"

! grep -qE 'gcc|mkdir' "$T/out"
result "quietly"

m userspace && [ ! -s <(grep -v 'Nothing to be done' "$T/out") ]
result "a second time there is nothing to do"

sed -i s/42/43/ attest/answer.h
m userspace && [ "$(compiled)" = 1 ] && ! build/credence
build/credence
[ $? -eq 43 ]
result "a changed header rebuilds what includes it, no more"

m userspace CFLAGS=-O1 && [ "$(compiled)" = 4 ]
result "other flags rebuild everything"

m userspace CFLAGS=-O1 && [ "$(compiled)" = 0 ]
result "the same flags again, nothing"

rm attest/b.c
m userspace CFLAGS=-O1 && ! ar t build/libattest.a | grep -q b.o
result "a room that went is gone from the library"

m userspace CFLAGS=-O0 V=1 && grep -q '^gcc .*-O0' "$T/out"
result "V=1 shows the commands"

m userspace O="$T/elsewhere" && [ -x "$T/elsewhere/credence" ]
result "O= builds elsewhere"

# --- the rest ----------------------------------------------------------------------

m -j2 unit asan && build/unit/test_room
[ $? -eq 1 ]
result "a unit test gets the library, the program's rooms and the helpers, not main"

m help && for target in all kmod userspace demo test lint bench fuzz install \
	uninstall clean deps; do
	grep -q "^  make $target " "$T/out" || break
done && [ "$target" = deps ] && grep -q 'V=1' "$T/out"
result "help names every target"

m clean && [ ! -e build ]
result "clean removes all that was built"

echo "1..$n"
exit $failed
