#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# policy impact: what another policy would change, over folders of evidence.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
impact() { exits "$1" "$C" policy impact "${@:2}" --registry "$REPO/policies/registry" --now 2026-11-26T10:00:00Z; }
# query EXPRESSION: true of the JSON in out
query() { python3 -c 'import json, sys; o = json.load(open("out")); sys.exit(not eval(sys.argv[1]))' "$1"; }

# policy NAME RULE...
policy() {
	local name=$1
	shift
	cat <<-END
	policy: $name
	version: 1
	authority: Test
	valid: { from: 2026-01-01, until: 2027-12-31 }
	requires: { identity: pinned, freshness: 1m, secure_boot: any, lockdown: none, measurer: any }
	otherwise: { known: admit, unknown: admit }
	rules:
	  - { id: nothing, when: { name: no-such-thing }, then: refuse, because: None. }
	END
	[ $# -eq 0 ] || printf '  - { id: %s, when: { %s }, then: %s, because: Because. }\n' "$@"
}
policy old > old.yaml
policy new intel-network "class: network, vendor: intel" refer > new.yaml
policy card this-card "id: \"8086:15bb\"" refer > card.yaml
policy more intel-network "class: network, vendor: intel" refer \
	sticks "class: usb-storage" refuse > more.yaml

python3 "$MACHINES" --lot 12 -o fleet added doubled-serial || exit 1

same() { impact 0 old.yaml --against old.yaml fleet && prints '^ *12  keep their verdict$' && ! grep -q 'Worse by' out; }
ok "the same policy changes nothing" same
worse() { impact 0 new.yaml --against old.yaml fleet && prints '^ *12  get a worse one$' && prints '^ *12  intel-network \(12 by this alone\)$' && prints '^ *12  intel \(12 by this alone\)$'; }
ok "all get worse, by which rule and vendor" worse
better() { impact 0 old.yaml --against new.yaml fleet && prints '^ *12  get a better one$' && prints 'no longer decides' && ! grep -q 'Worse by' out; }
ok "the other way round they get better" better
waiver() { impact 0 card.yaml --against old.yaml fleet && prints '^ *12  this-card for network card 8086:15bb$'; }
ok "what a waiver would save" waiver
no_waiver() { impact 0 new.yaml --against old.yaml fleet && ! grep -q 'one waiver would save' out; }
ok "no one waiver is enough where two components are held back" no_waiver
{ policy count && echo 'presence: [ { id: no-network, component: { class: network }, at-most: 0, then: refer, because: B } ]'; } > count.yaml
count() {
	impact 0 count.yaml --against old.yaml fleet && tr -s '\n ' ' ' < out | grep -q 'one waiver would save ([^)]*) 12 no-network ' &&
		impact 0 count.yaml --against old.yaml fleet --format json && is_json &&
		query 'o["worse_by"]["checks"][0]["id"] == "no-network" and o["worse_by"]["waivers"] == [{"rule": "no-network", "saves": 12}]'
}
ok "and one of what is counted" count
json() { impact 0 more.yaml --against old.yaml fleet --format json && is_json && query 'o["schema"] == "credence-impact-1" and o["machines"] == 12 and o["worse"] == len(o["changed"]) == 12 and o["verdicts"]["admit"]["refer"] + o["verdicts"]["admit"]["refuse"] == 12'; }
ok "JSON: sums and every machine that changes" json
json_rules() { query 'any(r["id"] == "intel-network" and r["changed"] == o["verdicts"]["admit"]["refer"] for r in o["worse_by"]["rules"]) or o["verdicts"]["admit"]["refer"] == 0'; }
ok "JSON: a rule counts the machines that have their verdict by it" json_rules
csv() { impact 0 new.yaml --against old.yaml fleet --format csv && [ "$(wc -l < out)" -eq 13 ] && [ "$(grep -c ',admit,refer,worse$' out)" -eq 12 ]; }
ok "CSV: a line for each machine" csv
html() { impact 0 new.yaml --against old.yaml fleet --html page.html && grep -q '<svg' page.html && grep -q intel-network page.html && ! grep -qE 'src=|href=|https?:' page.html; }
ok "HTML: one page with a chart, that loads nothing" html
twice() { impact 0 more.yaml --against old.yaml fleet --format json && cp out first && impact 0 more.yaml --against old.yaml fleet --format json && cmp first out; }
ok "twice the same answer" twice
one_cpu() { impact 0 more.yaml --against old.yaml fleet --format json && cp out first && taskset -c 0 "$C" policy impact more.yaml --against old.yaml fleet --registry "$REPO/policies/registry" --now 2026-11-26T10:00:00Z --format json > out && cmp first out; }
ok "one processor says what two say" one_cpu

# Bad evidence among good.
mkdir mixed && cp fleet/*.evidence mixed && head -c 1000 fleet/m0001.evidence > mixed/cut.evidence &&
	: > mixed/empty.cbor && echo hello > mixed/readme.txt
mixed() { impact 5 new.yaml --against old.yaml mixed && prints '^ *2  files are no evidence, and not counted$' && prints '^ *12  get a worse one$' && prints 'mixed/cut.evidence' && says '1 other files'; }
ok "what is no evidence is named and not counted: 5" mixed
changed() {
	mkdir bad && python3 - fleet/m0000.evidence bad/flip.evidence <<-'END' && impact 0 old.yaml --against old.yaml bad && prints '^  refuse  *0  *0  *1$'
	import sys
	b = bytearray(open(sys.argv[1], "rb").read())
	at = b.index(b"e1000e") if b"e1000e" in b else len(b) // 2
	b[at] ^= 1
	open(sys.argv[2], "wb").write(b)
	END
}
ok "one whose log was changed is refused by both" changed

# What the operator gets wrong.
ok "no new policy: 2" exits 2 "$C" policy impact --against old.yaml fleet
no_old() { impact 2 new.yaml fleet && says 'against'; }
ok "no old policy: 2" no_old
none() { mkdir none && impact 2 new.yaml --against old.yaml none && says 'no evidence'; }
ok "no evidence: 2" none
gone() { impact 2 new.yaml --against old.yaml nowhere && says 'nowhere'; }
ok "a folder that is not there: 2" gone
wrong() { echo 'policy: [' > wrong.yaml && impact 2 wrong.yaml --against old.yaml fleet && says 'wrong.yaml'; }
ok "a policy that is none: 2" wrong
pinned() { impact 0 old.yaml --against old.yaml fleet --ak "$(printf '000b%064d' 0)" && prints '^  refuse  *0  *0  *12$'; }
ok "keys that are named count" pinned
unwritable() { impact 1 old.yaml --against old.yaml fleet --html nowhere/page.html; }
ok "a page that cannot be written: 1" unwritable
tap_end
