#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The measurer's rooms alone, by KUnit: event, text, digest, log, store. Of the
# kernels there are only the debug kernels have it.
# Kernels: debug
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

DIR=$O/kernel/$KERNEL/kunit
suite() {
	mkdir -p "$DIR/tests"
	cp -pru "$TOP/tests/kunit" "$DIR/tests/"
	cd "$TOP" && scripts/build-kmod \
		"$(scripts/kernel headers "$KERNEL")" "$DIR" CRD_KUNIT=1
}

# The kernel's messages are TAP: of each suite its cases, further in.
check "the suite builds" suite
story kunit --tpm none --no-measurer --modules "kunit tpm" \
	--in "$DIR/credence_kunit.ko" <<'STORY'
modprobe kunit enable=1 || exit
insmod /in/credence_kunit.ko || exit
dmesg > /out/kunit
sed -n 's/^\[ *[0-9.]*\] *# Subtest: /@@ /p
	s/^\[ *[0-9.]*\]      *\(\(not \)\?ok [0-9]*\) \(- \)\?/\1 /p' /out/kunit
grep -A 6 EXPECT /out/kunit
for suite in text event store digest log; do
	grep -q " ok [0-9]* \(- \)\?crd_$suite" /out/kunit || exit
done
rmmod credence_kunit
STORY
done_testing
