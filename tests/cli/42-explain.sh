#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# verify --explain: the verdict stays what it is, and says how it came about.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 || exit 1
attested a || exit 1
now=$(date -u +%FT%TZ)

# Kept evidence may be looked at as often as one likes.
plain() { exits 0 verify a && cp out plain && ! prints 'Rule by rule'; }
ok "nobody asked, nothing is explained" plain
again() { verify a --now "$now" "$@" > out 2> err; }
text() {
	again --explain && prints '^Rule by rule$' && prints 'by .otherwise.: no rule decides' &&
		prints 'Did not match:' && prints 'measured, record'
}
ok "--explain says why, in text" text
after() {
	again && cp out short && again --explain &&
		head -c "$(wc -c < short)" out | cmp - short
}
ok "the report before it is the same" after
one() {
	again --explain=driver/e1000e && [ "$(grep -c 'measurer log, record' out)" -eq 1 ] &&
		prints '^driver e1000e '
}
ok "--explain=COMPONENT: that one only" one
nobody() {
	for format in text json; do
		exits 2 verify a --now "$now" --explain=driver/nobody --format "$format" && ! prints 'ADMIT|credence-report' > all &&
			says '--explain=driver/nobody: nothing is called so' || return 1
	done
}
ok "--explain of what is not there: its name, and no report" nobody
unspent() {
	attested b && exits 2 verify b --explain=nobody && exits 0 verify b && exits 3 verify b
}
ok "and the challenge is not spent by it" unspent
RULE=$(sed -n 's/.*- id: \([a-z0-9-]*\).*/\1/p' "$ADMIT" | head -n 1)
rule() {
	again --explain="$RULE" && prints "^rule $RULE$" && prints '^    matched [0-9]+ of [0-9]+ components$'
}
ok "--explain=RULE: what it holds of, and of how many it does not" rule
cat > counts.yaml <<'END'
policy: counts
version: 1
authority: Tests
valid: { from: 2020-01-01, until: 2099-12-31 }
requires: { identity: pinned, freshness: 10m, secure_boot: any, lockdown: none, measurer: any }
presence:
  - { id: one-card, component: { kind: driver, name: e1000e }, exactly: 1, then: refuse, because: One card. }
  - { id: two-cards, component: { kind: driver, name: e1000e }, exactly: 2, then: refer, because: Two cards. }
rules: [ { id: none, when: { kind: driver, name: none }, then: refuse, because: No. } ]
otherwise: { known: admit, unknown: admit }
END
presence() {
	"$C" verify --challenge a.json --policy counts.yaml --ak ak.pub --now "$now" --explain=two-cards a.ev > out 2> err
	prints '^count two-cards$' && ! prints '^count one-card$' && ! prints 'no such component' &&
		! prints '^driver e1000e '
}
ok "--explain=PRESENCE: that count" presence
json() {
	again --explain --format json && is_json && python3 - <<-'END'
		import json
		r = json.load(open("out"))
		assert r["schema"] == "credence-report-1" and r["verdict"] == "admit"
		for c in r["components"]:
		    x = c["explained"]
		    assert x["verdict"] == "admit", x
		    for rule in x["rules"]:
		        held = [a["holds"] for a in rule["conditions"]]
		        assert all(held[:-1]) and held[-1] == rule["matched"], rule
		        for a in rule["conditions"]:
		            assert not a["asked"] or ("found" in a and "record" in a), a
	END
}
ok "--format json: a key of each component" json
json_one() {
	again --explain=e1000e --format json && [ "$(grep -c '"explained"' out)" -eq 1 ]
}
ok "--format json, one component" json_one
same_report() {
	again --format json && cp out without && again --explain --format json && python3 - <<-'END'
		import json
		a, b = json.load(open("without")), json.load(open("out"))
		for c in b["components"]:
		    del c["explained"]
		assert a == b
	END
}
ok "and nothing else in the report changes" same_report
quiet() { again --explain -q && [ "$(wc -l < out)" -eq 1 ]; }
ok "--quiet: the verdict only" quiet
separate() { exits 2 verify a --now "$now" --explain e1000e && says 'one argument too many'; }
ok "the component stands after =, not by itself" separate
empty() { exits 2 verify a --now "$now" --explain= && says 'needs a value'; }
ok "--explain= is wrong" empty
twice() { exits 2 verify a --explain --explain && says 'given twice'; }
ok "--explain twice is wrong" twice
full_out() {
	verify a --now "$now" --explain > /dev/full 2> err
	[ $? -eq 1 ] && says 'standard output'
}
ok "an explanation that cannot be shown is a failure" full_out
colour() { again --explain && ! grep -q "$(printf '\033')" out; }
ok "no colour where no terminal is" colour
help() { exits 0 "$C" verify --help && prints '--explain\[=NAME\]'; }
ok "--help names it" help
gate() {
	exits 0 "$C" gate --root "$ROOT" --policy "$ADMIT" --explain=e1000e &&
		prints '^driver e1000e '
}
ok "gate --explain" gate
tap_end
