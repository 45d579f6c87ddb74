#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# policy check: what ships is good; what is wrong is told with its place.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
check() { exits "$1" "$C" policy check --registry "$REG" "${@:2}"; }

for p in "$REPO"/policies/*.yaml "$ADMIT"; do
	ok "$(basename "$p") is good" check 0 "$p"
done
json() { check 0 "$ADMIT" --format json && is_json && prints '"sha256": "[0-9a-f]{64}"'; }
ok "--format json" json
quiet() { check 0 "$ADMIT" --quiet && [ ! -s out ] && [ ! -s err ]; }
ok "--quiet" quiet
digest() { check 0 "$ADMIT" && prints "$(sha256sum < "$ADMIT" | cut -d' ' -f1)"; }
ok "shows the digest of the file" digest

# sed expression on the good policy|place and pattern
while IFS='|' read -r edit pattern; do
	sed -E "$edit" "$ADMIT" > p.yaml
	bad() { check 2 p.yaml && says "p\.yaml:$pattern" && check 2 p.yaml --format json && is_json && prints '"exit": 2'; }
	ok "bad policy: $edit" bad
done <<'END'
s/^policy:/polici:/|4:1: .*polici
s/^version: 1/version: one/|5:10:
s/^version: 1/version: 1\nversion: 2/|6:1:
s/then: refuse/then: explode/|17:11:
s/when: .*/when: { nmae: x }/|16:13:
s/when: .*/when: {}/|16:
s/^rules:/rules: [/|
s/secure_boot: on/secure_boot: maybe/|11:16:
s/freshness: 10m/freshness: ten/|10:14:
s/from: 2020-01-01/from: 2020-13-01/|7:
s/because: .*/because: *alias/|
END
empty() { : > p.yaml; check 2 p.yaml && says 'p\.yaml'; }
ok "an empty policy is wrong" empty
binary() { head -c 4000 /dev/urandom > p.yaml; check 2 p.yaml && ! grep -qP '[\x00-\x08\x0e-\x1f]' err; }
ok "noise is wrong, and not echoed" binary
long() { head -c 1100000 /dev/zero | tr '\0' '#' > p.yaml; check 2 p.yaml; }
ok "over the limit" long
folder() { check 2 "$WORK"; }
ok "a folder" folder
missing_registry() { exits 2 "$C" policy check --registry none "$ADMIT" && says 'none/entities.csv'; }
ok "no registry there" missing_registry
bad_registry() {
	cp -r "$REG" reg && sed -i '3s/,/;/' reg/entities.csv &&
		exits 2 "$C" policy check --registry reg "$ADMIT" && says 'entities.csv.*line 3'
}
ok "a bad registry, with its line" bad_registry

# What has no effect. lint STATUS PATTERN [OPTION...]: rules from standard input
lint() {
	sed '/^rules:/,/^otherwise/{/^otherwise/!d}' "$ADMIT" | sed 's/unknown: admit/unknown: refer/' > l.yaml
	{ echo "rules:"; cat; } >> l.yaml
	check "$1" l.yaml "${@:3}" && prints "$2"
}
class() { lint 2 '^l\.yaml:[0-9]+:[0-9]+: error: .*\[contradictory\]$' <<< '  - { id: a, when: { kind: driver, class: network }, then: refuse, because: B }' && prints 'WRONG, 1 error'; }
ok "a driver of a class" class
two() { printf '  - { id: %s, when: { kind: driver%s }, then: %s, because: B }\n' a "" refuse b ", name: x" refer; }
idle() { two | lint 0 '^l\.yaml:[0-9]+:5: warning: .*\[unreachable\]$' && prints 'good, 1 warning'; }
ok "a rule that never decides" idle
strict() { two | lint 2 'unreachable' --strict; }
ok "--strict" strict
lint_json() {
	two | lint 2 '"check": "unreachable"' --strict --format json && is_json &&
		prints '"good": false' && prints '"severity": "warning"' && prints '"line": [0-9]+'
}
ok "the same as JSON" lint_json
lint_quiet() { two > rules; lint 2 . --strict --quiet < rules; [ ! -s out ]; }
ok "--quiet says nothing of it" lint_quiet
as_of() {
	{ two | head -1; printf 'waivers: [ { id: W, rule: a, component: { name: x }, until: 2030-01-31, approved_by: A, because: B } ]\n'; } > rules
	lint 2 'expired' --strict --as-of 2030-02-01 < rules && lint 0 'good, sha256' --strict --as-of 2030-01-31 < rules
}
ok "what has ended on a day" as_of
shipped() { for p in "$REPO"/policies/*.yaml; do check 0 --strict --as-of 2026-06-01 "$p" && ! prints '\[built-in\]' > /dev/null || return 1; done; }
ok "what ships is good without a warning" shipped
folders() {
	mkdir -p w/t && cp l.yaml w/t/base.yaml && printf 'policy: c\nversion: 1\nauthority: A\nextends: t/base.yaml\n' > w/c.yaml &&
		check 0 w/c.yaml && prints '^w/t/base\.yaml:4:1: note: .*\[waivers-left\]'
}
ok "places in what it extends" folders
own_image() {
	lint 0 "note: rule 'a' .*write origin: \{ not: built-in \}.*\[built-in\]" --strict <<< '  - { id: a, when: { kind: driver, signer: { not: verified } }, then: refuse, because: B }' &&
		lint 0 'good, sha256' --strict <<< '  - { id: a, when: { kind: driver, signer: { not: verified }, origin: { not: built-in } }, then: refuse, because: B }' &&
		! prints 'built-in' > /dev/null
}
ok "a rule about signers that refuses the kernel's own image" own_image
half() {
	lint 0 "note: not in fr, as other texts are: advice of rule 'a' \[languages\]" --strict <<< '  - { id: a, when: { kind: driver }, then: refuse, because: { en: B, fr: B }, advice: A }'
}
ok "a text that lacks a language of others" half
tap_end
