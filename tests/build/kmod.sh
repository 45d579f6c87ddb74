#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make kmod` for a kernel of one's choice, running or not. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-kmod.XXXXXX")
trap 'rm -rf "$T"' EXIT
unset MAKEFLAGS MFLAGS KDIR V
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/out")
export O=$T/build
KO=$O/kmod/credence.ko
HEADERS=$(scripts/newest-headers)

kmod() {
	make kmod "$@" >"$T/out" 2>&1
}

! kmod KDIR="$T/absent" && grep -q "no kernel headers in '$T/absent'" "$T/out" &&
	[ ! -e "$KO" ]
result "a KDIR that is not there is named"

mkdir "$T/empty"
! kmod KDIR="$T/empty" && grep -q "no kernel headers in '$T/empty'" "$T/out"
result "a KDIR that is no kernel's is named"

ln -s "$HEADERS" "$T/elsewhere"
kmod KDIR="$T/elsewhere" &&
	[ "$(/sbin/modinfo -F vermagic "$KO" | cut -d' ' -f1)" = \
		"${HEADERS#/usr/src/linux-headers-}" ]
result "the module is for the kernel of KDIR, not for the one that runs"

before=$(stat -c %Y.%y "$KO")
kmod KDIR="$T/elsewhere" && [ "$(stat -c %Y.%y "$KO")" = "$before" ]
result "a second time there is nothing to do"

[ -z "$(find Kbuild kmod -name "*.o" -o -name "*.ko" -o -name ".*.cmd")" ]
result "nothing is built among the sources"

echo "1..$n"
exit $failed
