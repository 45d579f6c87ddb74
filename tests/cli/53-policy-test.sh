#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# policy test: the examples in a policy, and what decided where it is not that.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
try() { exits "$1" "$C" policy test --registry "$REG" "${@:2}"; }

# The ready policies have an example for each of their rules.
ready() { try 0 "$1" && prints ' 0 failed$' && ! prints 'no example touches' > /dev/null; }
n=0
for p in "$REPO"/policies/*.yaml; do
	grep -q '^examples:' "$p" || continue
	n=$((n + 1))
	ok "$(basename "$p"): its examples hold, and touch every rule" ready "$p"
done
some() { [ "$n" -ge 2 ]; }
ok "there are such policies" some

cp -r "$REPO/policies/digests" "$REPO/policies/signers" . && cp "$REPO/policies/laboratory.yaml" p.yaml
none() { try 0 "$ADMIT" && prints '^0 examples: 0 passed, 0 failed$' && prints '^Rules that no example touches: '; }
ok "a policy without examples: nothing failed, and nothing was touched" none
changed() {
	sed '/id: closed-source/,/then:/s/then: refer/then: admit/' p.yaml > q.yaml && try 6 q.yaml &&
		prints '^FAILED  .*: admit, where refer was' &&
		prints '^  ADMIT by rule closed-source: '
}
ok "a rule that was changed: 6, and what decided instead" changed
place() {
	line=$(grep -n 'name: a closed driver' q.yaml | cut -d: -f1)
	try 6 q.yaml && tr -s '\n ' ' ' < out | grep -q "closed-source (line $line)"
}
ok "with the line of the example" place
json() {
	try 6 q.yaml --format json && is_json && python3 - <<-'END'
		import json
		r = json.load(open("out"))
		assert r["schema"] == "credence-policy-test-1"
		failed = [e for e in r["examples"] if not e["passed"]]
		assert len(failed) == r["summary"]["failed"] > 0
		assert {e["decided_by"] for e in failed} >= {"closed-source"}
		assert all(c["explained"]["rules"] for e in failed for c in e["components"])
	END
}
ok "--format json" json
quiet() { try 6 q.yaml -q && [ ! -s out ] && try 0 p.yaml -q && [ ! -s out ]; }
ok "--quiet: the exit code only" quiet
checked() {
	exits 2 "$C" policy check --registry "$REG" q.yaml &&
		prints "q\.yaml:[0-9]+:[0-9]+: error: the example '.*' ends with admit by closed-source, where refer by closed-source was expected \[example\]"
}
ok "policy check tries them too" checked
coverage() {
	sed '/name: an unfinished driver/,/rule: staging/d' p.yaml > c.yaml && try 0 c.yaml &&
		prints '^Rules that no example touches: staging$'
}
ok "a rule that no example touches is named" coverage
vendor() {
	sed 's/vendor: hikvision/vendor: hikvizion/' p.yaml > v.yaml && try 2 v.yaml &&
		says "v\.yaml:[0-9]+:[0-9]+: entity 'hikvizion' is not in the registry"
}
ok "a vendor whom the registry does not know is wrong" vendor
as_of() {
	cat > d.yaml <<-'END'
		policy: d
		version: 1
		authority: A
		valid: { from: 2010-01-01, until: 2027-12-31 }
		requires: { identity: any, freshness: 10m, secure_boot: any, lockdown: none, measurer: any }
		rules: [ { id: listed, when: { listed: us-ndaa-889 }, then: refuse, because: B } ]
		otherwise: { known: admit, unknown: refer }
		examples: [ { name: e, component: { kind: device, vendor: huawei }, expect: refuse } ]
	END
	try 6 d.yaml && try 0 d.yaml --as-of 2026-01-01
}
ok "--as-of: what is listed on another day" as_of
# What is of the machine, or a number in its log, can be said as well.
cat > k.yaml <<-'END'
	policy: k
	version: 1
	authority: A
	valid: { from: 2026-01-01, until: 2027-12-31 }
	requires: { identity: any, freshness: 10m, secure_boot: any, lockdown: none, measurer: any }
	rules:
	  - { id: old-kernel, when: { kind: driver, kernel: { below: 6.1.0-40 } }, then: refer, because: Upgrade. }
	  - { id: old-bios, when: { structure: firmware, released: { before: 2018-01-01 } }, then: refuse, because: Old. }
	  - { id: built-in-by, when: { subsystem: "19e5:d129" }, then: refuse, because: No. }
	otherwise: { known: admit, unknown: admit }
	examples:
	  - { name: old, component: { kind: driver }, kernel: 6.1.0-39-amd64, expect: refer, rule: old-kernel }
	  - { name: new, component: { kind: driver }, kernel: 6.12.9, expect: admit }
	  - { name: bios, component: { kind: platform, structure: firmware, released: 2017-12-31 }, expect: refuse, rule: old-bios }
	  - { name: other bios, component: { kind: platform, structure: firmware, released: 2018-01-01 }, expect: admit }
	  - { name: card, component: { kind: device, id: "8086:10d3", subsystem: "19e5:d129" }, expect: refuse, rule: built-in-by }
END
machine() {
	try 0 k.yaml && prints '^5 examples: 5 passed, 0 failed$' && ! prints 'no example touches' > /dev/null
}
ok "kernel, date of a BIOS, subsystem" machine
explained() {
	sed 's/kernel: 6.12.9/kernel: 6.1.0-9/' k.yaml > l.yaml && try 6 l.yaml &&
		prints 'found kernel "6.1.0-9" \(measured'
}
ok "the kernel is told where it decides" explained
while IFS='|' read -r edit pattern; do
	sed -E "$edit" p.yaml > b.yaml
	bad() { try 2 b.yaml && says "b\.yaml:$pattern"; }
	ok "wrong: $edit" bad
done <<'END'
s/expect: admit/expect: amid/|[0-9]+:13: expect must be one of
s/class: bridge/class: brdige/|[0-9]+:.*class must be one of
s/^    rule: staging/    rule: stagging/|[0-9]+:11: there is no rule 'stagging'
s/signer: none, flags/colour: red, flags/|[0-9]+:.*unknown key 'colour'
s/part: smbios, vendor: dell/part: acpi, released: 2020-01-01/|[0-9]+:.*has no released if it is 'acpi'
END
nothing() { exits 2 "$C" policy test && says 'FILE is missing'; }
ok "no file" nothing
same() {
	try 0 p.yaml && cp out first && LC_ALL=C.UTF-8 TZ=Asia/Kolkata try 0 p.yaml && cmp out first
}
ok "the same in any locale and zone" same
tap_end
