#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# diff: every case of tests/lib/machines.py, with its class and rule.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
python3 "$MACHINES" -o . || exit 1
diff_of() { exits "$1" "$C" diff --ak base.ak "${@:3}" base.evidence "$2.evidence"; }

# holds CLASS CHANGE RULE: of out; "-" for a change: there is none, and the
# rule, if it is not "-" too, is among those that tolerate
holds() {
	python3 - "$@" <<-'END'
	import json, sys
	o = json.load(open("out"))
	cls, kind, rule = sys.argv[1:]
	found = [(c["change"], c["class"], c["rule"]) for c in o["changes"]]
	tolerated = [t["rule"] for t in o["tolerated"]]
	good = o["class"] == cls
	if kind == "-":
	    good &= not found and (rule == "-" or rule in tolerated)
	else:
	    good &= (kind, cls, rule) in found
	sys.exit(0 if good else "%s %s %s" % (o["class"], found, tolerated))
	END
}
while read -r scene code class kind rule; do
	case_holds() { diff_of "$code" "$scene" --format json && holds "$class" "$kind" "$rule"; }
	ok "$scene: $class $rule" case_holds
done < <(python3 "$MACHINES" --list)

# The other way round a case is another one: what came goes, newer is older.
back() { exits "$1" "$C" diff --format json "$2.evidence" base.evidence && holds "$3" "$4" "$5"; }
ok "backwards: added, removed" back 0 added repair removed taken-out
ok "backwards: a newer BIOS" back 4 bios-newer suspicion changed downgrade
ok "backwards: an unsigned driver" back 0 signer-unverified update changed raised

# Every rule is in the manual page, and has a case that ends in it.
sed -n 's/^\t\(RULE\|TOLERATED\)([A-Z_]*, "\([a-z-]*\)".*/\2/p' "$REPO/attest/change.c" |
	grep -vx none > rules
documented() {
	local rule missing=0
	[ "$(wc -l < rules)" -gt 40 ] || return 1
	while read -r rule; do
		grep -qx "\.It Cm $rule" "$REPO/userspace/man/credence-diff.1" ||
			{ echo "$rule"; missing=1; }
	done < rules
	return $missing
}
ok "each rule is in the manual page" documented
tested() {
	local rule missing=0
	python3 "$MACHINES" --list > cases
	while read -r rule; do
		case $rule in own-serial | own-key | key-changed) continue ;; esac # below, and in 48-lot.sh
		grep -q " $rule\$" cases || { echo "$rule"; missing=1; }
	done < rules
	return $missing
}
ok "each rule has a case" tested

another_key() {
	python3 "$MACHINES" --lot 2 -o two && exits 4 "$C" diff two/m0000.evidence two/m0001.evidence &&
		prints key-changed && prints identity-changed
}
ok "another machine" another_key
stranger() { exits 3 "$C" diff --ak base.ak two/m0000.evidence base.evidence && says 'm0000.evidence is not proven.*AK_UNTRUSTED' && [ ! -s out ]; }
ok "a key that was not named: 3, and nothing is compared" stranger
twice() { diff_of 4 same-version && cp out once && diff_of 4 same-version && cmp out once; }
ok "the same answer each time" twice
text() { diff_of 4 same-version && prints '^SUSPICION' && prints 'e1000e.*digest' && prints 'freshness'; }
ok "text: verdict, change, and that freshness was not asked" text
quiet() { diff_of 4 same-version -q && [ "$(wc -l < out)" -eq 2 ]; }
ok "--quiet: the head alone" quiet
from_stdin() { exits 0 "$C" diff base.evidence - < same.evidence && prints '^THE SAME'; }
ok "from standard input" from_stdin

# Forged, damaged, missing.
flip() { python3 -c 'import sys; d = bytearray(open(sys.argv[1], "rb").read()); d[int(sys.argv[2])] ^= 1; open("bad.evidence", "wb").write(d)' same.evidence "$1"; }
log_at=$(python3 -c 'print(open("same.evidence", "rb").read().index(b"vendorlink image") if b"vendorlink image" in open("same.evidence", "rb").read() else open("same.evidence", "rb").read().index(b"vendorlink"))')
forged() { flip "$log_at" && exits 3 "$C" diff base.evidence bad.evidence && says 'not proven' && [ ! -s out ]; }
ok "one bit of the log: 3" forged
cut() { head -c 2000 same.evidence > bad.evidence && exits 5 "$C" diff base.evidence bad.evidence && says 'byte [0-9]+'; }
ok "cut short: 5" cut
noise() { head -c 3000 /dev/urandom > noise && exits 5 "$C" diff noise base.evidence; }
ok "noise: 5" noise
json_error() { exits 5 "$C" diff noise base.evidence --format json && is_json && prints '"exit": 5'; }
ok "the error in JSON" json_error
other_pcr() { exits 3 "$C" diff --pcr 12 base.evidence same.evidence && says 'PCR 13, not 12'; }
ok "a log of another PCR: 3" other_pcr
bad_pcr() { exits 2 "$C" diff --pcr 16 base.evidence same.evidence; }
ok "--pcr 16: 2" bad_pcr
missing() { exits 2 "$C" diff base.evidence none.evidence && says none.evidence; }
ok "no such file: 2" missing
one() { exits 2 "$C" diff base.evidence && says AFTER; }
ok "one file: 2" one
csv() { exits 2 "$C" diff --format csv base.evidence same.evidence && says 'text or json'; }
ok "no CSV here: 2" csv
tap_end
