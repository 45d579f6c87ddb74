#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a machine is for, told on the command line, and rules that ask for it.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 || exit 1
attested a || exit 1

# policy WHEN THEN: the good one with this rule
policy() {
	sed "s/when: .*/when: { $1 }/; s/then: refuse/then: $2/" "$ADMIT" > p.yaml
}
# told EXIT CONTEXT...: the verdict, of evidence that was looked at before
told() {
	local want=$1 args=()
	shift
	while [ $# -gt 0 ]; do args+=(--context "$1") && shift; done
	# the challenge stays open: each time another state
	rm -rf s && cp -r state s
	exits "$want" "$C" verify --state s --challenge a.json --ak ak.pub \
		--policy p.yaml "${args[@]}" a.ev
}
destination() {
	policy 'destination: [CN, RU]' refuse &&
		told 3 destination=CN && told 0 destination=CA && told 0
}
ok "a rule on the destination" destination
not_told() { policy 'destination: { not: [CA, US] }' refer && told 4 && told 0 destination=US; }
ok "what was not told is unknown, and counts against" not_told
all_three() {
	policy 'site: ottawa, purpose: export, destination: FR' refuse &&
		told 3 purpose=export site=ottawa destination=FR &&
		prints 'For site ottawa, destination FR, purpose export' &&
		told 0 purpose=export site=paris destination=FR
}
ok "site, destination and purpose, in the report" all_three
json() {
	rm -rf s && cp -r state s
	exits 0 "$C" verify --state s --challenge a.json --ak ak.pub \
		--policy "$ADMIT" --format json \
		--context site=ottawa a.ev && is_json && prints '"site": "ottawa"'
}
ok "in the report's JSON" json
while IFS='|' read -r text pattern; do
	wrong() { told 2 "$text" && says "$pattern"; }
	ok "wrong: $text" wrong
done <<'END'
destination=cn|two capital letters
destination=CHN|two capital letters
destination=|two capital letters
site=two words|64 letters
site=|64 letters
purpose=a/b|64 letters
place=ottawa|give site=, destination= or purpose=
ottawa|give site=, destination= or purpose=
END
twice() { told 2 site=a site=b && says 'site= is given twice'; }
ok "one of them twice" twice
tap_end
