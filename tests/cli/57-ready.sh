#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The ready policies and their pages: that they are sound, that each page tells
# of every rule, and what becomes of an ordinary office computer.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
READY="chancery export-check government-office laboratory research-lab screening-equipment telecom-core us-section-889"
cp -r "$REPO/policies" . || exit 1

# ids FILE: of its rules and of what it counts
ids() { awk '/^[a-z]/ { in_rules = /^(rules|presence):/ } in_rules && /^  - id: / { print $3 }' "$1"; }

all_named() {
	local there
	there=$(cd policies && echo ./*.yaml | sed 's,\./,,g; s/\.yaml//g')
	[ "$there" = "$READY" ] || { echo "there are: $there" > out; return 1; }
}
ok "each policy has its row in this test" all_named

checked() { exits 0 "$C" policy check --strict --registry policies/registry "policies/$1.yaml"; }
tried() {
	exits 0 "$C" policy test --registry policies/registry "policies/$1.yaml" &&
		prints '^[1-9][0-9]* examples: .* 0 failed$' && ! grep -q 'no example touches' out
}
page() {
	local id pages
	pages=("policies/$1.md")
	[ "$(head -n 1 "${pages[0]}")" = "# $1" ] && grep -q 'An example, not advice' "${pages[0]}" &&
		grep -q "^| \`$1.yaml\` | \[$1.md\]($1.md) |" policies/README.md || return 1
	for id in $(ids "policies/$1.yaml" | tee ids); do
		grep -q "\`$id\`" "${pages[@]}" || { echo "no word of $id" > out; return 1; }
	done
	[ -s ids ]
}
# What the page tells its reader to write is a policy that holds.
adapted() {
	# shellcheck disable=SC2016 # the quotes are Markdown's
	sed -n '/^## How to adapt/,$ { /^```yaml$/,/^```$/ { /^```/!p } }' "policies/$1.md" > policies/adapted.yaml
	[ -s policies/adapted.yaml ] && grep -q "^extends: $1.yaml$" policies/adapted.yaml &&
		exits 0 "$C" policy check --registry policies/registry policies/adapted.yaml
}
example() { sed -n '1,8p' "policies/$1.yaml" | grep -q 'An example, not '; }
for p in $READY; do
	ok "$p: policy check --strict finds nothing" checked "$p"
	ok "$p: its examples hold, and touch every rule" tried "$p"
	ok "$p: says that it is an example" example "$p"
	ok "$p: its page tells of every rule, and the index of the page" page "$p"
	ok "$p: what its page says of adapting it is right" adapted "$p"
done

# The office computer, as it is and with a change, under each policy.
# made CASE: today/CASE.evidence and its key. Besides the cases of machines.py:
# server (no radio, no driver from outside) and embedded (by Advantech, besides).
made() {
	case $1 in
	server* | embedded*) python3 - "$MACHINES" "$1" ;;
	*) python3 "$MACHINES" --key key.pem --challenge c.json -o today "$1" ;;
	esac <<-'END'
	import json, os, sys
	sys.path[:0] = [os.path.dirname(sys.argv[1])]
	import machines as m
	name, _, more = sys.argv[2].partition("+")
	log = m.office()
	m.remove(**m.RADIO)(log)
	log[2]["seen"].append("kexec: x")
	log[:] = [r for r in log if r["event"] != "firmware" and r.get("driver") != "iwlwifi"
	          and r.get("name") not in ("iwlwifi", "vendorlink")]
	if name == "embedded":
	    for one in m.items(log):
	        if one.get("smbios-type") in (0, 1, 2, 3):
	            one["string"] = ["Advantech" if s == "Dell Inc." else s for s in one["string"]]
	if more == "stick":
	    m.add(m.STICK, m.STICK_DISK)(log)
	elif more == "keyboard":
	    m.put(*({**m.find(log, device="1-1" + i), "device": "1-5" + i, "port": m.find(log, device="1-1" + i)["port"] + "5"}
	            for i in ("", ":1.0")))(log)
	elif more == "unsigned":
	    m.change(m.E1000E, sig_status=0, signature=None)(log)
	elif more == "firmware":
	    m.add(m.firmware("e1000e.bin", "x", device="0000:00:1f.6", driver="e1000e"))(log)
	elif more == "supplier":
	    m.add(m.driver("detector", intree=0))(log)
	else:
	    assert not more
	nonce = bytes.fromhex(json.load(open("c.json"))["nonce"])
	key = m.key_of("key.pem")
	os.makedirs("today", exist_ok=True)
	m.write("today", sys.argv[2], m.bundle(key, log, nonce=nonce))
	open("today/base.ak", "wb").write(key.public)
	END
}
# judged CODE POLICY CASE RULE|^PATTERN [OPTION...]
judged() {
	local want="[0-9]\. policy, $4 \("
	case $4 in ^*) want=$4 ;; esac
	rm -f c.json
	"$C" challenge -q -o c.json && made "$3" &&
		exits "$1" "$C" verify --challenge c.json --ak today/base.ak --registry policies/registry \
			--policy "policies/$2.yaml" "${@:5}" "today/$3.evidence" && prints "$want"
}
while read -r code policy case pattern context; do
	# shellcheck disable=SC2086 # the options are words
	ok "$policy: $case $context: $code" judged "$code" "$policy" "$case" "$pattern" $context
done <<'END'
0 government-office same ^ADMIT
0 government-office kernel ^ADMIT
0 government-office bios-newer ^ADMIT
3 government-office another-vendor listed-supplier
3 government-office subsystem listed-supplier
3 government-office secure-boot ^REFUSE
4 government-office added-stick memory-stick
4 government-office changeling came-back-as-another
4 government-office removed-tpm has-tpm
0 research-lab same ^ADMIT
0 research-lab added-stick ^ADMIT
4 research-lab same partner-driver --context=purpose=partnership
4 research-lab same sensitive-radio --context=purpose=sensitive
4 research-lab added-stick partner-brings-storage --context=purpose=partnership
3 research-lab another-vendor listed-supplier
0 us-section-889 same ^ADMIT
0 us-section-889 added-stick ^ADMIT
3 us-section-889 another-vendor section-889
3 us-section-889 subsystem section-889
3 laboratory same changed-firmware
0 laboratory image-unused ^ADMIT
3 chancery same wireless
3 screening-equipment same no-radio
4 screening-equipment server maker-not-approved
0 screening-equipment embedded ^ADMIT
3 screening-equipment embedded+stick storage-in-a-socket
4 screening-equipment embedded+keyboard one-keyboard
4 screening-equipment embedded+supplier supplier-driver
3 telecom-core same radio
0 telecom-core server ^ADMIT
3 telecom-core server+unsigned network-driver
4 telecom-core server+firmware network-firmware
4 telecom-core server+stick storage-in-a-socket
4 export-check same destination-not-told
0 export-check same ^ADMIT --context=destination=NO
4 export-check same computing-card --context=destination=BR
4 export-check same tpm-to-china --context=destination=CN
3 export-check same embargo --context=destination=KP
4 export-check same military-use --context=destination=NO --context=purpose=military
END

# The second verifier, written from the documentation, has no other opinion.
second() {
	judged "$1" "$2" "$3" "$4" &&
		exits "$1" python3 "$REPO/tests/oracle/oracle.py" --evidence "today/$3.evidence" --challenge c.json \
			--challenge-is open --ak today/base.ak --policy "policies/$2.yaml" \
			--registry policies/registry
}
while read -r code policy case pattern; do
	ok "$policy: $case: the second verifier says $code too" second "$code" "$policy" "$case" "$pattern"
done <<'END'
0 government-office same ^ADMIT
0 research-lab same ^ADMIT
0 us-section-889 same ^ADMIT
0 telecom-core server ^ADMIT
0 screening-equipment embedded ^ADMIT
4 screening-equipment embedded+keyboard one-keyboard
4 export-check same destination-not-told
END

# By their names, as they are installed, with the policy that one extends.
by_name() {
	rm -f c.json
	"$C" challenge -q -o c.json && made same &&
		exits 0 env CREDENCE_DATA_DIR="$WORK" "$C" verify --challenge c.json --ak today/base.ak \
			--policy research-lab today/same.evidence && prints ^ADMIT
}
ok "an installed one is found by its name" by_name
installed() {
	O=$O PREFIX=/usr DESTDIR=$WORK/root "$REPO/scripts/install" > /dev/null || return 1
	for p in $READY; do
		[ -s "root/usr/share/credence/policies/$p.yaml" ] && [ -s "root/usr/share/credence/policies/$p.md" ] || return 1
	done
}
ok "they are installed, with their pages" installed

# A delivery of twelve: what the looser of two laboratories would change.
fleet() {
	python3 "$MACHINES" --lot 12 -o fleet &&
		exits 0 "$C" policy impact policies/research-lab.yaml --against policies/laboratory.yaml \
			--registry policies/registry --now 2026-11-26T10:00:00Z fleet &&
		prints '^ *12  get a better one$' && prints '^  refuse  *12  *0  *0$'
}
ok "impact: the office computers that laboratory refuses, research-lab admits" fleet
tap_end
