#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Secure Boot and lockdown: a signed image of kernel and initramfs, the
# measurer signed by a key that the firmware trusts; the strict policy, with
# this measurer's build id on its list, admits.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs log)
machine secure sha256
check "a module without a signature" test_modules

story secure "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --secure-boot \
	--modules "dummy veth crc7" --in "$MACHINE/challenge.json" \
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
id=$(readelf -n "$O/kmod/credence.ko" | sed -n 's/.*Build ID: //p')
sed -e "s/\"0\{40\}\"/\"$id\"/" -e '/^rules:/a\
  - { id: emulator, when: { kind: device, id: "1234:1111" }, then: admit, because: The display of QEMU. }' \
	"$TOP/policies/chancery.yaml" > "$MACHINE/chancery.yaml"
check "the strict policy admits" \
	verdict vm-secure "$OUT/secure/evidence" "$MACHINE/chancery.yaml" 0
check "with another measurer on its list it refuses" \
	verdict vm-secure-other "$OUT/secure/evidence" \
	"$TOP/policies/chancery.yaml" 3 REQUIRED_EVENT
check "an attempt to load an unsigned module is refused" \
	verdict vm-secure-attempt "$OUT/secure/evidence-attempt" \
	"$MACHINE/chancery.yaml" 3 POLICY_RULE failed-attempt

# E21: the file says it has no size; all of it is in the evidence.
check "the firmware's event log is carried whole" /usr/bin/python3 - \
	"$OUT/secure/evidence" "$OUT/secure/firmware-log" <<'PYTHON'
import sys, cbor2
log = cbor2.load(open(sys.argv[1], "rb"))["log-tcg"][1]
assert log and log == open(sys.argv[2], "rb").read()
PYTHON
done_testing
