#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every active bank is extended and replays (D06); loads at once on eight
# processors and on one (H07); on four with a debug kernel, as eight of it do
# little but wait for each other where there are not that many.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs log burst)

MANY=8
[[ $KERNEL != debug-* ]] || MANY=4

machine banks sha1,sha256,sha384
story banks "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --smp "$MANY" --before fat \
	--modules "$(many_modules)" --in "$MACHINE/challenge.json" <<'STORY'
for bank in sha1 sha256 sha384; do
	[ -e /sys/class/tpm/tpm0/pcr-$bank/13 ] || exit 1
done
export CRD_BEFORE=fat
for t in log burst; do
	echo "@@ $t"
	test_$t
done
credence attest -c /in/challenge.json -o /out/evidence > /tmp/message 2>&1
cat /tmp/message
grep -q 'bank sha384' /tmp/message
STORY
# Loads from memory, as these were, want a person; nothing else is amiss.
check "evidence quoted in the strongest bank" \
	verdict vm-banks "$OUT/banks/evidence" \
	"$TOP/policies/laboratory.yaml" 4 POLICY_RULE from-memory

machine one-cpu sha1,sha384
story one-cpu "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --smp 1 --before fat \
	--modules "$(many_modules)" <<'STORY'
export CRD_BEFORE=fat
for t in log burst; do
	echo "@@ $t"
	test_$t
done
STORY
done_testing
