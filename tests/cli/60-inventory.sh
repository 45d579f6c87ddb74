#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# inventory: from a log, from evidence, and from what a machine says of itself.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
swtpm_start sha256 && measured sha256 && attested a || exit 1
LOG=$ROOT/sys/kernel/security/credence/log
inv() { exits "$1" "$C" inventory --registry "$REG" "${@:2}"; }

from_log() { inv 0 --log "$LOG" && prints e1000e && prints carl9170-1.fw && [ ! -s err ]; }
ok "from a log" from_log
from_root() { cp out log.out && inv 0 --root "$ROOT" && cmp out log.out; }
ok "from this machine's log" from_root
from_evidence() { inv 0 --evidence a.ev && cmp out log.out; }
ok "from evidence" from_evidence
from_stdin() { "$C" inventory --registry "$REG" --log - < "$LOG" > out && cmp out log.out; }
ok "from standard input" from_stdin
json() { inv 0 --log "$LOG" --format json && is_json && prints '"virtio_net"' && ! grep -q '"lost"' out; }
ok "--format json" json
no_registry() { exits 0 "$C" inventory --log "$LOG" && says 'vendors stay unknown'; }
CREDENCE_DATA_DIR=$WORK ok "no registry: told, and listed all the same" no_registry
env_registry() { CREDENCE_DATA_DIR=$REPO exits 0 "$C" inventory --log "$LOG" && cmp out log.out; }
ok "CREDENCE_DATA_DIR" env_registry
given_registry() { exits 2 "$C" inventory --log "$LOG" --registry none; }
ok "a registry that was named must be there" given_registry

# Bad logs: 5, whatever is wrong; and nothing is shown as if it were good.
for bad in cut tail-byte length-huge field-many text-control magic; do
	bad_log() {
		python3 "$REPO/tests/lib/mklog.py" -c "$bad" -o bad.log &&
			inv 5 --log bad.log && [ ! -s out ] &&
			inv 5 --log bad.log --format json && is_json && prints '"exit": 5'
	}
	ok "bad log: $bad" bad_log
done
noise() { head -c 3000 /dev/urandom > noise && inv 5 --log noise; }
ok "bad log: noise" noise
empty() { : > nothing && inv 5 --log nothing; }
ok "bad log: empty" empty
bad_evidence() { inv 5 --evidence noise && says 'byte [0-9]+'; }
ok "bad evidence" bad_evidence
long() { truncate -s 40M long && inv 2 --log long && says 'longer than'; }
ok "a log over the limit" long

# The filters, and what they do not know.
only() { inv 0 --log "$LOG" --kind driver && prints e1000e && ! prints carl9170; }
ok "--kind driver: no firmware" only
images() { inv 0 --log "$LOG" --kind firmware && prints carl9170-1.fw && ! prints e1000e; }
ok "--kind firmware: no drivers" images
json_filter() {
	inv 0 --log "$LOG" --kind firmware --format json && is_json &&
		prints '"kind": "firmware"' && ! prints '"kind": "driver"'
}
ok "filters hold for JSON too" json_filter
for bad in "--bus isa" "--kind drivers" "--class net" "--vendor nobody"; do
	unknown() {
		# shellcheck disable=SC2086 # an option and its value
		inv 2 --log "$LOG" $bad && says "'${bad#* }'" && [ ! -s out ]
	}
	ok "a filter that is none: $bad" unknown
done

# A machine without the measurer: its own word, and labelled so.
attr() { mkdir -p "fake/$(dirname "$1")" && printf '%b' "$2" > "fake/$1"; }
device() { # BUS WHERE UEVENT
	attr "sys/devices/$2/uevent" "$3"
	mkdir -p "fake/sys/bus/$1/devices"
	ln -sfn "../../../devices/$2" "fake/sys/bus/$1/devices/${2##*/}"
}
fake() {
	R=$(uname -r)
	rm -rf fake
	attr proc/modules 'tiny 16384 0 - Live 0x0000000000000000 (POE)\n'
	attr sys/module/tiny/version '1.2\033[31m\n'
	attr "lib/modules/$R/modules.dep" 'kernel/tiny.ko:\n'
	mkdir -p "fake/lib/modules/$R/kernel"
	printf 'int x;' | gcc -xc -c -o tiny.o - &&
		printf 'author=Huawei Technologies CO., Ltd\0license=Proprietary\0' > info &&
		objcopy --add-section .modinfo=info tiny.o "fake/lib/modules/$R/kernel/tiny.ko"
	device pci pci0000:00/0000:00:02.0 \
		'DRIVER=tiny\nPCI_CLASS=20000\nPCI_ID=19E5:1822\nPCI_SUBSYS_ID=19E5:0001\n'
	attr sys/devices/pci0000:00/0000:00:02.0/revision '0x45\n'
	mkdir -p fake/sys/bus/pci/drivers/tiny
	ln -sfn ../../../../module/tiny fake/sys/bus/pci/drivers/tiny/module
	device usb pci0000:00/0000:00:03.0/usb1 'DRIVER=usb\nPRODUCT=1d6b/2/601\nTYPE=9/0/1\n'
	device usb pci0000:00/0000:00:03.0/usb1/1-1 'PRODUCT=46d/c31c/6400\nTYPE=0/0/0\n'
	attr sys/devices/pci0000:00/0000:00:03.0/usb1/1-1/product 'Stick "\033[2J\377\n'
	attr sys/firmware/dmi/tables/DMI '\001\006\000\001\001\002Maker\0Model\0\0'
	attr usr/share/misc/pci.ids '19e5  Huawei\n\t1822  Hi1822 \033[1m\n'
}
fake
self() {
	inv 0 --root "$WORK/fake" && says 'self-reported' && prints 'self-reported' &&
		prints 'driver tiny, signature none, by huawei' && prints 'Hi1822' &&
		prints 'on lists: ' && prints '"Maker" "Model"' && prints 'NOT SEEN' &&
		! grep -q $'\x1b' out err
}
ok "without the measurer: labelled, with what was lost" self
narrow() { ! grep -E '^.{81}' out; }
ok "no line is wider than a terminal" narrow
self_json() {
	inv 0 --root "$WORK/fake" --format json && is_json && prints '"lost"' &&
		prints '"source": "self-reported"' && prints '"id": "19e5:1822"' &&
		prints '"huawei' && prints 'Huawei Technologies CO., Ltd' &&
		prints '"not_seen"'
}
ok "the same as JSON, vendors by id and by author" self_json
listed() { inv 0 --root "$WORK/fake" --listed && prints 0000:00:02.0 && ! prints usb1; }
ok "--listed" listed
as_of() {
	inv 0 --root "$WORK/fake" --as-of 2018-01-01 && prints 'Lists as of 2018-01-01' &&
		! prints us-ndaa-889 && inv 0 --root "$WORK/fake" --as-of 2019-08-12 &&
		! prints us-ndaa-889 && inv 0 --root "$WORK/fake" --as-of 2019-08-13 &&
		prints us-ndaa-889 &&
		inv 0 --root "$WORK/fake" --as-of 2018-01-01 --format json && is_json &&
		prints '"as_of": "2018-01-01"'
}
ok "--as-of: the lists of that day" as_of
unsigned() { inv 0 --root "$WORK/fake" --unsigned && prints tiny && ! prints usb1; }
ok "--unsigned" unsigned
by_vendor() { inv 0 --root "$WORK/fake" --vendor 19e5 --bus pci && prints 0000:00:02.0 && ! prints 1-1; }
ok "--vendor and --bus" by_vendor
quiet() { inv 0 --root "$WORK/fake" --quiet && [ ! -s err ] && prints self-reported; }
ok "--quiet: no message, still labelled" quiet

# Both: the log counts, and contradictions are shown.
both() {
	mkdir -p fake/sys/kernel/security/credence && cp "$LOG" fake/sys/kernel/security/credence/log &&
		inv 0 --root "$WORK/fake" && prints CONTRADICTIONS &&
		prints 'driver tiny: the log says: it was never seen' && prints e1000e
}
ok "a driver that the log has not: a contradiction" both
both_json() {
	inv 0 --root "$WORK/fake" --format json && is_json && prints '"driver tiny"' &&
		prints "\"source\": \"measurer's log\"" && ! prints '"lost"'
}
ok "the same as JSON" both_json
no_sides() { inv 0 --log "$LOG" --root "$WORK/fake" && ! prints CONTRADICTIONS; }
ok "a log from elsewhere is not compared with this machine" no_sides
rm -rf fake/sys/kernel

# Never past byte 64 of configuration space: here it is not read at all.
space() {
	attr sys/devices/pci0000:00/0000:00:02.0/config "$(printf 'x%.0s' {1..256})"
	strace -f -e trace=openat,read,pread64 -o trace "$CREDENCE" inventory \
		--registry "$REG" --root "$WORK/fake" > out 2> err &&
		grep -q uevent trace && ! grep -q '/config"\|"config"' trace
}
ok "PCI configuration space is left alone" space

# Nobody who writes files below --root can hang or break it.
loops() {
	fake
	ln -sfn 0000:00:09.0 fake/sys/bus/pci/devices/0000:00:09.0
	ln -sfn ../../../devices/gone fake/sys/bus/pci/devices/0000:00:0a.0
	mkfifo fake/sys/devices/pci0000:00/0000:00:02.0/removable
	ln -sfn /dev/zero fake/sys/devices/pci0000:00/0000:00:03.0/usb1/1-1/serial
	ln -sfn /dev/zero fake/proc/cpuinfo
	head -c 500 /dev/urandom > fake/sys/firmware/dmi/tables/DMI
	head -c 5000 /dev/urandom > fake/usr/share/misc/pci.ids
	timeout 60 "$C" inventory --registry "$REG" --root "$WORK/fake" > out 2> err &&
		prints 'pci: 2 devices that cannot be read' && prints 'cpu: ' &&
		! grep -q $'\x1b' out err
}
ok "links that lead nowhere, pipes, files without end" loops
nothing() { inv 1 --root "$WORK/void" && says '/proc/modules' && [ ! -s out ]; }
ok "neither log nor machine: a failure" nothing
hostile() {
	fake
	printf '../../x 1 0\n' > fake/proc/modules
	inv 0 --root "$WORK/fake" && prints '1 lines of /proc/modules' && ! prints '\.\./x'
}
ok "a name that leads elsewhere is not followed" hostile
tap_end
