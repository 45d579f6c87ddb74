# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# In the guest: plug in a USB device with any ids, by the kernel's own gadget
# drivers and their loop-back host controller. Its real driver then binds and
# asks for its real firmware.
# usage: sh gadget.sh VENDOR PRODUCT        (four hex digits each)
set -eu
modprobe -a dummy_hcd libcomposite usb_f_ecm
[ -d /sys/kernel/config/usb_gadget ] ||
	mount -t configfs config /sys/kernel/config
G=/sys/kernel/config/usb_gadget/plugged
mkdir "$G"
echo "0x$1" > "$G/idVendor"
echo "0x$2" > "$G/idProduct"
mkdir -p "$G/configs/c.1" "$G/functions/ecm.0"
ln -s "$G/functions/ecm.0" "$G/configs/c.1"
ls /sys/class/udc > "$G/UDC"
# Drivers bind in the kernel's own time: until all is quiet.
for _ in $(seq 50); do
	[ -e /sys/bus/usb/devices/1-1:1.1 ] && break
	sleep 0.1
done
sleep 0.5
