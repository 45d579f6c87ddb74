#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One verdict for one challenge, whatever is tried.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 || exit 1

says_json() { exits "$1" verify "$2" --format json "${@:3}" && is_json; }
# 0, admitted; the same again must be refused, the first record untouched
replayed() {
	attested a && exits 0 verify a && prints '^ADMIT' &&
		cp -r state/used used.before &&
		exits 3 verify a && prints 'already used' &&
		exits 3 verify a && diff -r state/used used.before &&
		[ -z "$(ls state/open)" ]
}
ok "admitted once, a copy refused, twice" replayed
record() {
	local d
	d=$(sha256sum < a.ev | cut -d' ' -f1) && json_file state/used/* &&
		grep -q "\"evidence\": \"$d\"" state/used/* &&
		grep -q '"verdict": "admit"' state/used/*
}
ok "the record names evidence and verdict" record
json() { attested j && says_json 0 j && prints '"verdict": "admit"'; }
ok "--format json" json
json_replay() { says_json 3 j && prints '"NONCE"'; }
ok "a copy, as JSON, class NONCE" json_replay
unknown() {
	attested u && rm state/open/* && exits 3 verify u && prints 'unknown' &&
		exits 3 verify u --format json && prints '"NONCE"'
}
ok "a challenge never given out" unknown
elsewhere() {
	attested e && "$C" challenge -q --state s2 > /dev/null &&
		exits 3 verify e --state s2 && exits 0 verify e
}
ok "another verifier's challenge; ours can still be used" elsewhere
expired() {
	"$C" challenge -q --valid 1s -o x.json &&
		"$C" attest -q --root "$ROOT" --challenge x.json -o x.ev && sleep 2.1 &&
		exits 3 verify x --format json && prints '"STALE"'
}
ok "an expired challenge, class STALE" expired
later() {
	attested l && exits 3 verify l --now 2099-01-01T00:00:00Z --format json && prints '"STALE"'
}
ok "a month later is too late" later
before() {
	attested b && exits 3 verify b --now 2001-01-01T00:00:00Z
}
ok "before it was issued" before
edited() {
	attested ed && sed -i 's/"expires": "..../"expires": "2027/' ed.json &&
		exits 2 verify ed && says 'not those of the challenge given out|31 days'
}
ok "a challenge file with other times is wrong input" edited
edited_little() {
	attested el && python3 - <<-'END' || return 1
		import json, datetime as d
		c = json.load(open("el.json"))
		t = d.datetime.strptime(c["expires"], "%Y-%m-%dT%H:%M:%SZ")
		c["expires"] = (t + d.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
		json.dump(c, open("el.json", "w"))
	END
	exits 2 verify el && says 'not those of the challenge given out'
}
ok "even an hour" edited_little

# What is no genuine answer leaves the challenge as it was.
flip() {
	attested f && cp f.ev f.good && python3 - <<-'END' || return 1
		import cbor2
		e = cbor2.load(open("f.ev", "rb"))
		for name in ("attest", "signature", "claims", "pcrs"):
		    data = open("f.ev", "rb").read()
		    at = data.index(e[name][1]) + len(e[name][1]) - 1
		    open("f-" + name, "wb").write(
		        data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
	END
	for part in attest signature claims pcrs; do
		cp "f-$part" f.ev
		"$C" verify --challenge f.json --policy "$ADMIT" --ak ak.pub f.ev > out 2> err
		rc=$?
		[ $rc -eq 3 ] || [ $rc -eq 5 ] || { echo "$part: $rc"; return 1; }
		[ -n "$(ls state/open)" ] || { echo "$part: spent"; return 1; }
	done
	cp f.good f.ev
	exits 0 verify f
}
ok "flipped bits are refused and do not spend it" flip
wrong_nonce() {
	attested w1 && attested w2 && cp w1.ev w1.good && cp w2.ev w1.ev &&
		exits 3 verify w1 --format json && prints '"NONCE"' && cp w1.good w1.ev &&
		exits 0 verify w1 && exits 0 verify w2
}
ok "the answer to another challenge spends neither" wrong_nonce
stranger() {
	attested st && cp ak.pub ours.pub &&
		exits 3 "$C" verify --challenge st.json --policy "$ADMIT" --format json st.ev &&
		prints '"AK_UNTRUSTED"' && exits 0 verify st
}
ok "a key that is not trusted does not spend it" stranger
by_name() {
	attested n && name=$("$C" attest -q --ak-public n.pub --format json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["ak-name"])') &&
		exits 0 "$C" verify --challenge n.json --policy "$ADMIT" --ak "$name" n.ev
}
ok "--ak by name" by_name
other_name() {
	attested o && exits 3 "$C" verify --challenge o.json --policy "$ADMIT" \
		--ak "000b$(printf '%064d' 0)" o.ev && exits 0 verify o
}
ok "--ak, another name" other_name
rsa() {
	"$C" challenge -q -o r.json && "$C" attest -q --ak-alg rsa --root "$ROOT" \
		--challenge r.json -o r.ev --ak-public r.pub &&
		exits 0 "$C" verify --challenge r.json --policy "$ADMIT" \
			--ak ak.pub --ak r.pub r.ev
}
ok "an RSA key, one of two trusted" rsa
for bad in /dev/null "$ADMIT" none.pub; do
	bad_ak() { attested k && exits 2 "$C" verify --challenge k.json --policy "$ADMIT" --ak "$bad" k.ev; }
	ok "--ak $(basename "$bad") is wrong input" bad_ak
done

# Evidence that is none, cut or too long: 5, and the challenge is left.
malformed() {
	attested m && cp m.ev good.ev && "$1" && exits 5 verify m &&
		exits 5 verify m --format json && is_json && cp good.ev m.ev && exits 0 verify m
}
empty() { : > m.ev; }
cut() { head -c 100 good.ev > m.ev; }
tail_byte() { { cat good.ev; printf x; } > m.ev; }
noise() { head -c 5000 /dev/urandom > m.ev; }
yaml() { cp "$ADMIT" m.ev; }
long() { rm m.ev && truncate -s 65M m.ev; }
for m in empty cut tail_byte noise yaml long; do
	ok "malformed evidence: $m" malformed "$m"
done
no_file() { attested nf && rm nf.ev && exits 2 verify nf; }
ok "evidence that is not there" no_file
from_stdin() {
	attested si && "$C" verify --challenge si.json --policy "$ADMIT" --ak ak.pub - < si.ev > out
}
ok "evidence from standard input" from_stdin

# A second look at kept evidence, as of a time; it spends nothing.
reappraise() {
	attested re && now=$(date -u +%FT%TZ) && exits 0 verify re && cp -r state/used used.re &&
		exits 3 verify re && exits 0 verify re --now "$now" && exits 0 verify re --now "$now" &&
		diff -r state/used used.re
}
ok "--now: the same evidence may be appraised again" reappraise
as_of() {
	attested day && now=$(date -u +%FT%TZ) && exits 0 verify day --now "$now" --as-of 2020-01-01 && prints 'As of 2020-01-01' &&
		exits 3 verify day --now "$now" --as-of 2019-12-31 && prints 'not in force' &&
		exits 0 verify day --now "$now" --as-of 2099-12-31 --format json && is_json &&
		prints '"as_of": "2099-12-31"' && exits 3 verify day --now "$now" --as-of 2100-01-01
}
ok "--as-of: the policy's first and last day, and those beside them" as_of
bad_day() {
	for d in 2020-02-30 20200101 today 2020-1-1 1970-01-01 2020-01-01T00:00:00Z; do
		exits 2 verify day --now "$now" --as-of "$d" && says 'such as 2026-01-31' || return 1
	done
}
ok "--as-of: what is no day" bad_day
reappraise_other() {
	"$C" attest -q --root "$ROOT" --challenge re.json -o re2.ev && cp re.json re2.json &&
		exits 3 verify re2 --now "$now" && prints 'already used'
}
ok "--now: other evidence for that challenge may not" reappraise_other

# Without a place to write down that it is spent there is no verdict.
no_state() { attested ns && exits 1 verify ns --state "$WORK/nowhere" && [ ! -s out ] && exits 0 verify ns; }
ok "no state folder: no verdict" no_state
full_state() {
	mkdir -p full && mount -t tmpfs -o size=64k tmpfs full || return 1
	"$C" challenge -q --state full -o fs.json &&
		"$C" attest -q --root "$ROOT" --challenge fs.json -o fs.ev || return 1
	head -c 200000 /dev/zero > full/fill 2> /dev/null
	exits 1 verify fs --state full && [ ! -s out ] && [ -z "$(ls -A full/used)" ] &&
		rm full/fill && exits 0 verify fs --state full
}
read_only() {
	mkdir -p ro && mount -t tmpfs tmpfs ro || return 1
	"$C" challenge -q --state ro -o rs.json &&
		"$C" attest -q --root "$ROOT" --challenge rs.json -o rs.ev || return 1
	mount -o remount,ro ro &&
		exits 1 verify rs --state ro && [ ! -s out ] &&
		exits 1 verify rs --state ro --format json && is_json && ! prints verdict > /dev/null &&
		mount -o remount,rw ro && exits 0 verify rs --state ro
}
if [ "$(id -u)" -eq 0 ]; then
	ok "full state folder: no verdict, usable afterwards" full_state
	ok "read-only state folder: no verdict, usable afterwards" read_only
else
	skip "full state folder" "needs root for tmpfs"
	skip "read-only state folder" "needs root for tmpfs"
fi

# Fifty at once: one verdict of its own, forty-nine "already used".
fifty() {
	attested p || return 1
	rm -rf par && mkdir par
	for i in $(seq 50); do
		"$CREDENCE" verify --challenge p.json --policy "$ADMIT" --ak ak.pub \
			p.ev > "par/$i" 2>&1 &
		pids[i]=$!
	done
	local zero=0 three=0
	for i in $(seq 50); do
		wait "${pids[i]}"
		case $? in 0) zero=$((zero + 1)) ;; 3) three=$((three + 1)) ;; esac
	done
	echo "$zero admitted, $three refused, $(grep -l 'already used' par/* | wc -l) as used"
	[ $zero -eq 1 ] && [ $three -eq 49 ] && [ "$(grep -l 'already used' par/* | wc -l)" -eq 49 ]
}
ok "50 at once: one verdict" fifty
ok "50 at once: again" fifty
ok "50 at once: and again" fifty

same() {
	local ref='' d i
	for i in $(seq 20); do
		env "LC_ALL=$([ $((i % 2)) = 0 ] && echo C || echo C.UTF-8)" "TZ=Asia/Kolkata" \
			"$CREDENCE" verify --challenge re.json --policy "$ADMIT" --ak ak.pub \
			--now "$now" --format json re.ev > same.out || return 1
		d=$(sha256sum < same.out)
		[ -z "$ref" ] || [ "$d" = "$ref" ] || return 1
		ref=$d
	done
}
ok "the same answer 20 times, in any locale and zone" same
full_out() {
	attested fo && "$C" verify --challenge fo.json --policy "$ADMIT" --ak ak.pub fo.ev > /dev/full 2> err
	[ $? -eq 1 ] && says 'standard output'
}
ok "a verdict that cannot be shown is a failure" full_out
tap_end
