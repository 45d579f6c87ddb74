#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A TPM that stops answering, in both modes (I01), and one that is gone.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs fault)
BLOBS=$("$TOP/scripts/vm" unpack firmware-linux-free)/lib/firmware

# The software TPM runs in the guest, behind the kernel's proxy, so that it
# can be stopped without stopping QEMU.
fault() {	# fault MODE
	machine "fault-$1" sha256
	cat "$MACHINE/tpm/tpm2-00.permall" > "$MACHINE/tpm2-00.permall"
	story "fault-$1" "${PROGRAMS[@]}" --tpm none --no-measurer \
		--program /usr/bin/swtpm \
		--modules "tpm_vtpm_proxy dummy veth test_firmware" \
		--in "$BLOBS/carl9170-1.fw=/lib/firmware/carl9170-1.fw" \
		--in "$MACHINE/tpm2-00.permall=/tpm/tpm2-00.permall" \
		--in "$MACHINE/challenge.json" <<-STORY
		modprobe -a tpm_vtpm_proxy test_firmware || exit
		swtpm chardev --vtpm-proxy --tpm2 --tpmstate dir=/tpm &
		export CRD_SWTPM=\$! CRD_FAIL=$1
		for _ in \$(seq 100); do
			[ -e /sys/class/tpm/tpm0/pcr-sha256/13 ] && break
			sleep 0.1
		done
		insmod /credence.ko fail=$1 extend_timeout=6000 || exit
		echo "@@ fault"
		test_fault
		credence attest --quiet --tcti device:/dev/tpm0 \\
			-c /in/challenge.json -o /out/evidence
		rc=\$?
		exit \$rc
	STORY
	check "evidence after a fault in mode $1 is refused" \
		verdict "vm-fault-$1" "$OUT/fault-$1/evidence" \
		"$TOP/policies/laboratory.yaml" 3 LOG_GAP
}

fault open
fault closed

story tpm-gone --modules "dummy veth" <<'STORY'
modprobe dummy || exit
host tpm-kill || exit
modprobe veth || { echo "fail=open must let it load"; exit 1; }
grep -q state=failed /sys/kernel/security/credence/status
STORY
done_testing
