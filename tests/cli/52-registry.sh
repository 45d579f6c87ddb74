#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# policy registry check: all that is wrong, with its place; ids against the
# lists that a distribution installs.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry

# Lists of ids as the packages hwdata and ieee-data have them.
mkdir -p ids/usr/share/misc ids/usr/share/hwdata ids/usr/share/ieee-data none
cat > ids/usr/share/misc/pci.ids <<'END'
# comment
10de  NVIDIA Corporation
	0001  a device
19e5  Huawei Technologies Co., Ltd.
8086  Intel Corporation

C 00  Unclassified device
END
printf '03eb  Atmel Corp.\n12d1  Huawei Technologies Co., Ltd.\n' > ids/usr/share/misc/usb.ids
printf 'HWP\tHewlett Packard\nINL\tInnoLux Display\n' > ids/usr/share/hwdata/pnp.ids
printf '00-E0-FC   (hex)\t\tHUAWEI TECHNOLOGIES CO.,LTD\r\n00E0FC     (base 16)\t\tHUAWEI TECHNOLOGIES CO.,LTD\r\n\t\t\t\tShenzhen\r\n\r\n' > ids/usr/share/ieee-data/oui.txt
printf '70-B3-D5   (hex)\t\tACME "M" LTD\r\nF2F000-F2FFFF     (base 16)\t\tACME M LTD\r\n' > ids/usr/share/ieee-data/oui36.txt
printf '08-ED-02   (hex)\t\tD2SLink\r\n300000-3FFFFF     (base 16)\t\tD2SLink\r\n' > ids/usr/share/ieee-data/mam.txt

# A registry of those ids only.
small() {
	mkdir -p "$1" && cp "$REG"/{entities,lists,listings,sources,release}.csv "$1/" &&
		cat > "$1/identifiers.csv"
}
small good <<'END'
scheme,value,entity_id,source,note
oui,00e0fc,huawei,ieee-ra,x
oui,08ed023,intel,ieee-ra,x
oui,70b3d5f2f,intel,ieee-ra,x
oui,"ACME ""M"" LTD",intel,ieee-ra,x
oui,"HUAWEI TECHNOLOGIES CO.,LTD",huawei,ieee-ra,x
pci,19e5,huawei,pci-ids,x
pci,8086,intel,pci-ids,x
pnp,INL,innolux,uefi-pnp-ids,x
usb,12d1,huawei,usb-ids,x
END
reg() { exits "$1" "$C" policy registry check "${@:2}"; }

shipped() { reg 0 "$REG" && prints '^0 errors' && prints '^version [0-9]+ of 20'; }
ok "the registry that ships has no error" shipped
installed() { CREDENCE_DATA_DIR=$REPO reg 0 && prints '^0 errors'; }
ok "without a folder: the installed one" installed
by_option() { reg 0 --registry "$REG" && reg 2 "$REG" --registry "$REG" && says 'either'; }
ok "--registry, or a folder, not both" by_option
digest() {
	reg 0 good --root ids --format json && is_json && sha=$(python3 -c '
import hashlib, struct, sys
h = hashlib.sha256()
for n in "entities identifiers lists listings sources release".split():
    b = open("good/%s.csv" % n, "rb").read()
    h.update(struct.pack(">Q", len(b)) + b)
print(h.hexdigest())') && prints "\"sha256\": \"$sha\""
}
ok "the digest is over the six files" digest
compared() {
	reg 0 good --root ids --format json && is_json && prints '"errors": 0' &&
		prints '"warnings": 3' && prints '"not_compared": ""'
}
ok "ids are compared, blocks that are divided too" compared
not_there() { reg 0 good --root none && says 'not compared with.*pci.ids, usb.ids, pnp.ids, oui.txt'; }
ok "lists that are not installed are named" not_there
quiet() { reg 0 good --root ids --quiet && [ ! -s out ] && [ ! -s err ]; }
ok "--quiet" quiet

# A row more|exit, and pattern of what is said
while IFS='|' read -r row rc pattern; do
	small bad < <(python3 -c '
import csv, sys
lines = open("good/identifiers.csv").read().splitlines() + [sys.argv[1]]
print("\n".join(lines[:1] + sorted(lines[1:], key=lambda x: next(csv.reader([x])))))' "$row")
	told() {
		reg "$rc" bad --root ids && says "$pattern" &&
			reg "$rc" bad --root ids --format json && is_json
	}
	ok "one more row: $row" told
done <<'END'
pci,ffff,intel,pci-ids,x|2|^bad/identifiers.csv:[0-9]+:5: error: 'ffff' is not in pci.ids
usb,0000,intel,usb-ids,x|2|error: '0000' is not in usb.ids
pnp,ZZZ,intel,uefi-pnp-ids,x|2|error: 'ZZZ' is not in pnp.ids
pnp,ZZZ,intel,systemd-acpi-vendors,x|0|warning: 'ZZZ' is not in pnp.ids, nor said to be
oui,00e0fd,intel,ieee-ra,x|2|error: '00e0fd' is not in the IEEE's list
oui,08ed024,intel,ieee-ra,x|2|error: '08ed024' is not
oui,Nobody,intel,ieee-ra,x|2|error: 'Nobody' is not
pci,10de,intel,pci-ids,x|0|warning: pci '10de' is 'NVIDIA Corporation' in pci.ids, not 'Intel
pci,10de,nobody,pci-ids,x|2|:10: error: entity 'nobody' is not in entities.csv
pci,10de,nvidia,no-source,x|2|error: source 'no-source' is not in sources.csv
pci,8086,nvidia,pci-ids,x|2|error: '8086' stands twice
END
all_of_it() {
	cp -r good many && sed -i 's/,pci-ids,/,pic-ids,/; s/,huawei,/,huaway,/' many/identifiers.csv &&
		sed -i 's/^us-ndaa-889,\(.*\),2019-08-13,,/us-ndaa-889,\1,2019-08-13,2019-08-12,/' many/listings.csv &&
		reg 2 many --root none && [ "$(grep -c ': error: ' err)" = \
		$(($(grep -c pic-ids many/identifiers.csv) + $(grep -c huaway many/identifiers.csv) + \
			$(grep -c ',2019-08-12,' many/listings.csv))) ] &&
		says 'listings.csv:.*before the effective date'
}
ok "all errors are told, not only the first" all_of_it
no_file() { mkdir -p lack && cp "$REG"/entities.csv lack && reg 2 lack && says 'lack/identifiers.csv'; }
ok "a file that is not there" no_file
noise() { cp -r good noisy && head -c 5000 /dev/urandom > noisy/lists.csv && reg 2 noisy && ! grep -qP '[\x00-\x08\x0e-\x1f]' err; }
ok "noise, not echoed" noise
wrong_words() {
	exits 2 "$C" policy registry && says 'registry check' && exits 2 "$C" policy registry chk &&
		exits 2 "$C" policy check a b
}
ok "words that are none" wrong_words
tap_end
