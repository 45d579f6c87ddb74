#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Secure Boot and lockdown (H25): a signed image of kernel and initramfs, the
# measurer signed by a key that the firmware trusts; the strict policy, with
# this measurer's build id on its list, admits. Under confidentiality, where the
# kernel keeps its own memory from root, it measures as under integrity; and a
# measurer that nobody signed does not get in.
# Kernels: host stock-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs log)
machine secure sha256
check "a module without a signature" test_modules

story secure "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --secure-boot \
	--modules "dummy veth nlmon" --in "$MACHINE/challenge.json" \
	--in "$TEST_MODULES/crd_plain.ko" <<'STORY'
grep -q '\[integrity\]' /sys/kernel/security/lockdown || exit
echo "@@ log"
test_log
modprobe dummy || exit
credence attest --quiet -c /in/challenge.json -o /out/evidence || exit
cat /sys/kernel/security/tpm0/binary_bios_measurements > /out/firmware-log
[ -s /out/firmware-log ] || exit
insmod /in/crd_plain.ko && { echo "an unsigned module was let in"; exit 1; }
credence attest --quiet -c /in/challenge.json -o /out/evidence-attempt
STORY

# The strict policy with the placeholder replaced by the measurer that is here,
# and the emulator's display, which has nobody's vendor id, let in.
strict_policy() {
	local id
	id=$(readelf -n "$MEASURER_KO" | sed -n 's/.*Build ID: //p')
	sed -e "s/\"0\{40\}\"/\"$id\"/" -e '/^rules:/a\
  - { id: emulator, when: { kind: device, id: "1234:1111" }, then: admit, because: The display of QEMU. }' \
		"$TOP/policies/chancery.yaml"
}
strict_policy > "$MACHINE/chancery.yaml"
check "the strict policy admits" \
	verdict vm-secure "$OUT/secure/evidence" "$MACHINE/chancery.yaml" 0
check "with another measurer on its list it refuses" \
	verdict vm-secure-other "$OUT/secure/evidence" \
	"$TOP/policies/chancery.yaml" 3 REQUIRED_EVENT
check "an attempt to load an unsigned module is refused" \
	verdict vm-secure-attempt "$OUT/secure/evidence-attempt" \
	"$MACHINE/chancery.yaml" 3 POLICY_RULE failed-attempt

# A measurer that nobody signed: the kernel refuses it, and says why. Then the
# signed one, under the stricter lockdown.
machine confidential sha256
story confidential "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --secure-boot \
	--append lockdown=confidentiality --no-measurer \
	--modules "dummy veth nlmon" --in "$MEASURER_KO=/in/unsigned.ko" \
	--in "$MACHINE/challenge.json" <<'STORY'
grep -q '\[confidentiality\]' /sys/kernel/security/lockdown || exit
insmod /in/unsigned.ko 2> /tmp/said && { echo "an unsigned measurer was let in"; exit 1; }
cat /tmp/said
grep -q 'Key was rejected by service' /tmp/said || exit
dmesg | grep 'Loading of unsigned module is rejected' || exit
[ ! -e /sys/kernel/security/credence ] || exit 1
insmod /credence.ko || exit
cat /proc/kcore > /dev/null && { echo "no lockdown here"; exit 1; }
echo "@@ log"
test_log
modprobe dummy || exit
grep -q state=ok /sys/kernel/security/credence/status || exit
credence attest --quiet -c /in/challenge.json -o /out/evidence
STORY
strict_policy > "$MACHINE/chancery.yaml"
check "under confidentiality the strict policy admits" \
	verdict vm-confidential "$OUT/confidential/evidence" \
	"$MACHINE/chancery.yaml" 0

# E21: the file says it has no size; all of it is in the evidence.
check "the firmware's event log is carried whole" /usr/bin/python3 - \
	"$OUT/secure/evidence" "$OUT/secure/firmware-log" <<'PYTHON'
import sys, cbor2
log = cbor2.load(open(sys.argv[1], "rb"))["log-tcg"][1]
assert log and log == open(sys.argv[2], "rb").read()
PYTHON
done_testing
