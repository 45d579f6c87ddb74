#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A TPM that misbehaves in every way there is (I01), in both modes, and what
# the verifier makes of the evidence that is left.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
check "test modules build" test_modules
mapfile -t PROGRAMS < <(programs tpm slow)

machine tpm sha256
cat "$MACHINE/tpm/tpm2-00.permall" > "$MACHINE/tpm2-00.permall"
story tpm "${PROGRAMS[@]}" --tpm none --no-measurer --timeout 900 \
	--program /usr/bin/swtpm \
	--modules "tpm_vtpm_proxy dummy veth $(many_modules)" \
	--in "$TEST_MODULES/crd_init_pcr.ko" \
	--in "$MACHINE/tpm2-00.permall=/tpm/tpm2-00.permall" \
	--in "$MACHINE/challenge.json" <<'STORY'
modprobe tpm_vtpm_proxy || exit
for t in slow tpm; do
	echo "@@ $t"
	test_$t
done
STORY

# As in the table of test_tpm.c: what did no harm is admitted.
for mode in open closed; do
	for fault in none slow_5ms slow_500ms retry_thrice; do
		check "$fault, fail=$mode: admitted" \
			verdict "vm-tpm-$fault-$mode" "$OUT/tpm/$fault-$mode" \
			"$TOP/policies/laboratory.yaml" 0
	done
	for fault in slow_2s retry_always failure_once initialize lockout \
		locality short_answer nonsense silent unstarted gone; do
		check "$fault, fail=$mode: refused for a gap" \
			verdict "vm-tpm-$fault-$mode" "$OUT/tpm/$fault-$mode" \
			"$TOP/policies/laboratory.yaml" 3 LOG_GAP
	done
	check "reset, fail=$mode: refused, the PCR is another" \
		verdict "vm-tpm-reset-$mode" "$OUT/tpm/reset-$mode" \
		"$TOP/policies/laboratory.yaml" 3 PCR_MISMATCH
done
check "kept busy: refused for a gap" \
	verdict vm-tpm-busy "$OUT/tpm/busy" \
	"$TOP/policies/laboratory.yaml" 3 LOG_GAP
done_testing
