#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every verb has a manual page, every option is in it, the pages are clean.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
MAN=$REPO/userspace/man
cd "$WORK" || exit 1

"$C" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' > verbs
verbs_known() { [ "$(wc -l < verbs)" -ge 6 ]; }
ok "verbs are listed" verbs_known
while read -r verb; do
	listed() { grep -q "^\.It Cm $verb\$" "$MAN/credence.1"; }
	ok "$verb is in credence(1)" listed
	"$C" "$verb" --help | grep -oE -- '--[a-z-]+' | sort -u > options
	# a page may lead to another for options that are shared
	described() {
		local o missing=0
		[ -s options ] || return 1
		while read -r o; do
			grep -qE "Fl Fl ${o#--}( |\$)" "$MAN/credence-$verb.1" "$MAN/credence.1" ||
				{ echo "$o"; missing=1; }
		done < options
		return $missing
	}
	ok "options of $verb are described" described
done < verbs
impact_described() {
	local o
	"$C" policy impact --help | grep -oE -- '--[a-z-]+' | sort -u > options
	[ -s options ] || return 1
	while read -r o; do
		grep -qE "Fl Fl ${o#--}( |\$)" "$MAN/credence-policy-impact.1" "$MAN/credence.1" ||
			{ echo "$o"; return 1; }
	done < options
}
ok "options of policy impact are described" impact_described
# and none that the program does not have
superfluous() {
	local page verb o bad=0
	for page in "$MAN"/credence-*.1; do
		verb=$(basename "$page" .1) && verb=${verb#credence-}
		while read -r o; do
			# shellcheck disable=SC2086 # "policy-impact" is two words
			"$C" ${verb//-/ } --help | grep -q -- "$o" || { echo "$verb $o"; bad=1; }
		done < <(sed -n 's/^\.It .*Fl Fl \([a-z-]*\).*/--\1/p' "$page")
	done
	return $bad
}
ok "no page describes an option that is not there" superfluous
if command -v mandoc > /dev/null; then
	# not what it says of this system's own index of pages
	lint() { ! (cd "$MAN" && mandoc -Tlint ./*.1 2>&1) | grep -v 'mandoc.db'; }
	ok "mandoc -Tlint" lint
else
	skip "mandoc -Tlint" "mandoc is not installed"
fi
tap_end
