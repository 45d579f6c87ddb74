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
tap_end
