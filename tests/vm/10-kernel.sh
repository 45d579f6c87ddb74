#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The measurer on a stock kernel, one bank: start of the log, modules, order,
# files, hooks. Cases G07 H03 H06 H07 H09 H10 H20 H23 of the attacks.
# Kernels: host stock debug race
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
check "test modules build" test_modules
machine kernel sha256

mapfile -t PROGRAMS < <(programs log modules order files hooks burst)

story kernel "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --smp 2 --before fat \
	--modules "$(many_modules) padlock-sha" \
	--in "$TEST_MODULES/crd_plain.ko" \
	--in "$TEST_MODULES/crd_init_pcr.ko" \
	--in "$TEST_MODULES/crd_init_fail.ko" \
	--in "$MACHINE/challenge.json" <<'STORY'
export CRD_BEFORE=fat
for t in log modules order files burst; do
	echo "@@ $t"
	test_$t
done
credence attest --quiet -c /in/challenge.json -o /out/evidence || exit
# What has read to the end of a file that says it has none (E21).
cp /sys/kernel/security/credence/log /out/log
echo "@@ hooks"
test_hooks
credence attest --quiet -c /in/challenge.json -o /out/evidence-hooks
STORY

check "evidence of what was loaded is refused for the right reasons" \
	verdict vm-kernel "$OUT/kernel/evidence" \
	"$TOP/policies/laboratory.yaml" 3 POLICY_RULE unsigned-outside-driver
check "a gap by disarmed kprobes is refused" \
	verdict vm-kernel-hooks "$OUT/kernel/evidence-hooks" \
	"$TOP/policies/laboratory.yaml" 3 LOG_GAP
done_testing
