#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is typed wrong ends with 2 and says so; help and version end with 0.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1

VERBS="inventory challenge attest verify gate policy screen"

# ARGUMENTS|pattern on stderr
while IFS='|' read -r args pattern; do
	# shellcheck disable=SC2086
	usage() { exits 2 "$C" $args && says "$pattern" && [ ! -s "$WORK/out" ]; }
	ok "wrong: ${args:-(nothing)}" usage
done <<'END'
|no verb
frobnicate|unknown verb 'frobnicate'
--frobnicate|unknown verb
VERIFY|unknown verb
challenge --frobnicate|unknown option --frobnicate
challenge --val 10m|unknown option --val
challenge -x|unknown option -x
challenge extra|one argument too many
challenge -o|-o needs a value
challenge --output|--output needs a value
challenge --output=|needs a value
challenge --valid 10|give a time such as
challenge --valid 0s|give a time such as
challenge --valid -1m|give a time such as
challenge --valid 32d|at most 31 days
challenge --valid 1m --valid 2m|given twice
challenge --format xml|give text or json
challenge --format|needs a value
challenge --quiet=1|unknown option
attest|--challenge is missing
attest --challenge c.json|--output is missing
attest -o e|--challenge is missing
attest --challenge c.json -o e --ak-alg dsa|give ecc or rsa
attest --challenge c.json -o e --ak-handle zz|not a handle
attest --challenge c.json -o e --ak-handle 0x81800000|0x81000000 to 0x817fffff
attest --challenge c.json -o e --ak-handle 0x100000001|not a handle
attest --challenge none.json -o e|cannot open none.json
verify|--challenge is missing
verify --challenge c.json|--policy is missing
verify --challenge c.json --policy p|EVIDENCE is missing
verify --challenge - --policy p -|cannot both come
verify --challenge c --policy p --now 2026-01-01 e|give UTC such as
verify --challenge c --policy p e1 e2|one argument too many
verify --challenge none.json --policy p e|cannot open none.json
gate|--policy is missing
gate --policy none.yaml|cannot open none.yaml
gate --policy p -o -|standard output is for the verdict
policy|credence policy check FILE
policy frobnicate|credence policy check FILE
policy check|FILE is missing
policy check none.yaml|cannot open none.yaml
policy check a b|one argument too many
policy test|FILE is missing
policy test none.yaml|cannot open none.yaml
policy test a b|one argument too many
policy test a --as-of 2026-13-01|--as-of
verify --challenge c --policy p --explain= e|needs a value
inventory --log a --evidence b|either --log or --evidence
inventory --log none|cannot open none
inventory --evidence none|cannot open none
END

both_binary() {
	exits 2 "$C" attest --challenge c -o - --format json &&
		grep -q '"exit": 2' out
}
ok "binary and JSON not both on standard output" both_binary

helps() { exits 0 "$C" "$1" --help && prints "^usage: credence $1" && [ ! -s err ]; }
for v in $VERBS; do
	ok "$v --help" helps "$v"
	json_error() {
		exits 2 "$C" "$v" --frobnicate --format json && is_json &&
			prints '"exit": 2'
	}
	ok "$v: usage error as JSON" json_error
done
help_lists() {
	exits 0 "$C" --help || return 1
	for v in $VERBS; do prints "^  $v " || return 1; done
}
ok "--help lists every verb" help_lists
version() { exits 0 "$C" --version && prints '^credence [0-9]+\.[0-9]+\.[0-9]+$'; }
ok "--version" version

escaped() {
	exits 2 "$C" $'\x1b[31m\xff\n' && ! grep -q $'\x1b' err &&
		says '\\x1b\[31m\\xff\\x0a' && [ "$(wc -l < err)" -eq 1 ]
}
ok "what is typed is shown without control bytes" escaped
escaped_json() {
	exits 2 "$C" challenge $'--\x1b"\\\xc3' --format=json && is_json &&
		! grep -q $'\x1b' out
}
ok "and in JSON too" escaped_json
full() { "$C" --help > /dev/full 2> err; [ $? -eq 1 ] && says "standard output"; }
ok "a full standard output is an error" full
told_exits() { exits 0 "$C" --help && for n in 0 1 2 3 4 5 6 7; do prints "(^| |: )$n [a-z']" || return 1; done; }
ok "--help has every exit code" told_exits
tap_end
