#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Devices: the snapshot and every record against sysfs; hotplug by QEMU and by
# the kernel's loop-back controller; usbcore that comes, leaves and comes back.
# Kernels: host stock debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs devices)

# shellcheck disable=SC2054 # QEMU's arguments have commas
# What is plugged in when: a keyboard and a card from the beginning.
HARDWARE=(
	--device qemu-xhci,id=x,addr=8 --device usb-kbd,bus=x.0,port=1
	--device pcie-root-port,id=filled,chassis=1,slot=1,addr=10
	--device e1000,bus=filled
	--device pcie-root-port,id=empty,chassis=2,slot=2,addr=11
	--device pcie-root-port,id=disk,chassis=3,slot=3,addr=12
	--device nvme-subsys,id=disks
	--device nvme,serial=disk,bus=disk,subsys=disks,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2
)
USB="xhci_pci usbhid hid-generic usb-storage dummy_hcd libcomposite
	usb_f_mass_storage usb_f_hid gadgetfs e1000 nvme"

story devices "${PROGRAMS[@]}" "${HARDWARE[@]}" --modules "$USB" \
	--timeout 400 <<'STORY'
echo "@@ devices"
test_devices
STORY

done_testing
