#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A policy that extends another: stricter, or it says that it is not.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
check() { exits "$1" "$C" policy check --registry "$REPO/policies/registry" "${@:2}"; }
mkdir -p tiers/lists
cat > tiers/office.yaml <<'END'
policy: office
version: 7
authority: Tests
valid: { from: 2020-01-01, until: 2099-12-31 }
requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity, measurer: any }
digest_lists:
  - { id: seen, file: lists/seen.sha256 }
rules:
  - { id: no-e1000e, when: { name: e1000e }, then: refer, because: Ask first. }
  - { id: seen, when: { digest: seen }, then: refer, because: Seen before. }
otherwise: { known: admit, unknown: admit }
END
echo "$(printf %064d 0)  nothing" > tiers/lists/seen.sha256
child() {	# child [LINE...]: line 5 on
	printf '%s\n' "policy: rooms" "version: 1" "authority: Tests" \
		"extends: tiers/office.yaml" "$@" > rooms.yaml
}
child
ok "nothing but extends" check 0 rooms.yaml
looser() { child "requires: { freshness: 1h }" && check 2 rooms.yaml && says "rooms\.yaml:5:24: looser than tiers/office\.yaml has it \(line 5: 10m\).*'requires\.freshness'"; }
ok "what is looser has its place and theirs" looser
declared() { child "requires: { freshness: 1h }" "loosens: [ { what: requires.freshness, because: Far away. } ]" && check 0 rooms.yaml; }
ok "declared, it is good" declared
there() { cp tiers/office.yaml office.good && sed -i 's/then: refer/then: refur/' tiers/office.yaml && child && check 2 rooms.yaml && says 'rooms\.yaml:4:10: tiers/office\.yaml:9:52: '; }
ok "an error there has its place there" there
mv office.good tiers/office.yaml
gone() { mv tiers/lists/seen.sha256 . && child && check 2 rooms.yaml && says 'tiers/lists/seen.sha256'; }
ok "its files are looked for beside it" gone
mv seen.sha256 tiers/lists
circle() {
	printf '%s\n' "policy: a" "version: 1" "authority: A" "extends: b.yaml" > a.yaml
	sed 's/a$/b/; s/b\.yaml/a.yaml/' a.yaml > b.yaml
	check 2 a.yaml && says 'a\.yaml:4:10: b\.yaml:4:10: a\.yaml extends itself'
}
ok "in a circle" circle
itself() { printf '%s\n' "policy: a" "version: 1" "authority: A" "extends: a.yaml" > a.yaml && check 2 a.yaml && says 'a\.yaml:4:10: a\.yaml extends itself'; }
ok "itself" itself

swtpm_start sha256 && measured sha256 && attested a || exit 1
NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)
judged() {
	exits "$1" "$C" verify --challenge a.json --policy rooms.yaml \
		--ak ak.pub --now "$NOW" --registry "$REPO/policies/registry" "${@:2}" a.ev
}
inherited() { child && judged 4 && prints 'no-e1000e'; }
ok "a rule that it has from there decides" inherited
more() { child "rules: [ { id: no-e1000e, when: { name: e1000e }, then: refuse, because: Not here. } ]" && judged 3 && prints 'Not here'; }
ok "and can be more severe" more
removed() { child "loosens: [ { what: rules.no-e1000e, because: Needed. } ]" && judged 0; }
ok "and can be removed, with a reason" removed
named() {
	judged 0 --format json && is_json && prints '"name": "office"' &&
		prints "$(sha256sum < tiers/office.yaml | cut -d' ' -f1)" && judged 0 &&
		prints "extends .*$(sha256sum < tiers/office.yaml | cut -d' ' -f1)"
}
ok "the verdict names it, with its digest" named
waiver() {
	cat > w.yaml <<-END
	waivers_for: rooms
	version: 1
	authority: Tests
	waivers:
	  - { id: W, rule: no-e1000e, component: { name: e1000e }, until: 2099-01-01, approved_by: A, because: B }
	END
	child && judged 0 --waivers w.yaml && sed 's/rooms/office/' w.yaml > v.yaml &&
		judged 2 --waivers v.yaml
}
ok "waivers are for it, not for what it extends" waiver
own() {
	local rule='rules: [ { id: mine, when: { kind: driver, name: nosuch }, then: refuse, because: Mine. } ]'
	local w='component: { name: nosuch }, until: 2099-01-01, approved_by: A, because: B }'
	child "$rule" "waivers: [ { id: W, rule: mine, $w ]" && check 0 --strict rooms.yaml &&
		child "$rule" "waivers: [ { id: W, rule: no-e1000e, $w ]" && check 2 rooms.yaml &&
		says "looser than .*'waivers\.W'" &&
		child "loosens: [ { what: waivers.W, because: B } ]" "$rule" "waivers: [ { id: W, rule: mine, $w ]" &&
		check 0 rooms.yaml && check 2 --strict rooms.yaml && prints "'waivers.W' is not looser .*\[not-looser\]"
}
ok "a waiver of its own rule loosens nothing, one of a rule from there does" own
tap_end
