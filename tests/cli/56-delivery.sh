#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# verify --against-bid: a delivery compared with what its bid declared.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
swtpm_start sha256 || exit 1

# the ordinary machine with a network card, a hub of the chipset and a board
mkdir -p "$ROOT/sys/kernel/security/credence"
PYTHONPATH=$REPO/tests/lib python3 - > log.json <<'END'
import json
import mklog

log = mklog.default_log()
log["records"] += [
    {"event": "coverage", "seen": ["pci: all of it", "usb: all of it"]},
    {"event": "device", "device": "0000:01:00.0", "bus": "pci",
     "port": "0000:00/01.0/00.0", "vendor-id": 0x8086, "device-id": 0x1572,
     "subvendor-id": 0x8086, "subdevice-id": 1, "class": 0x020000, "revision": 2},
    {"event": "device", "device": "0000:00:1c.0", "bus": "pci",
     "port": "0000:00/1c.0", "vendor-id": 0x8086, "device-id": 0xa110,
     "class": 0x060400, "revision": 2},
]
print(json.dumps(log))
END
python3 "$REPO/tests/lib/mklog.py" -d log.json -o "$ROOT/sys/kernel/security/credence/log" \
	--tcti "$TPM2TOOLS_TCTI" || exit 1

cat > good.csv <<'END'
kind;model;manufacturer;pci_id
nic;X710;Intel Corporation;8086:1572
battery;B1;Intel Corporation;
END
sed 's/1572/1573/' good.csv > other.csv
sed 's/^nic.*/os;Debian;Intel Corporation;/' good.csv > none.csv

# delivered STATUS BID OPTION...: evidence of the machine, against that bid
n=0
delivered() {
	n=$((n + 1))
	attested d$n && exits "$1" verify d$n --registry "$REG" --against-bid "${@:2}"
}
flat() { tr -s '\n ' ' ' < out | grep -qE -- "$1" || { cat out; return 1; }; }

same() { delivered 0 good.csv && prints '^ADMIT' && flat 'The delivery was compared with the bid \(CSV, separated by'; }
ok "as declared: admitted" same
blind() { flat 'Cannot be compared, as the measurer does not see such parts: battery B1\.'; }
ok "what cannot be compared is said to be so, not missing" blind
tolerated() { flat 'Tolerated as not listed in bids: 1 parts of the chipset'; }
ok "what is tolerated is said" tolerated
digest() { prints "bid +$(sha256sum < good.csv | cut -d' ' -f1)"; }
ok "the digest of the bid is in the report" digest
missing() {
	delivered 4 other.csv && prints '^REFER' && flat 'Missing: the bid declares the network card X710' &&
		prints 'where +bid, line 2'
}
ok "a card that is not there: missing, refer" missing
extra() { flat 'Extra: the network card 0000:01:00.0 \(intel, id 8086:1572\) was measured'; }
ok "another one that is: extra" extra
undeclared() { delivered 4 none.csv && flat 'Extra: the network card' && ! grep -q Missing out; }
ok "a card that no line declares: extra, refer" undeclared
json() {
	delivered 4 other.csv --format json && is_json && prints '"check": "bid-missing"' &&
		prints '"check": "bid-extra"' && prints '"INVENTORY"' &&
		prints "sha256:$(sha256sum < other.csv | cut -d' ' -f1)"
}
ok "--format json" json
different() {
	printf 'kind;model;pci_id;revision\nnic;X710;8086:1572;3\n' > rev.csv &&
		delivered 4 rev.csv && flat 'Different: .* declared with revision 0003, and measured with revision 0002'
}
ok "another revision: different, refer" different
driver() {
	printf 'kind,name,sha256\ndriver,e1000e,%064d\n' 0 > d.csv && delivered 4 d.csv && flat 'Different: the driver e1000e'
}
ok "another driver of that name: different" driver
format() { delivered 0 good.csv --bid-format csv && delivered 2 good.csv --bid-format spdx; }
ok "--bid-format" format
must() {
	sed 's/^requires:.*/&/; s/measurer: any/measurer: any\n  bid: match/' "$ADMIT" > must.yaml &&
		grep -q 'bid: match' must.yaml || return 1
	attested m1 && exits 3 "$C" verify --challenge m1.json --policy must.yaml --ak ak.pub --registry "$REG" m1.ev &&
		flat 'no bid was given' || return 1
	attested m2 && exits 3 "$C" verify --challenge m2.json --policy must.yaml --ak ak.pub --registry "$REG" \
		--against-bid other.csv m2.ev && prints '^REFUSE' || return 1
	attested m3 && exits 0 "$C" verify --challenge m3.json --policy must.yaml --ak ak.pub --registry "$REG" \
		--against-bid good.csv m3.ev
}
ok "a policy with bid: match refuses what does not fit, and no bid" must
bad() {
	printf '{"bomFormat":' > bad.json && attested b && exits 2 verify b --registry "$REG" --against-bid bad.json &&
		says 'bad.json:1:' && exits 2 verify b --registry "$REG" --against-bid nowhere && exits 0 verify b
}
ok "a bad bid is the operator's to mend: 2, and the challenge stays" bad
damaged() {
	attested x && head -c 200 x.ev > y && mv y x.ev && exits 5 verify x --registry "$REG" --against-bid good.csv
}
ok "damaged evidence is still 5" damaged
tap_end
