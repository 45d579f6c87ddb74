#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The ready policies and their pages: that they are sound, that each page tells
# of every rule, and what becomes of an ordinary office computer.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
READY="chancery government-office laboratory research-lab us-section-889"
cp -r "$REPO/policies" . || exit 1

# ids FILE: of its rules and of what it counts
ids() { awk '/^[a-z]/ { in_rules = /^(rules|presence):/ } in_rules && /^  - id: / { print $3 }' "$1"; }

all_named() {
	local there
	there=$(cd policies && echo ./*.yaml | sed 's,\./,,g; s/\.yaml//g')
	[ "$there" = "$READY" ] || { echo "there are: $there" > out; return 1; }
}
ok "each policy has its row in this test" all_named

checked() { exits 0 "$C" policy check --strict --registry policies/registry "policies/$1.yaml"; }
tried() {
	exits 0 "$C" policy test --registry policies/registry "policies/$1.yaml" &&
		prints '^[1-9][0-9]* examples: .* 0 failed$' && ! grep -q 'no example touches' out
}
page() {
	local id pages
	pages=("policies/$1.md")
	[ "$(head -n 1 "${pages[0]}")" = "# $1" ] && grep -q 'An example, not advice' "${pages[0]}" &&
		grep -q "^| \`$1.yaml\` | \[$1.md\]($1.md) |" policies/README.md || return 1
	for id in $(ids "policies/$1.yaml" | tee ids); do
		grep -q "\`$id\`" "${pages[@]}" || { echo "no word of $id" > out; return 1; }
	done
	[ -s ids ]
}
# What the page tells its reader to write is a policy that holds.
adapted() {
	# shellcheck disable=SC2016 # the quotes are Markdown's
	sed -n '/^## How to adapt/,$ { /^```yaml$/,/^```$/ { /^```/!p } }' "policies/$1.md" > policies/adapted.yaml
	[ -s policies/adapted.yaml ] && grep -q "^extends: $1.yaml$" policies/adapted.yaml &&
		exits 0 "$C" policy check --registry policies/registry policies/adapted.yaml
}
example() { sed -n '1,8p' "policies/$1.yaml" | grep -q 'An example, not '; }
for p in $READY; do
	ok "$p: policy check --strict finds nothing" checked "$p"
	ok "$p: its examples hold, and touch every rule" tried "$p"
	ok "$p: says that it is an example" example "$p"
	ok "$p: its page tells of every rule, and the index of the page" page "$p"
	ok "$p: what its page says of adapting it is right" adapted "$p"
done

# The office computer, as it is and with a change, under each policy.
# judged CODE POLICY CASE RULE|^PATTERN [OPTION...]
judged() {
	local want="[0-9]\. policy, $4 \("
	case $4 in ^*) want=$4 ;; esac
	rm -f c.json
	"$C" challenge -q -o c.json && python3 "$MACHINES" --key key.pem --challenge c.json -o today "$3" &&
		exits "$1" "$C" verify --challenge c.json --ak today/base.ak --registry policies/registry \
			--policy "policies/$2.yaml" "${@:5}" "today/$3.evidence" && prints "$want"
}
while read -r code policy case pattern context; do
	# shellcheck disable=SC2086 # the options are words
	ok "$policy: $case $context: $code" judged "$code" "$policy" "$case" "$pattern" $context
done <<'END'
0 government-office same ^ADMIT
0 government-office kernel ^ADMIT
0 government-office bios-newer ^ADMIT
3 government-office another-vendor listed-supplier
3 government-office subsystem listed-supplier
3 government-office secure-boot ^REFUSE
4 government-office added-stick memory-stick
4 government-office changeling came-back-as-another
4 government-office removed-tpm has-tpm
0 research-lab same ^ADMIT
0 research-lab added-stick ^ADMIT
4 research-lab same partner-driver --context=purpose=partnership
4 research-lab same sensitive-radio --context=purpose=sensitive
4 research-lab added-stick partner-brings-storage --context=purpose=partnership
3 research-lab another-vendor listed-supplier
0 us-section-889 same ^ADMIT
0 us-section-889 added-stick ^ADMIT
3 us-section-889 another-vendor section-889
3 us-section-889 subsystem section-889
3 laboratory same changed-firmware
0 laboratory image-unused ^ADMIT
3 chancery same wireless
END
tap_end
