#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The measurer refuses to start with what it cannot stand behind: parameters
# (D09), no TPM or an old one (I03), ftrace off, a hook taken. Unloaded and
# started again it is found out (H01).
# Kernels: host stock-all debug
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs params)

machine start sha256
story start "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --no-measurer \
	--modules dummy --in "$MACHINE/challenge.json" <<'STORY'
echo "@@ params"
test_params
credence attest --quiet -c /in/challenge.json -o /out/evidence
STORY
check "a second start in one boot is refused" \
	verdict vm-restarted "$OUT/start/evidence" \
	"$TOP/policies/laboratory.yaml" 3 LOG_GAP pcr-found

# Forced out: the kernel then asks nobody, but the exit still runs.
machine forced sha256
story forced --tpm "$MACHINE/tpm" --modules dummy \
	--in "$MACHINE/challenge.json" <<'STORY'
before=$(cat /sys/class/tpm/tpm0/pcr-sha256/13)
rmmod credence && exit 1
rmmod -f credence && [ ! -d /sys/module/credence ] || exit 0
after=$(cat /sys/class/tpm/tpm0/pcr-sha256/13)
[ "$before" != "$after" ] || { echo "left without a trace"; exit 1; }
insmod /credence.ko || exit 0
credence attest --quiet -c /in/challenge.json -o /out/evidence
STORY
if [ -e "$OUT/forced/evidence" ]; then
	check "forced out and started again is refused" \
		verdict vm-forced "$OUT/forced/evidence" \
		"$TOP/policies/laboratory.yaml" 3 LOG_GAP pcr-found
fi

stays_out() {	# stays_out TEXT: insmod fails and the kernel's log says why
	cat <<STORY
insmod /credence.ko && { echo "it was loaded"; exit 1; }
[ ! -e /sys/kernel/security/credence ] || exit 1
dmesg | grep -i 'credence.*$1' || { dmesg | tail -n 5; exit 1; }
STORY
}

refuses() {	# refuses TEXT: and there is no evidence either
	stays_out "$1"
	cat <<STORY
credence attest --quiet -c /in/challenge.json -o /out/evidence && exit 1
[ ! -e /out/evidence ]
STORY
}

# All hooks or none: one of the two is somebody else's. Nothing is left behind,
# so that with the hook free again the measurer starts.
check "test modules build" test_modules
{
	echo "insmod /in/crd_take_hook.ko || exit"
	stays_out 'security_kernel_post_load_data.*redirected'
	cat <<'STORY'
cat /sys/kernel/debug/kprobes/list /sys/kernel/tracing/enabled_functions
grep -q . /sys/kernel/debug/kprobes/list && exit 1
[ "$(wc -l < /sys/kernel/tracing/enabled_functions)" -eq 1 ] || exit 1
rmmod crd_take_hook && insmod /credence.ko
STORY
} > "$OUT/taken.steps"
story taken --tpm "$MACHINE/tpm" --no-measurer \
	--in "$TEST_MODULES/crd_take_hook.ko" < "$OUT/taken.steps"

story no-tpm --tpm none --no-measurer --in "$MACHINE/challenge.json" \
	< <(refuses TPM)
check "a TPM 1.2" "$TOP/scripts/vm" tpm12 "$OUT/old-tpm"
story tpm12 --tpm "$OUT/old-tpm" --no-measurer \
	--in "$MACHINE/challenge.json" < <(refuses 'TPM.*2')
done_testing
