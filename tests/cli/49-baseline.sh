#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# verify --baseline: the verdict of a machine that changed since it was accepted.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
MACHINES=$REPO/tests/lib/machines.py
ADMIT=$WORK/admit.yaml
cat > "$ADMIT" <<-END
	policy: admit
	version: 1
	authority: Tests
	valid: { from: 2020-01-01, until: 2099-12-31 }
	requires: { identity: pinned, freshness: 1d, secure_boot: any, lockdown: none, measurer: any }
	rules:
	  - { id: no-huawei, when: { kind: device, id: { like: "19e5:*" } }, then: refuse, because: A test. }
	otherwise: { known: admit, unknown: admit }
END
python3 "$MACHINES" --key key.pem -o accepted same || exit 1
cp accepted/base.evidence accepted.evidence

# answered CASE: today's evidence of the machine, in today/CASE.evidence
answered() {
	rm -f c.json && "$C" challenge -q -o c.json &&
		python3 "$MACHINES" --key key.pem --challenge c.json -o today "$1"
}
judged() {	# judged CODE CASE [OPTION...]
	answered "$2" && exits "$1" "$C" verify --challenge c.json --policy "$ADMIT" --ak accepted/base.ak \
		--baseline accepted.evidence "${@:3}" "today/$2.evidence"
}
query() { python3 -c 'import json, sys; o = json.load(open("out")); f = o["findings"]; sys.exit(not eval(sys.argv[1]))' "$1"; }

same() { judged 0 same && prints '^ADMIT' && prints '[0-9]+ components were compared with the accepted'; }
ok "nothing changed: admitted, and told" same
moved() { judged 0 moved && prints 'Tolerated: .*places'; }
ok "a part that moved: admitted, tolerated" moved
update() { judged 0 kernel && prints 'kernel-newer'; }
ok "an update: admitted, told" update
repair() { judged 0 dimm && prints 'like-for-like'; }
ok "a repair: admitted, told" repair
suspicion() { judged 4 same-version && prints '^REFER' && prints 'e1000e.*has changed'; }
ok "a suspicion: referred" suspicion
in_json() {
	judged 4 same-version --format json && is_json && query '[(x["check"], x["reason"], x["stage"], x["verdict"]) for x in f if x["outcome"] == "failed"] == [("baseline", "INVENTORY", "components", "refer")]' &&
		query 'any("digest" in x.get("observed", "") and "digest" in x.get("expected", "") and "record" in x["place"] for x in f if x["check"] == "baseline")'
}
ok "a finding with reason INVENTORY, what it was and is, and where" in_json
both() { judged 3 another-vendor && prints 'has the id "19e5"|no-huawei|A test' && prints 'another-maker'; }
ok "what the policy forbids is refused, with the change told" both
another() {
	answered same && python3 "$MACHINES" --key other.pem -o other same && exits 4 "$C" verify --challenge c.json \
		--policy "$ADMIT" --ak accepted/base.ak --baseline other/same.evidence today/same.evidence && prints key-changed
}
ok "another machine's baseline: referred" another
without() { answered same-version && exits 0 "$C" verify --challenge c.json --policy "$ADMIT" --ak accepted/base.ak today/same-version.evidence && ! prints 'accepted baseline'; }
ok "without a baseline nothing is compared" without

# A bad baseline is the operator's mistake, and spends no challenge.
still_open() { exits 0 "$C" verify --challenge c.json --policy "$ADMIT" --ak accepted/base.ak today/same.evidence; }
bad() {	# bad CODE FILE TEXT
	answered same && exits "$1" "$C" verify --challenge c.json --policy "$ADMIT" --ak accepted/base.ak \
		--baseline "$2" today/same.evidence && says "$3" && [ ! -s out ] && still_open
}
ok "no such baseline: 2" bad 2 none.evidence none.evidence
head -c 1000 accepted.evidence > cut.evidence
ok "a baseline cut short: 2" bad 2 cut.evidence 'byte [0-9]+'
python3 -c '
d = bytearray(open("accepted.evidence", "rb").read())
d[d.index(b"vendorlink")] ^= 1
open("forged.evidence", "wb").write(d)'
ok "a baseline that somebody changed: 2" bad 2 forged.evidence 'not proven'

# Evidence that proves nothing is not compared, and stays refused.
unproven() {
	answered same && python3 -c '
d = bytearray(open("today/same.evidence", "rb").read())
d[d.index(b"vendorlink")] ^= 1
open("today/same.evidence", "wb").write(d)' &&
		exits 3 "$C" verify --challenge c.json --policy "$ADMIT" --ak accepted/base.ak --baseline accepted.evidence \
			--format json today/same.evidence && query 'any(x["check"] == "baseline" and x["outcome"] == "not-evaluated" for x in f)'
}
ok "evidence that is not proven is not compared" unproven
tap_end
