#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A machine of 300 components and more starts with at most 10 records, which is
# at most 10 extends, and each component can be read by itself.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

# A bridge, and 31 slots of 8 functions behind it.
devices=(--device "pcie-pci-bridge,id=many,addr=6")
for slot in $(seq 1 31); do
	for function in $(seq 0 7); do
		devices+=(--device "$(printf "intel-hda,bus=many,addr=%x.%d,multifunction=on" "$slot" "$function")")
	done
done

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs log)
machine many sha256
story many --timeout 150 "${PROGRAMS[@]}" "${devices[@]}" --tpm "$MACHINE/tpm" \
	--modules "dummy veth nlmon" --in "$MACHINE/challenge.json" <<'STORY'
cd /sys/kernel/security/credence || exit
records=$(grep -c . log_ascii)
items=$(sed -n '/ snapshot /p' log_ascii | grep -o 'item={' | grep -c .)
cards=$(sed -n '/ snapshot /p' log_ascii | grep -o 'vendor_id=8086,device_id=2668' | grep -c .)
echo "$records records, $items items, $cards of the 248 cards"
[ "$records" -le 10 ] && [ "$items" -ge 300 ] && [ "$cards" -eq 248 ] || exit 1
cd /root
echo "@@ log"
test_log
credence attest --quiet -c /in/challenge.json -o /out/evidence
STORY
check "its evidence is admitted" verdict vm-many "$OUT/many/evidence" \
	"$TOP/policies/laboratory.yaml" 0
done_testing
