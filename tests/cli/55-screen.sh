#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# screen: bids of every format before a policy, and what is no bid.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
policy() {	# policy WHEN: refuses what that holds for
	cat > p.yaml <<-END
	policy: bids
	version: 1
	authority: Tests
	valid: { from: 2015-01-01, until: 2099-12-31 }
	requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity, measurer: any }
	rules:
	  - { id: asked, when: { $1 }, then: refuse, because: A test. }
	otherwise: { known: admit, unknown: refer }
	END
}
# shown PATTERN: in the output, wherever its lines are broken
shown() { tr -s '\n ' ' ' < out | grep -qE -- "$1"; }
screen() { exits "$1" "$C" screen --policy p.yaml --registry "$REG" "${@:2}"; }

cat > ok.csv <<'END'
kind;model;manufacturer;pci_id
NIC;X710;Intel Corporation;8086:1572
END
cat > hinic.csv <<'END'
kind;model;manufacturer
driver;hinic;Huawei Technologies CO., Ltd
END
cat > who.csv <<'END'
kind;model;manufacturer
NIC;Flux 1;Nobody in particular
END

policy "listed: us-ndaa-889"
admit() { screen 0 ok.csv && prints '^ADMIT: nothing speaks against this bid' && prints '^Declared, nothing was measured'; }
ok "a bid without objection is admitted: 0" admit
refuse() { screen 3 hinic.csv && prints '^REFUSE' && prints 'bid, line 2' && prints 'grade +declared'; }
ok "a listed supplier refuses: 3, with its line" refuse
refer() { screen 4 who.csv && prints '^REFER' && shown 'no maker that it names is in'; }
ok "an unknown maker refers: 4" refer
said() { screen 0 ok.csv && shown "Bid: CSV, separated by ';'"; }
ok "the format is said" said
later() { screen 0 ok.csv && prints 'what the delivery must still show' && prints 'Secure Boot must be on'; }
ok "what is required of machines is left for the delivery" later
digest() { screen 0 ok.csv && prints "bid +$(sha256sum < ok.csv | cut -d' ' -f1)"; }
ok "the digest of the bid is in the report" digest
json() {
	screen 3 hinic.csv --format json && is_json && prints '"verdict": "refuse"' &&
		prints '"label": "declared, nothing was measured"' && prints '"place": "line 2"'
}
ok "--format json" json
quiet() { screen 0 ok.csv --quiet && [ "$(wc -l < out)" = 2 ] && prints 'nothing was measured'; }
ok "--quiet keeps the label" quiet
stdin() { "$C" screen --policy p.yaml --registry "$REG" - < ok.csv > out && prints '^ADMIT'; }
ok "from standard input" stdin
as_of() { screen 0 hinic.csv --as-of 2018-01-01 && screen 3 hinic.csv --as-of 2026-01-01; }
ok "--as-of" as_of
out_of_force() { screen 3 ok.csv --now 2014-12-31T00:00:00Z && prints 'not in force'; }
ok "--now: outside the policy's period" out_of_force

left_out() {
	printf 'Item,Model,Manufacturer,Price EUR\nNIC,X710,Intel,300\n' > left.csv
	screen 0 left.csv && prints 'columns not used: Price' && prints EUR
}
ok "a column that is not used is named" left_out
foreign() { printf 'Artigo,Fabricante\nRede,Intel\n' > foreign.csv; screen 5 foreign.csv && says "the first row is 'Artigo,Fabricante'"; }
ok "a header that is not understood is shown" foreign

# what a thing is called: whatever is not understood, does not count for the bidder
item() { printf 'Item,Manufacturer,Model\n%s,Intel,AX211\nTPM,Infineon,SLB 9672\n' "$1" > item.csv; }
policy "kind: device, class: wireless"
sed -i '/^rules:/i presence:\n  - { id: no-radio, component: { kind: device, class: wireless }, at-most: 0, then: refuse, because: No radios. }\n  - { id: one-tpm, component: { part: tpm }, at-least: 1, at-most: 1, then: refuse, because: One TPM. }' p.yaml
while read -r words; do
	radio() { item "$words" && screen 3 item.csv && shown 'asked' && shown "bid, line 2 \\(\"$words\"\\)"; }
	ok "a radio: $words" radio
done <<'END'
Wireless card
WiFi card
Wi-Fi 6
wireless adapter
Wireless LAN card
LTE
wireless network card
WLAN-Karte
Bluetooth
802.11ax module
END
while read -r words; do
	unclear() {
		item "$words" && screen 4 item.csv && shown "AX211 of line 2 is; it writes \"$words\"" &&
			shown 'which could not be checked' && ! shown 'and so it is' &&
			shown 'Ask the bidder to name the class'
	}
	ok "not understood: $words" unclear
done <<'END'
Placa
Card
thing
Network card prepared for more
END
tpm() { printf 'Item,Manufacturer,Model\nTPM 2.0,Infineon,SLB 9672\nNIC,Intel,X710\n' > item.csv && screen 0 item.csv; }
ok "TPM 2.0 is a TPM" tpm
policy "class: [ wireless, unknown ]"
by_name() { item Placa && screen 3 item.csv && item NIC && screen 0 item.csv; }
ok "class: unknown asks for it by name" by_name

policy "signer: { not: verified }, kind: driver"
signer() { sed 's/Huawei.*/Intel Corporation/' hinic.csv > d.csv && screen 0 d.csv && shown 'were not applied: asked'; }
ok "a rule about signatures is not applied, and that is said" signer

explain() { screen 0 d.csv --explain=hinic && shown 'only a measurement shows its signer'; }
ok "--explain says so too" explain

# the examples that come with the policies
policy "listed: us-ndaa-889"
for bid in "$REPO"/policies/bids/*; do
	example() { exits 0 "$C" screen --policy p.yaml --registry "$REG" "$bid" || exits 4 "$C" screen --policy p.yaml --registry "$REG" "$bid"; }
	ok "example $(basename "$bid") is read" example
done

# as the tools write them: what is read, by the first words said of it
printf '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"device","name":"X","supplier":{"name":"Intel Corporation"}}]}' > b.cdx
printf '{"spdxVersion":"SPDX-2.3","packages":[{"name":"X","supplier":"Organization: Intel Corporation"}]}' > b.spdx
printf '{"COMPONENTS":[{"MANUFACTURER":"Intel Corporation","MODEL":"X"}]}' > b.paccor
while IFS='|' read -r file format says; do
	content() { screen 0 "$file" && shown "Bid: $says" && screen 0 "$file" --bid-format "$format"; }
	ok "$format by its content, and forced" content
	for other in cyclonedx spdx paccor csv; do
		[ "$other" = "$format" ] && continue
		forced() { screen 5 "$file" --bid-format "$other" && [ ! -s out ]; }
		ok "$format is no $other" forced
	done
done <<'END'
b.cdx|cyclonedx|CycloneDX 1.5, JSON
b.spdx|spdx|SPDX 2.3, JSON
b.paccor|paccor|paccor component list, JSON
ok.csv|csv|CSV, separated by ';'
END

# content|place and pattern
while IFS='|' read -r content pattern; do
	bad() {
		printf '%b' "$content" > bad && screen 5 bad && says "bad:? ?$pattern" && [ ! -s out ] &&
			screen 5 bad --format json && is_json && prints '"exit": 5'
	}
	ok "bad: ${content:0:40}" bad
done <<'END'
|1:1: empty
{"bomFormat":"CycloneDX",\n"bomFormat":"CycloneDX"}|2:[0-9]+: .*duplicate
{"bomFormat":"CycloneDX","specVersion":"1.3"}|specVersion '1.3' is none of
{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"device"}]}|components\[0\]: has no name
{"a":"\\u0000"}|1:[0-9]+:
{"a":"\xff"}|1:[0-9]+:
model;manufacturer\na;b\n"c;d|3:1: a quote
model;bus;vendor_id\na;pci;1,00E+06|2:1: .*hexadecimal
PK\x03\x04|1:1: .*save the sheet as CSV
END
deep() { python3 -c 'print("[" * 100000)' > deep && screen 5 deep && says 'nested over 64 deep'; }
ok "bad: nested a hundred thousand deep" deep
long() { truncate -s 17M long && screen 5 long && says 'longer than'; }
ok "bad: over the limit" long
noise() { head -c 3000 /dev/urandom > noise && screen 5 noise && ! grep -qP '[\x00-\x08\x0e-\x1f]' err; }
ok "bad: noise, not echoed" noise
hostile() {
	printf 'model;manufacturer\na\xe2\x80\xaeb;\xe2\x80\xaeIntel\n' > h.csv && screen 4 h.csv && ! grep -q $'\xe2\x80\xae' out
}
ok "letters that turn a line around are not printed" hostile
no_file() { screen 2 none.csv && says 'cannot open none.csv'; }
ok "no such file: 2" no_file
no_format() { screen 2 ok.csv --bid-format xml && says 'give cyclonedx, spdx, paccor or csv'; }
ok "no such format: 2" no_format
no_bid() { screen 2 && says 'BID is missing'; }
ok "no bid: 2" no_bid
tap_end
