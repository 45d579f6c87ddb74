#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sleep: to idle and to RAM, with the TPM's restarts told and the verdict
# unchanged (I04, P09); hibernation and kexec, which are refused.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
check "test modules build" test_modules
mapfile -t PROGRAMS < <(programs sleep)
BLOBS=$("$TOP/scripts/vm" unpack firmware-linux-free)/lib/firmware
FIRMWARE="$BLOBS/carl9170-1.fw=/lib/firmware/carl9170-1.fw"

machine sleep sha256
story sleep "${PROGRAMS[@]}" --tpm "$MACHINE/tpm" --modules "dummy veth" \
	--in "$FIRMWARE" --in "$TEST_MODULES/crd_pm_fw.ko" \
	--in "$MACHINE/challenge.json" --timeout 150 <<'STORY'
modprobe veth || exit
credence attest --quiet -c /in/challenge.json -o /out/before || exit
echo 1 > /sys/module/suspend/parameters/pm_test_delay
echo "@@ sleep"
test_sleep
cat /sys/kernel/security/credence/status
credence attest --quiet -c /in/challenge.json -o /out/after
STORY
check "before sleep: admitted" \
	verdict vm-sleep-before "$OUT/sleep/before" "$TOP/tests/bench/plain.yaml" 0
check "after sleep: admitted" \
	verdict vm-sleep-after "$OUT/sleep/after" "$TOP/tests/bench/plain.yaml" 0

# kexec: the TPM is not reset, so the second kernel's anchor finds the first's
# measurements in the PCR. The second boot is the same story again.
machine kexec sha256
KEXEC=$O/kselftest/kexec
check "a program for kexec" \
	gcc -Wall -Wextra -O1 -D_GNU_SOURCE -o "$KEXEC" "$TOP/tests/kselftest/kexec.c"
read -r RELEASE FOLDER <<< "$("$TOP/scripts/vm" kernel)"
story kexec --tpm "$MACHINE/tpm" --modules dummy --memory 2048 \
	--timeout 200 --program "$KEXEC" \
	--in "$FOLDER/boot/vmlinuz-$RELEASE=/in/vmlinuz" \
	--in "$MACHINE/challenge.json" <<'STORY'
if grep -q crd_second /proc/cmdline; then
	credence attest --quiet -c /in/challenge.json -o /out/second
	exit
fi
credence attest --quiet -c /in/challenge.json -o /out/first || exit
(cd / && find . -xdev ! -path './tmp/*' | cpio -o -H newc > /tmp/initrd) || exit
kexec /in/vmlinuz /tmp/initrd "$(cat /proc/cmdline) crd_second"
STORY
check "before kexec: admitted" \
	verdict vm-kexec-first "$OUT/kexec/first" "$TOP/tests/bench/plain.yaml" 0
check "after kexec: refused, the PCR was not at its start" \
	verdict vm-kexec-second "$OUT/kexec/second" \
	"$TOP/tests/bench/plain.yaml" 3 LOG_GAP pcr-found

# Hibernation: the first run ends with the image on disk, the second, with the
# TPM started anew, wakes it up.
machine hibernation sha256
DISK=$OUT/hibernation.disk
# hibernate: ends without a word from the story, and with an image on the disk,
# where the first page says of what kind it is.
hibernate() {
	rm -f "$DISK"
	truncate -s 1G "$DISK" && chmod 600 "$DISK" &&
		mkswap "$DISK" > /dev/null 2>&1 &&
		expect_status 125 "$TOP/scripts/vm" run "$@" \
			"$OUT/hibernate.story" &&
		[ "$(dd if="$DISK" bs=1 skip=4086 count=9 2> /dev/null)" = S1SUSPEND ]
}
cat > "$OUT/hibernate.story" <<'STORY'
credence attest --quiet -c /in/challenge.json -o /out/before || exit
swapon /dev/vda || exit
echo shutdown > /sys/power/disk
echo disk > /sys/power/state || exit
cat /sys/kernel/security/credence/status
credence attest --quiet -c /in/challenge.json -o /out/after
STORY
# shellcheck disable=SC2054 # QEMU's arguments have commas
DISK_ARGS=(--qemu -drive --qemu "if=none,id=swap,format=raw,file=$DISK"
	--device virtio-blk-pci,drive=swap)
check "hibernate" hibernate --tpm "$MACHINE/tpm" --before "virtio_pci virtio_blk" \
	--in "$MACHINE/challenge.json" --timeout 100 "${DISK_ARGS[@]}"
story hibernation --tpm "$MACHINE/tpm" --no-measurer --before "virtio_pci virtio_blk" \
	--modules dummy --timeout 100 "${DISK_ARGS[@]}" <<'STORY'
cat /sys/block/vda/dev > /sys/power/resume
echo "it did not wake up"
exit 1
STORY
check "before hibernation: admitted" \
	verdict vm-hibernation-before "$OUT/hibernation/before" \
	"$TOP/tests/bench/plain.yaml" 0
check "after hibernation: refused" \
	verdict vm-hibernation-after "$OUT/hibernation/after" \
	"$TOP/tests/bench/plain.yaml" 3 PCR_MISMATCH
done_testing
