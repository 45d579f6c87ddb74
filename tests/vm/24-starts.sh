#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Starts again and again, in one boot, with all devices in motion (H20): each
# device is in the snapshot or in a record of its own.
# Kernels: host stock-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs starts)

# A keyboard and a card, both to be taken out and put in again.
story starts "${PROGRAMS[@]}" --device "qemu-xhci,id=x,addr=8" \
	--device "usb-kbd,bus=x.0,port=1" \
	--device "pcie-root-port,id=filled,chassis=1,slot=1,addr=10" \
	--device "e1000,bus=filled" \
	--modules "xhci_pci usbhid hid-generic e1000" \
	--no-measurer --timeout 600 <<'STORY'
echo "@@ starts"
test_starts
STORY
done_testing
