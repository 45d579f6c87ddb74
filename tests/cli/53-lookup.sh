#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# policy lookup: what is known, on what grounds, on which day; what is not.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
mkdir -p ids/usr/share/misc ids/usr/share/ieee-data none
printf '0bad  Not Known Here\n19e5  Huawei Technologies Co., Ltd.\n' > ids/usr/share/misc/pci.ids
printf 'F8-BC-12   (hex)\t\tDell Inc.\r\nF8BC12     (base 16)\t\tDell Inc.\r\n' > ids/usr/share/ieee-data/oui.txt
look() { exits "$1" "$C" policy lookup --registry "$REG" --root ids "${@:2}"; }

# what is asked|who that is
while IFS='|' read -r what entity; do
	found() {
		look 0 "$what" && prints " is " && look 0 "$what" --format json && is_json &&
			prints "\"entity\": \"$entity\"" && prints '"known": true' &&
			prints '"place": "entities.csv:[0-9]+"'
	}
	ok "$what" found
done <<'END'
pci:19e5|huawei
pci:0x19E5|huawei
usb:12d1|huawei
pnp:inl|innolux
oui:00:E0:FC:12:34:56|huawei
oui:00e0fc|huawei
oui:Dell Inc.|dell
oui:f8:bc:12:00:00:01|dell
jedec:1:ce|samsung-electronics
jedec:80CE000080CE|samsung-electronics
tpm:INTC|intel
tpm:494E5443|intel
cpuid:AuthenticAMD|amd
smbios:Dell Inc.|dell
Dell Inc.|dell
HUAWEI|huawei
smbios17:80CE000080CE|samsung-electronics
author:Huawei Technologies CO., Ltd|huawei
author:Intel Corporation <linux.nics@intel.com>|intel
modsigner:Intel|intel
firmware:iwlwifi-cc-a0-72.ucode|intel
entity:huawei|huawei
END
while IFS='|' read -r what says; do
	unknown() {
		look 7 "$what" && prints "is unknown.*$says" && look 7 "$what" --format json && is_json &&
			prints '"known": false' && ! prints '"entities"' && look 7 "$what" --quiet && [ ! -s out ]
	}
	ok "unknown: $what" unknown
done <<'END'
pci:0001|nothing of it
pci:0bad|nothing of it
oui:00:00:00:00:00:00|
firmware:carl9170-1.fw|
smbios:To Be Filled By O.E.M.|
smbios:No Such Maker At All|
jedec:99:ce|
entity:huaway|
list:us-ndaa-888|
author:Nobody|
END
while read -r what; do
	wrong() { look 2 "$what" && [ ! -s out ] && look 2 "$what" --format json && is_json; }
	ok "no question: $what" wrong
done <<'END'
19e5
pci:
pci:19e
pci:19e55
pci:xxxx
vendor:19e5
usb
pnp:DELL
smbios256:x
smbios1x:x
END
empty() { look 2 '' && look 2 && says 'say what'; }
ok "nothing asked" empty
long() { look 2 "smbios:$(head -c 5000 /dev/zero | tr '\0' x)" && [ "$(wc -c < err)" -lt 600 ]; }
ok "a question that is too long" long
hostile() { look 7 "$(printf 'smbios:a\033[31m\001b')" && ! grep -qP '[\x00-\x08\x0e-\x1f]' out; }
ok "controls in a question do not come back" hostile
grounds() {
	line=$(grep -n '^pci,19e5,' "$REG/identifiers.csv" | cut -d: -f1) &&
		look 0 pci:19e5 && prints "identifiers.csv:$line" && prints 'pci-ids' &&
		prints 'confidence medium' && prints 'last owner: Huawei Investment' &&
		prints 'jurisdictions: CN' && prints 'us-ndaa-889: in force since 2019-08-13' &&
		prints 'pci.ids of this machine: Huawei' &&
		line=$(grep -n '^us-ndaa-889,huawei,' "$REG/listings.csv" | cut -d: -f1) &&
		prints "listings.csv:$line"
}
ok "grounds: rows, source, confidence, owners, lists" grounds
through() { look 0 entity:huawei-device && prints 'through its owner Huawei'; }
ok "a listing of an owner counts, and says whose it is" through
as_of() {
	look 0 pci:19e5 --as-of 2019-08-12 && prints 'us-ndaa-889: not in force, begins 2019-08-13' &&
		prints 'as of 2019-08-12, not today' && look 0 pci:19e5 --as-of 2019-08-13 &&
		prints 'us-ndaa-889: in force since'
}
ok "--as-of: the first day, and the one before" as_of
ended() {
	cp -r "$REG" old && sed -i 's/^\(us-ndaa-889,huawei,2019-08-13\),,/\1,2020-02-29,/' old/listings.csv &&
		look_old() { exits 0 "$C" policy lookup --registry old --root ids pci:19e5 --as-of "$1"; } &&
		look_old 2020-02-29 && prints 'us-ndaa-889: in force since 2019-08-13 until 2020-02-29' &&
		look_old 2020-03-01 && prints 'us-ndaa-889: no longer in force, from 2019-08-13 until 2020-02-29'
}
ok "a listing that ended: the last day, and the one after" ended
list() {
	look 0 list:us-ndaa-889 && prints 'is a list' && prints 'huawei: in force since 2019-08-13' &&
		prints 'Congress' && look 0 list:us-ndaa-889 --format json && is_json &&
		prints '"in_force": true' && prints '"prohibits"'
}
ok "a list, with those on it" list
no_lists() {
	exits 0 "$C" policy lookup --registry "$REG" --root none pci:19e5 && prints 'pci.ids of this machine: not installed' &&
		exits 7 "$C" policy lookup --registry "$REG" --root none oui:f8:bc:12:00:00:01
}
ok "without lists of ids" no_lists
no_colour() { look 0 pci:19e5 && ! grep -q $'\033' out; }
ok "no colour in a file" no_colour
bad_registry() { cp -r "$REG" torn && echo x >> torn/lists.csv && exits 2 "$C" policy lookup --registry torn pci:19e5 && says 'lists.csv'; }
ok "a registry that is wrong answers nothing" bad_registry
tap_end
