#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lot: machines of one delivery, and those among them that differ.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
make_lot() { python3 "$MACHINES" --lot "$1" -o "$2" "${@:3}" || exit 1; }
lot() { exits "$1" "$C" lot "${@:2}"; }
# query EXPRESSION: true of the JSON in out
query() { python3 -c 'import json, sys; o = json.load(open("out")); sys.exit(not eval(sys.argv[1]))' "$1"; }

make_lot 12 good
alike() { lot 0 good && prints '^All 12 are alike\.$' && prints 'freshness'; }
ok "all alike, though serial numbers and ACPI addresses differ" alike
alike_json() { lot 0 good --format json && is_json && query 'o["sum"]["alike"] == 12 and o["sum"]["configurations"] == 1'; }
ok "all alike, in JSON" alike_json

# J07, one machine each: named, with what differs and its class
make_lot 12 mixed moved swapped removed-dimm added doubled-serial same-version
mixed() { lot 4 mixed && prints '^8 of 12 are alike; these 4 differ; keys or serial numbers seen twice: 1:$'; }
ok "8 of 12 are alike; these 4 differ" mixed
only_those() { ! grep -q 'm000[1-5]' out; }
ok "those that are alike are not listed" only_those
lot 4 mixed --format json
# of NAME CHANGE CLASS RULE RELATION
of() {
	query "any(c['machines'] == ['mixed/$1.evidence'] and any((d['change'], d['class'], d['rule'], d['relation']) == ('$2', '$3', '$4', '$5') for d in c['changes']) for c in o['configurations'])"
}
ok "moved: elsewhere, tolerated" of m0006 moved tolerated slot elsewhere
ok "swapped: elsewhere, tolerated" of m0007 swapped tolerated slot elsewhere
ok "removed: missing" of m0008 removed repair taken-out missing
ok "added: extra" of m0009 added suspicion new-device extra
ok "doubled: doubled" of m0010 doubled suspicion new-device doubled
ok "other contents: different" of m0011 changed suspicion same-version different
moved_is_alike() { query "[c['alike'] for c in o['configurations'] if 'mixed/m0006.evidence' in c['machines']] == [True]"; }
ok "one with a moved part is alike" moved_is_alike

# What no two should share.
serial_twice() { query "[t['machines'] for t in o['seen_twice']] == [['mixed/m0000.evidence', 'mixed/m0010.evidence']] and '8cec4b' in o['seen_twice'][0]['what']"; }
ok "one serial number in two machines: named, with the part" serial_twice
clone() {
	mkdir clone && cp good/m000[0-3].evidence clone && python3 "$MACHINES" -o pair same again &&
		cp pair/same.evidence pair/again.evidence clone && rm clone/m0000.evidence &&
		lot 4 clone && prints 'clone/again.evidence, clone/same.evidence: the same attestation key'
}
ok "two with one key" clone
copy() { mkdir copy && cp good/*.evidence copy && cp good/m0003.evidence copy/other.evidence && lot 4 copy && prints 'copy/m0003.evidence, copy/other.evidence: the same bundle' && ! grep -q 'serial number:' out; }
ok "one bundle under two names: told once" copy
common() {
	cat > common.py <<-END
	import sys
	sys.path.insert(0, "$REPO/tests/lib")
	import machines, os
	os.makedirs("common", exist_ok=True)
	for n in range(6):
	    log = machines.office(n)
	    machines.find(log, device="1-2")["serial"] = "20080411"
	    machines.write("common", "m%d" % n, machines.bundle(machines.surgery.SoftKey(), log))
	END
	python3 common.py && lot 0 common && prints 'tell nothing' && prints 20080411
}
ok "a serial number that all have is none" common

# Which is the reference: the most frequent; of two, the first; or the given.
majority() { make_lot 5 minority same-version same-version && lot 4 minority && prints '^3 of 5 are alike'; }
ok "the most frequent counts" majority
no_majority() { make_lot 2 tie same-version && lot 4 tie && prints 'no majority' && prints 'tie/m0000.evidence'; }
ok "a tie is told" no_majority
any_order() { lot 4 mixed/m00{11,10,09,08,07,06,05,04,03,02,01,00}.evidence && cp out reversed && lot 4 mixed && cmp out reversed; }
ok "the order of names does not matter" any_order
given() { lot 4 mixed --reference mixed/m0011.evidence --format json && query 'o["sum"]["alike"] == 1 and o["sum"]["differ"] == 11'; }
ok "--reference" given
bad_reference() { lot 2 mixed --reference noise; }
ok "a reference that is no evidence: not compared" exits 5 "$C" lot mixed --reference "$MACHINES"

# Bad ones are named, and the rest is compared.
mkdir bad && cp good/*.evidence bad
head -c 1500 good/m0001.evidence > bad/m0001.evidence
malformed() { lot 5 bad && prints '^All 11 are alike; 1 not compared\.$' && prints 'm0001.evidence: malformed: .*byte [0-9]+'; }
ok "a malformed one: 5, named, the rest compared" malformed
python3 - <<-'END'
d = bytearray(open("good/m0002.evidence", "rb").read())
d[d.index(b"vendorlink")] ^= 1
open("bad/m0001.evidence", "wb").write(d)
END
unproven() { lot 3 bad && prints 'm0001.evidence: not proven' && prints '^All 11'; }
ok "a forged one: 3, named, the rest compared" unproven
gap() {
	cat > gap.py <<-END
	import sys
	sys.path.insert(0, "$REPO/tests/lib")
	import machines
	log = machines.office(1) + [{"event": "hook-lost", "reason": "off"}]
	machines.write("bad", "m0001", machines.bundle(machines.surgery.SoftKey(), log))
	END
	python3 gap.py && lot 3 bad && prints 'not proven: its log has a gap'
}
ok "a log with a gap proves no absence: 3" gap
named_keys() { lot 3 good --ak pair/base.ak && prints '^No machine is proven' && prints AK_UNTRUSTED; }
ok "--ak: other keys are not trusted" named_keys
late() {
	cat > late.py <<-END
	import sys
	sys.path.insert(0, "$REPO/tests/lib")
	import machines
	log = machines.office(1) + [machines.driver("tun")]
	machines.write("bad", "m0001", machines.bundle(machines.surgery.SoftKey(), log, 1))
	END
	python3 late.py && lot 0 bad
}
ok "what comes after the quote does not count" late

csv() {
	lot 4 mixed --format csv && [ "$(head -n 1 out)" = '"machine","status","class","change","rule","component","was","why"' ] &&
		python3 -c '
import csv
rows = list(csv.DictReader(open("out")))
of = lambda n: [r for r in rows if r["machine"].endswith(n + ".evidence")]
assert len(of("m0001")) == 1 and of("m0001")[0]["status"] == "alike"
assert of("m0011")[0]["status"] == "differs" and of("m0011")[0]["rule"] == "same-version"
assert [r["status"] for r in of("m0000")] == ["alike", "twin"]'
}
ok "CSV: a line for each machine or change" csv
formula() { mkdir -p f && cp good/m0000.evidence "f/=1+1,\"x\".evidence" && cd f && lot 0 ./*.evidence --format csv && cd .. && lot 0 "f" --format csv; }
ok "a name that a spreadsheet would reckon with" formula
formula_cell() { cp "f/=1+1,\"x\".evidence" "=1.evidence" && lot 0 "=1.evidence" --format csv && prints "^\"'=1.evidence\","; }
ok "is text in it" formula_cell

folders() { mkdir -p deep/a/b && cp good/m0000.evidence deep/a && cp good/m0001.evidence deep/a/b/x.cbor && touch deep/a/notes && lot 0 deep && prints '^All 2' && says '1 other files'; }
ok "folders in folders, other files left aside" folders
loop() { ln -s .. deep/a/loop && lot 0 deep && prints '^All 2'; }
ok "a folder that leads to itself" loop
once() { lot 0 deep/a/m0000.evidence deep/a/m0000.evidence deep/a/m0000.evidence && prints '^All 1'; }
ok "a name given twice counts once" once
within() { lot 0 deep deep/a/m0000.evidence deep/a/b deep/a/ && prints '^All 2'; }
ok "a file of a folder that is given too counts once" within
# As bytes "-" and "." come before "/", which stands between folder and name.
sorted() {
	mkdir -p ord/x ord/x-y && cp good/m0000.evidence ord/x/b.cbor && cp good/m0001.evidence ord/x-y/a.cbor &&
		cp good/m0002.evidence ord/x.cbor && cp good/m0003.evidence ord/x/a.evidence &&
		lot 0 ord/x.cbor ord --format csv && tail -n +2 out | cut -d '"' -f 2 > names &&
		printf 'ord/%s\n' x-y/a.cbor x.cbor x/a.evidence x/b.cbor | cmp - names
}
ok "they are told in the order of their paths' bytes" sorted
too_long() { lot 2 "$(printf 'x%.0s' $(seq 4096))" && says 'too long'; }
ok "a path longer than the system has: 2" too_long
too_deep() {
	deep=bottom$(printf '/d%.0s' $(seq 16)) && mkdir -p "$deep" && cp good/m0000.evidence "$deep" && lot 0 bottom &&
		mkdir "$deep/e" && lot 2 bottom && says 'deeper than 16'
}
ok "folders deeper than 16: 2" too_deep
nothing() { mkdir nothing && lot 2 nothing && says 'no evidence'; }
ok "an empty folder: 2" nothing
missing() { lot 2 none && says none; }
ok "no such file: 2" missing
none() { lot 2 && says EVIDENCE; }
ok "no name: 2" none

# Memory is that of what differs, not of how many there are.
peak() { /usr/bin/env python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$CREDENCE" lot "$@"; }
memory() {
	make_lot 100 hundred && make_lot 10 ten || return 1
	local few many
	few=$(peak ten) && many=$(peak hundred) || return 1
	echo "ten machines: $few KiB, a hundred: $many KiB"
	[ $((many - few)) -le 512 ]
}
ok "a hundred machines take no more memory than ten" memory
tap_end
