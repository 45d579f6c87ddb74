#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Waivers: in a file of their own, for one machine, for a time; and the reasons
# of a policy in the reader's language.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 && attested a || exit 1
cat > policy.yaml <<'END'
policy: site
version: 1
authority: Tests
valid: { from: 2020-01-01, until: 2099-12-31 }
requires: { identity: pinned, freshness: 10m, secure_boot: on, lockdown: integrity, measurer: any }
rules:
  - id: no-e1000e
    when: { name: e1000e }
    then: refuse
    because: { en: We do not want it., fr: Nous n'en voulons pas., pt-BR: Não o queremos. }
    advice: { en: Take it out., fr: Retirez-le. }
otherwise: { known: admit, unknown: admit }
END
AK=$("$C" verify --challenge a.json --policy "$ADMIT" --ak ak.pub a.ev |
	sed -n 's/^  ak: //p')	# as a person copies it
NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)

tells() {	# as prints, however it is broken into lines
	tr -s '\n ' ' ' < out | grep -qE -- "$1" || { cat out; return 1; }
}
waivers() {	# waivers NAME [LINE...]: a file of one waiver
	cat > "$1.yaml" <<-END
	waivers_for: site
	version: 2
	authority: Tests
	waivers:
	  - id: W-$1
	    rule: no-e1000e
	    component: { kind: driver, name: e1000e }
	    approved_by: A. Director
	    because: { en: An old card., fr: Une vieille carte. }
	END
	printf '    %s\n' "${@:2}" >> "$1.yaml"
}
# judged STATUS OPTION...: the same evidence again
judged() {
	exits "$1" "$C" verify --challenge a.json --policy policy.yaml \
		--ak ak.pub --now "$NOW" "${@:2}" a.ev
}
none() { judged 3 && tells 'We do not want it' && ! grep -q Waiver out; }
ok "without a waiver it is refused" none
key() { [ "${#AK}" = 68 ]; }
ok "the report shows the key's name" key
waivers all "until: 2090-12-31"
all() { judged 0 --waivers all.yaml && tells 'Waiver W-all, approved by A. Director' && prints '^Waived'; }
ok "a file of waivers" all
waivers key "until: 2090-12-31" "machine: { ak: $AK }"
by_key() { judged 0 --waivers key.yaml && tells 'on this machine, known by its TPM'; }
ok "for this machine, by its key" by_key
waivers other "until: 2090-12-31" "machine: { ak: ${AK%??}ff }"
other() { judged 3 --waivers other.yaml && tells 'W-other is not in force: it is for other'; }
ok "for another machine: said, not applied" other
other_json() { judged 3 --waivers other.yaml --format json && is_json && prints '"waiver_not_in_force": "W-other"'; }
ok "the same as JSON" other_json
waivers ended "until: 2026-01-31"
ended() { judged 3 --waivers ended.yaml && tells 'W-ended is not in force: it ended on 2026-01-31'; }
ok "one that has ended" ended
waivers coming "from: 2089-01-31" "until: 2090-12-31"
coming() { judged 3 --waivers coming.yaml && tells 'W-coming is not in force: it begins on 2089-01-31'; }
ok "one that has not begun" coming
both() { judged 0 --waivers ended.yaml --waivers all.yaml && prints W-all && ! grep -q W-ended out; }
ok "two files, in any order" both
printf '# delivery of March\n%s desk 4\n' "$AK" > lot.txt
waivers lot "until: 2090-12-31" "lot: { file: lot.txt }"
ok "a lot, by a file" judged 0 --waivers lot.yaml
lot_elsewhere() { mkdir -p d && cp lot.yaml d && judged 2 --waivers d/lot.yaml && says 'd/lot.txt'; }
ok "its file lies beside it" lot_elsewhere
named() {
	judged 0 --waivers all.yaml --format json && is_json &&
		prints "$(sha256sum < all.yaml | cut -d' ' -f1)" && prints '"file": "all.yaml"'
}
ok "the verdict names the file and its digest" named
named_text() { judged 0 --waivers all.yaml && prints "^ *waivers .*$(sha256sum < all.yaml | cut -d' ' -f1)"; }
ok "and in the text" named_text
foreign() { sed 's/waivers_for: site/waivers_for: other/' all.yaml > f.yaml && judged 2 --waivers f.yaml && says "f\.yaml:1:14: .*'other', not for 'site'"; }
ok "of another policy: an error with its place" foreign
twice() { judged 2 --waivers all.yaml --waivers all.yaml && says 'all\.yaml:5:9: .*stands twice'; }
ok "the same file twice" twice
placeholder() { waivers p "until: 2090-12-31" "machine: { product: To Be Filled By O.E.M. }" && judged 2 --waivers p.yaml && says 'p\.yaml:11:25:'; }
ok "a placeholder names no machine" placeholder
missing() { judged 2 --waivers none.yaml && says 'none.yaml'; }
ok "no file there" missing
checked() { exits 0 "$C" policy check --registry "$REPO/policies/registry" policy.yaml --waivers all.yaml; }
ok "policy check reads them" checked
checked_bad() { exits 2 "$C" policy check --registry "$REPO/policies/registry" policy.yaml --waivers p.yaml && says 'p\.yaml:11:25'; }
ok "and is as strict" checked_bad
# what is counted
sed '/^otherwise/i presence: [ { id: no-e1000e, component: { name: e1000e }, at-most: 0, then: refuse, because: We count it. } ]
	/^rules:/,/advice:/d; s/^otherwise.*/rules: [ { id: r, when: { name: nobody }, then: refuse, because: B } ]\n&/' policy.yaml > counts.yaml
counted() {	# as judged
	exits "$1" "$C" verify --challenge a.json --policy counts.yaml \
		--ak ak.pub --now "$NOW" "${@:2}" a.ev
}
count_waivers() {	# as waivers, of the presence
	waivers "$@" && sed -i '/component:/d' "$1.yaml"
}
count_none() { counted 3 && tells 'wants none, and there are 1. We count it' && ! grep -q Waiver out; }
ok "a presence without a waiver" count_none
count_waivers ckey "until: 2090-12-31" "machine: { ak: $AK }"
count_key() {
	counted 0 --waivers ckey.yaml && prints '^Waived' &&
		tells 'there are 1. We count it. Waiver W-ckey, approved by A. Director, covers this until 2090-12-31 on this machine, known by its TPM key \(measured\): An old card'
}
ok "waived on this machine" count_key
count_json() {
	counted 0 --waivers ckey.yaml --format json && is_json && python3 - <<-'END'
		import json
		f = [f for f in json.load(open("out"))["findings"] if f["check"] == "no-e1000e"]
		assert [(x["outcome"], x["verdict"], x["waiver"]) for x in f] == [("passed", "admit", "W-ckey")], f
	END
}
ok "the same as JSON" count_json
count_explained() { counted 0 --waivers ckey.yaml --explain && tells 'count no-e1000e waived: Of components'; }
ok "--explain says that it is waived" count_explained
count_waivers cother "until: 2090-12-31" "machine: { ak: ${AK%??}ff }"
count_other() {
	counted 3 --waivers cother.yaml --explain && tells 'W-cother is not in force: it is for other machines' &&
		tells 'waiver W-cother does not cover it: it is for another machine'
}
ok "not on another machine" count_other
count_waivers cended "until: 2026-01-31"
count_ended() { counted 3 --waivers cended.yaml && tells 'W-cended is not in force: it ended on 2026-01-31' && counted 0 --waivers cended.yaml --as-of 2026-01-31; }
ok "not after its last day" count_ended
count_component() { counted 2 --waivers all.yaml && says "all\.yaml:7:16: 'no-e1000e' counts components of a machine: .* without 'component'"; }
ok "a component in it is wrong" count_component
count_missing() { sed 's/rule: .*/rule: no-card/' ckey.yaml > m.yaml && counted 2 --waivers m.yaml && says "m\.yaml:6:11: there is no rule or presence 'no-card'"; }
ok "a presence that is not there" count_missing
count_checked() {
	exits 0 "$C" policy check --registry "$REPO/policies/registry" counts.yaml --waivers cended.yaml &&
		prints "cended\.yaml:5:5: note: waiver 'W-cended' sets 'no-e1000e' aside for every machine" &&
		prints "cended\.yaml:5:5: warning: waiver 'W-cended' has ended"
}
ok "policy check: for every machine, and ended" count_checked
# languages
fr() { judged 3 --language fr && tells 'Nous n' && tells 'Retirez-le'; }
ok "--language fr" fr
fr_ca() { judged 3 --language fr-CA && tells 'Nous n'; }
ok "--language fr-CA: French" fr_ca
br() { judged 3 --language pt-BR && tells 'Não o queremos' && tells 'Take it out'; }
ok "what is not there in a language is in the policy's" br
pt() { judged 3 --language pt && tells 'We do not want it'; }
ok "--language pt: not that of Brazil" pt
waived_fr() { judged 0 --language fr --waivers all.yaml && tells 'Une vieille carte'; }
ok "a waiver's reason too" waived_fr
xx() { judged 3 --language xx && tells 'We do not want it' && says 'language xx: no text of .*\.yaml is in that language' && judged 3 --language fr-CA && ! says 'no text of' > /dev/null; }
ok "a language that no text is in: told on stderr" xx
ok "--language NO is no language" judged 2 --language NO
tag() { judged 2 --language french && says '--language french'; }
ok "the error says so" tag
tap_end
