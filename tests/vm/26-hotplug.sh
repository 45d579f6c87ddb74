#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 1,000 times something is plugged in and out (H18); on other kernels than this
# system's, which share all that matters here, a quarter of that.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
CYCLES=1000
[ -z "${CRD_KERNEL:-}" ] || CYCLES=250
mapfile -t PROGRAMS < <(programs hotplug)
# shellcheck disable=SC2054 # QEMU's arguments have commas
story hotplug "${PROGRAMS[@]}" --timeout 600 \
	--device qemu-xhci,id=x,addr=8 --device usb-kbd,bus=x.0,port=1 \
	--device pcie-root-port,id=filled,chassis=1,slot=1,addr=10 \
	--device e1000,bus=filled \
	--modules "xhci_pci usbhid hid-generic usb-storage dummy_hcd
		libcomposite usb_f_mass_storage usb_f_hid" <<STORY
export CRD_CYCLES=$CYCLES
echo "@@ hotplug"
test_hotplug
grep -q state=ok /sys/kernel/security/credence/status
STORY
done_testing
