#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Firmware in every way in which a driver can get it (case H15 of the attacks),
# from test_firmware and from a real driver; modules that the kernel unpacks;
# other ways into the kernel.
# Kernels: host stock debug race
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
check "test modules build" test_modules

BLOBS=$("$TOP/scripts/vm" unpack firmware-linux-free)/lib/firmware
PLAIN=$TEST_MODULES/crd_plain.ko
read -r RELEASE IMAGE <<< "$("$TOP/scripts/vm" kernel)"

# What the kernel's own decompressors take.
pack() {
	xz -c --check=crc32 "$1" > "$2.xz"
	zstd -qcf "$1" > "$2.zst"
	gzip -cn "$1" > "$2.gz"
}
check "firmware and a module are packed" pack "$BLOBS/carl9170-1.fw" "$OUT/fw"
check "a module is packed" pack "$PLAIN" "$OUT/crd_plain.ko"

# By a key that no kernel knows; the hash is what counts.
sign() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=nobody -days 2 \
		-keyout "$OUT/nobody.key" -out "$OUT/nobody.pem" &&
		"$("$TOP/scripts/newest-headers")/scripts/sign-file" sha512 \
			"$OUT/nobody.key" "$OUT/nobody.pem" "$1" "$2"
}
check "a module is signed by SHA-512" sign "$PLAIN" "$OUT/crd_sha512.ko"
mapfile -t PROGRAMS < <(programs firmware packed activity)

story firmware "${PROGRAMS[@]}" --timeout 300 \
	--modules "crypto-sha512 test_firmware dummy_hcd libcomposite usb_f_ecm usbduxfast" \
	--in "$BLOBS/carl9170-1.fw=/lib/firmware/carl9170-1.fw" \
	--in "$BLOBS/usbduxfast_firmware.bin=/lib/firmware/usbduxfast_firmware.bin" \
	--in "$OUT/fw.xz=/lib/firmware/packed.fw.xz" \
	--in "$OUT/fw.zst=/lib/firmware/packed2.fw.zst" \
	--in "$OUT/crd_plain.ko.xz" --in "$OUT/crd_plain.ko.zst" \
	--in "$OUT/crd_plain.ko.gz" --in "$PLAIN" \
	--in "$OUT/crd_sha512.ko" --in "$TEST_MODULES/crd_take_hook.ko" \
	--in "$TEST_MODULES/crd_livepatch.ko" \
	--in "$IMAGE/boot/vmlinuz-$RELEASE=/in/vmlinuz" \
	--in "$TOP/tests/vm/gadget.sh" <<'STORY'
for t in activity firmware packed; do
	echo "@@ $t"
	test_$t
done
cp /sys/kernel/security/credence/log_ascii /out/log
STORY
done_testing
