#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Challenges: made, kept, read strictly.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1

count() { [ "$(find "$1" -type f | wc -l)" -eq "$2" ]; }
made() {
	exits 0 "$C" challenge -o c.json && says 'valid until' && json_file c.json &&
		[ ! -s out ] && [ "$(stat -c %a c.json)" = 600 ] &&
		count state/open 1
}
ok "written and kept" made
to_stdout() { exits 0 "$C" challenge && is_json && [ ! -s err ]; }
ok "to standard output" to_stdout
with_json() { exits 0 "$C" challenge -o c2.json --format json && cmp out c2.json; }
ok "--format json shows it" with_json
distinct() {
	for _ in $(seq 50); do "$C" challenge | grep nonce; done | sort -u > all
	[ "$(wc -l < all)" -eq 50 ]
}
ok "50 are distinct" distinct
valid() {
	env "TZ=${TZ:-UTC}" "$C" challenge --valid 2h > v.json && TZ=UTC python3 - <<-'END'
		import json, datetime as d
		c = json.load(open("v.json"))
		t = [d.datetime.strptime(c[k], "%Y-%m-%dT%H:%M:%SZ")
		     for k in ("issued", "expires")]
		now = d.datetime.utcnow()
		assert t[1] - t[0] == d.timedelta(hours=2), t
		assert abs(now - t[0]) < d.timedelta(seconds=60), t
		assert len(bytes.fromhex(c["nonce"])) == 32
		assert c["credence-challenge"] == 1 and len(c) == 4
	END
}
ok "times and form" valid
in_zone() { TZ=Asia/Kolkata valid; }
ok "the same in another time zone" in_zone
other_state() {
	exits 0 "$C" challenge --state "$WORK/elsewhere" -o o.json &&
		count elsewhere/open 1
}
ok "--state" other_state
no_folder() { exits 1 "$C" challenge --state "$WORK/no/such" && [ ! -s out ]; }
ok "state folder that cannot be made" no_folder
is_file() { : > plain; exits 1 "$C" challenge --state "$WORK/plain" && [ ! -s out ]; }
ok "state folder that is a file" is_file
bad_out() { exits 2 "$C" challenge -o no/such/c.json && says 'no/such/c.json'; }
ok "output folder that is not there" bad_out

# A small full file system: nothing half-written is left, in either place.
full_disk() {
	mkdir -p small && mount -t tmpfs -o size=64k tmpfs small || return 1
	mkdir small/state
	"$C" challenge --state small/state -o small/c.json 2> /dev/null || return 1
	cp small/c.json before.json
	head -c 200000 /dev/zero > small/fill 2> /dev/null
	exits 1 "$C" challenge --state small/state -o small/d.json &&
		exits 1 "$C" challenge -o small/c.json &&
		cmp small/c.json before.json && [ ! -e small/d.json ] &&
		[ "$(find small -type f | wc -l)" -eq 3 ]
}
if [ "$(id -u)" -eq 0 ]; then
	ok "a full disk leaves what was there" full_disk
	umount small 2> /dev/null
else
	skip "a full disk leaves what was there" "needs root for tmpfs"
fi

# Bad challenge files: 2 and a place, before anything else is looked at.
N=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
T='"issued": "2026-01-31T12:00:00Z", "expires": "2026-01-31T12:10:00Z"'
while IFS='|' read -r text pattern; do
	printf '%b' "$text" > bad.json
	bad() {
		exits 2 "$C" verify --challenge bad.json --policy "$ADMIT" none &&
			says "$pattern" &&
			exits 2 "$C" attest --challenge bad.json -o e && says "$pattern"
	}
	ok "bad challenge: ${text:0:40}" bad
done <<END
|bad.json:1:1: not a challenge
null|not a challenge
{}|bad.json:1:2:
{"credence-challenge": 1}|nonce is missing
{"credence-challenge": 2, "nonce": "$N", $T}|must be 1
{"credence-challenge": 1, "nonce": "$N", $T, "x": 1}|unknown member
{"credence-challenge": 1, "nonce": "$N", "nonce": "$N", $T}|given twice
{"credence-challenge": 1, "nonce": "${N:2}", $T}|64 lower-case hex
{"credence-challenge": 1, "nonce": "${N^^}", $T}|64 lower-case hex
{"credence-challenge": 1, "nonce": "$N", $T}{}|there is more
{"credence-challenge": 1,\\n "nonce": 7, $T}|bad.json:2:11:
{"credence-challenge": 1, "nonce": "\\\\033[31m", $T}|without escapes
END
big() {
	head -c 5000 /dev/zero | tr '\0' ' ' > big.json
	exits 2 "$C" attest --challenge big.json -o e && says 'longer than 4096'
}
ok "bad challenge: too long" big
device() { exits 2 "$C" attest --challenge /dev/zero -o e; }
ok "bad challenge: without end" device
no_raw() { ! grep -q $'\x1b' err; }
ok "no raw byte of it in a message" no_raw
tap_end
