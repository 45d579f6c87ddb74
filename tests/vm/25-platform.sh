#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The platform in the start of the log, against what the kernel shows of it: a
# machine of a maker whom we make up, texts that are hostile, tables that are
# broken or too large, a start by EFI. The maker is QEMU's -smbios, -acpitable.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs platform)

PARTS=$OUT/platform-parts
rm -rf "$PARTS"
mkdir -p "$PARTS"

# The TPM as its own tools see it, before the machine is started.
tpm_properties() {
	"$TOP/scripts/vm" tpm "$PARTS/tpm" &&
		"$TOP/scripts/vm" host "$PARTS/tpm" tpm2_getcap \
			properties-fixed > "$PARTS/tpm.yaml" &&
		grep -q TPM2_PT_FIRMWARE_VERSION_2 "$PARTS/tpm.yaml"
}
check "a TPM, and what it says of itself" tpm_properties
COMMON=("${PROGRAMS[@]}" --tpm "$PARTS/tpm" --in "$PARTS/tpm.yaml")

# Each adds QEMU arguments for structures, or tables, to MACHINE_IS.
smbios() {
	local arg
	for arg; do MACHINE_IS+=(--qemu -smbios --qemu "$arg"); done
}
acpi() {
	local arg
	for arg; do MACHINE_IS+=(--qemu -acpitable --qemu "$arg"); done
}

# --- a maker of our own ------------------------------------------------------

# An empty SSDT but for one name, so that the kernel takes it in.
printf '\x08CRDX\x01' > "$PARTS/name.aml"
MACHINE_IS=()
smbios "type=0,vendor=Tropos,version=4.2,date=02/03/2026,release=4.2" \
	"type=1,manufacturer=Tropos,product=Gate-9,version=C,serial=S1,sku=K,family=F" \
	"type=2,manufacturer=Tropos-Boards,product=B7,serial=S2,asset=A,location=L" \
	"type=3,manufacturer=Tropos-Cases,version=1,serial=S3" \
	"type=4,sock_pfx=Socket,manufacturer=Silicon-Reef,version=Reef-8" \
	"type=11,value=first,value=second" \
	"type=17,loc_pfx=DIMM,manufacturer=Memory-Isle,serial=S4,part=P4"
acpi "sig=SSDT,rev=2,oem_id=TROPOS,oem_table_id=GATE9,oem_rev=7,asl_compiler_id=REEF,asl_compiler_rev=8,data=$PARTS/name.aml" \
	"sig=TRPS,rev=1,oem_id=TROPOS,oem_table_id=GATE9,oem_rev=7,data=$PARTS/name.aml"
# The second processor has other microcode.
story maker "${COMMON[@]}" "${MACHINE_IS[@]}" --smp 1,maxcpus=2,sockets=2 \
	--device max-x86_64-cpu,socket-id=1,core-id=0,thread-id=0,ucode-rev=0x1000066 \
	<<'STORY'
export CRD_NO_ESRT="not started by EFI"
log=/sys/kernel/security/credence/log_ascii
for text in Tropos Gate-9 Tropos-Boards Tropos-Cases Silicon-Reef Reef-8 \
	first second Memory-Isle; do
	grep -q "string=$text[,}]" $log || { echo "no $text"; exit 1; }
done
grep -q 'name=TRPS,.*oem_id=TROPOS,oem_table_id=GATE9,oem_revision=7' $log || exit
grep -q 'count=1,.*microcode=01000065}.*count=1,.*microcode=01000066}' $log ||
	{ echo "microcode is not told apart"; exit 1; }
test_platform
STORY

# --- hostile texts -----------------------------------------------------------

# What ends a string, a line or a field elsewhere; colours; not UTF-8, and
# surrogates; an escape of our own; one text longer than a field may be (of a
# processor: the kernel itself warns of a system's name that is so long).
BAD=$'a"b\'c\n\r\t\x1b[31m;$(id)`id`|\\x41\\}=item{\xff\xfe\xed\xa0\x80\xc3(\xe2\x80\xae'
LONG=$(printf '%02000d' 0)$'\xff'$(printf '%02000d' 1)
EDGE=$(printf '%01023d' 0)$'\xc3\xa9'
python3 - "$PARTS" <<'PYTHON'
import sys
def put(name, data):
    open(f"{sys.argv[1]}/{name}", "wb").write(data)
# more strings than a record may hold; strings behind an empty one; none
put("strings.bin", b"\x2b\x05\x00\x43\x46" + b"".join(
    b"s%d\x1b\xff\0" % i for i in range(200)) + b"\0")
put("hidden.bin", b"\x29\x04\x01\x43" + b"\0behind an empty one\0\0")
put("bare.bin", b"\x09\xff\x02\x43" + bytes(251) + b"\0\0")
# the kernel can find nothing behind this one
put("short.bin", b"\x10\x03\x03\x43\0\0")
PYTHON
MACHINE_IS=()
smbios "type=1,manufacturer=$BAD,product=$BAD,serial= " \
	"type=2,manufacturer=$BAD,product=$BAD" "type=11,value=$BAD" \
	"type=4,manufacturer=$LONG,version=$EDGE,serial=$BAD" \
	"file=$PARTS/strings.bin" "file=$PARTS/hidden.bin" "file=$PARTS/bare.bin"
acpi "sig=E\"\\L,rev=255,oem_id="$'\xff"\\\n',"oem_table_id="$'\x1b[2J\x80\xc3',"oem_rev=4294967295,asl_compiler_id="$'\n\r\x01',"asl_compiler_rev=4294967295,data=$PARTS/strings.bin"
story hostile "${COMMON[@]}" "${MACHINE_IS[@]}" <<'STORY'
export CRD_NO_ESRT="not started by EFI"
log=/sys/kernel/security/credence/log_ascii
grep -q 'string=,string=behind' $log || { echo "a string is hidden"; exit 1; }
grep -q 'string=s63' $log || exit
grep -q 'string=s64' $log && exit 1
test_platform
STORY

# --- broken and too large ----------------------------------------------------

MACHINE_IS=()
smbios "file=$PARTS/hidden.bin" "file=$PARTS/short.bin"
story broken "${COMMON[@]}" "${MACHINE_IS[@]}" --no-measurer <<'STORY'
export CRD_NO_ESRT="not started by EFI"
echo 0 > /sys/devices/system/cpu/cpu1/online || exit
insmod /credence.ko || exit
grep -q 'not_seen=cpu:\\x201\\x20processors' /sys/kernel/security/credence/log_ascii || {
	echo "nothing said of a processor that is off"
	exit 1
}
dmesg | grep -q 'Corrupted DMI table' || { echo "it is not broken"; exit 1; }
test_platform
STORY

# One structure a file, as the entry point counts them so.
many_structures() {
	python3 - "$PARTS" "$1" <<'PYTHON'
import sys
for i in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}/slot{i}", "wb") as f:
        f.write(b"\x09\x05" + (0x5000 + i).to_bytes(2, "little") + b"\x01"
                + b"slot %d\0\0" % i)
PYTHON
	MACHINE_IS=()
	local i
	for ((i = 0; i < $1; i++)); do smbios "file=$PARTS/slot$i"; done
}
many_structures 700
story many "${COMMON[@]}" "${MACHINE_IS[@]}" <<'STORY'
export CRD_LEFT_OUT=1 CRD_NO_ESRT="not started by EFI"
test_platform
STORY

# --- tables that come at run time --------------------------------------------

check "test modules build" test_modules
story late "${COMMON[@]}" --no-measurer \
	--in "$TEST_MODULES/crd_load_table.ko" <<'STORY'
export CRD_NO_ESRT="not started by EFI"
load=/sys/module/crd_load_table/parameters/load
log=/sys/kernel/security/credence/log_ascii
tables=/sys/firmware/acpi/tables/dynamic
insmod /in/crd_load_table.ko && echo 1 > $load && echo 2 > $load || exit
[ "$(ls $tables | wc -l)" -eq 2 ] || exit
insmod /credence.ko || exit
grep -q 'seen=acpi:.*and\\x20each\\x20that\\x20will\\x20be' $log ||
	{ echo "not hooked"; exit 1; }
test_platform
# A record of its own, which is the file that sysfs shows afterwards.
records=$(wc -l < $log)
echo 3 > $load || exit
[ "$(wc -l < $log)" -eq $((records + 1)) ] || { tail -n 2 $log; exit 1; }
digest=$(sha256sum $tables/SSDT3 | cut -d ' ' -f 1)
tail -n 1 $log | grep " platform .*name=SSDT .*digest=sha256:$digest" |
	grep 'oem_id=LATE\\x22\\x0a .*oem_revision=3 .*dynamic=1' ||
	{ tail -n 1 $log; exit 1; }
STORY

# --- a start by EFI ----------------------------------------------------------

# OVMF has no ESRT, which the log says.
story efi "${COMMON[@]}" --secure-boot <<'STORY'
export CRD_NO_ESRT="the firmware has no such table"
test_platform
STORY

# One that has. The test compares its entries to what the kernel shows of them.
efi_program() {	# efi_program SOURCE TO
	gcc -O2 -Wall -Wextra -Werror -fpic -ffreestanding -fno-stack-protector \
		-fshort-wchar -mno-red-zone -I /usr/include/efi \
		-I /usr/include/efi/x86_64 -c -o "$2.o" "$1" &&
		ld -nostdlib -shared -Bsymbolic -znocombreloc \
			-T /usr/lib/elf_x86_64_efi.lds -o "$2.so" \
			/usr/lib/crt0-efi-x86_64.o "$2.o" -L /usr/lib -lefi -lgnuefi &&
		objcopy -j .text -j .sdata -j .data -j .dynamic -j .dynsym \
			-j '.rel*' -j '.rela*' --target efi-app-x86_64 "$2.so" "$2"
}
check "an EFI program that leaves an ESRT" \
	efi_program "$TOP/tests/vm/esrt.c" "$PARTS/esrt.efi"
story esrt "${COMMON[@]}" --secure-boot --efi-program "$PARTS/esrt.efi" <<'STORY'
log=/sys/kernel/security/credence/log_ascii
[ "$(ls /sys/firmware/efi/esrt/entries | wc -l)" -eq 3 ] ||
	{ echo "the kernel has no table"; exit 1; }
grep -q 'seen=esrt:\\x203\\x20firmware\\x20resources' $log || exit
test_platform
STORY
done_testing
