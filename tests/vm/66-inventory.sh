#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the measurer saw of a machine and what the machine says of itself: on a
# good one they agree, and a thing done behind the log's back shows.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

story inventory --modules "e1000e xhci-pci usbhid usb-storage dummy" \
	--in "$TOP/policies/registry" \
	--device qemu-xhci,id=x --device usb-tablet --device usb-kbd \
	--device usb-hub --device e1000e \
	--device pcie-root-port,id=rp1,chassis=1,slot=1 \
	--device virtio-rng-pci,bus=rp1 <<'STORY'
for m in e1000e xhci-pci usbhid usb-storage; do modprobe $m; done
# what is on the bus comes by itself, and takes its time
for i in $(seq 100); do
	[ -e /sys/bus/usb/devices/1-3:1.0/driver ] && break
	sleep 0.1
done
inventory() { credence inventory --registry /in/registry "$@"; }
inventory > /out/both.txt 2> /out/both.err || exit 1
inventory --format json > /out/both.json || exit 1
# a log that ends before a module came: as if that had been kept out of it
cp /sys/kernel/security/credence/log /out/log
mkdir -p /fake/sys/kernel/security/credence /fake/usr
for d in bus devices module firmware class; do ln -s /sys/$d /fake/sys/$d; done
ln -s /proc /fake/proc
ln -s /lib /fake/lib
cp /out/log /fake/sys/kernel/security/credence/log
modprobe dummy
echo 1 > /sys/bus/pci/devices/0000:00:03.0/remove
inventory --root /fake > /out/behind.txt || exit 1
inventory > /out/after.txt || exit 1
rm -rf /fake/sys/kernel
inventory --root /fake > /out/self.txt || exit 1
STORY

V=$OUT/inventory
says() { grep -q -- "$2" "$V/$1"; }
silent() { ! grep -q -- "$2" "$V/$1"; }
no_contradictions() {
	! grep -A 20 CONTRADICTIONS "$V/both.txt" && [ ! -s "$V/both.err" ]
}
check "a good machine: its log and its own word agree" no_contradictions
check "the same in JSON" says both.json '"contradictions": \[\]'
check "the log is the source" says both.json "\"source\": \"measurer's log\""
check "PCI: a network card with its driver" says both.txt 'driver e1000e, signature verified'
check "USB: an interface of a device" says both.txt '1-2:1.0 USB keyboard'
check "the platform" says both.txt 'SMBIOS system'
check "what was not seen" says both.txt 'NOT SEEN'
check "a module behind the log's back" says behind.txt \
	'driver dummy: the log says: it was never seen'
check "a device gone behind its back" says behind.txt \
	'network card 0000:00:03.0: the log says: it is there'
check "with the whole log there is nothing behind it" silent after.txt CONTRADICTIONS
check "without the measurer: self-reported" says self.txt 'self-reported'
check "and nothing of it measured" silent self.txt ' measured$'
done_testing
