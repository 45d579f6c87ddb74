#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# "A policy of your own": the README's commands, as they stand there.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
mkdir bin && ln -s "$C" bin/credence && PATH=$WORK/bin:$PATH
cp -r "$REPO/policies" policies
python3 "$REPO/tests/lib/machines.py" --lot 3 -o evidence || exit 1
sed -n '/^## A policy of your own/,/^## /p' "$REPO/README.md" |
	sed -n '/^```sh$/,/^```$/p' | sed '/^```/d' > commands
there() { [ "$(wc -l < commands)" -gt 30 ]; }
ok "the README has the commands" there
runs() { exits 0 bash -eu commands && prints '2 passed, 0 failed|^2 '; }
ok "they run as they stand" runs
impact() { prints '^ *3  machines, each under both policies$' && grep -q '<svg' mine/impact.html; }
ok "the impact is told" impact
signed() { exits 0 credence policy verify-signature mine/north-office.yaml --authority mine/authority.pem && prints 'north-office'; }
ok "the policy is signed" signed
registry() { exits 0 credence policy verify-signature mine/registry --authority mine/authority.pem; }
ok "the registry is signed" registry
wrong() { sed 's/expect: admit/expect: refuse/' mine/north-office.yaml > mine/wrong.yaml && exits 6 credence policy test --registry mine/registry mine/wrong.yaml; }
ok "an example that is not so fails" wrong
looser() {
	sed 's/^rules:/otherwise: { unknown: admit }\nrules:/' mine/north-office.yaml > mine/looser.yaml &&
		exits 2 credence policy check --registry mine/registry mine/looser.yaml && says 'looser.yaml:5:.*loosens'
}
ok "what is looser must be said" looser
changed() {
	echo >> mine/digests/"$(ls mine/digests | head -n 1)" &&
		! exits 0 credence policy verify-signature mine/north-office.yaml --authority mine/authority.pem
}
ok "a list that was changed after signing counts no more" changed

# --- "A first attestation" and "Authority": in a clone, nothing installed ------------

swtpm_start sha256 && measured sha256 || exit 1
mkdir -p clone/build && cp -r "$REPO/policies" clone/policies
cat > clone/build/credence <<END
#!/bin/bash
case \$1 in
attest) exec "$C" attest --root "$ROOT" "\${@:2}" ;;
*) exec "$C" "\$@" ;;
esac
END
chmod +x clone/build/credence
block() {	# block FILE HEADING: the commands there
	sed -n "/^## $2/,/^## /p" "$REPO/$1" | sed -n '/^```sh$/,/^```$/p' | sed '/^```/d'
}
block README.md 'A first attestation' | sed '/^insmod /d; /^set /d' > clone/first
first() {
	[ "$(wc -l < clone/first)" -gt 10 ] && grep -q '^export PATH' clone/first || return 1
	(cd clone && PATH=/usr/bin:/bin bash -eu first > "$WORK/out" 2> "$WORK/err")
	case $? in 0 | 3 | 4) prints '^(ADMIT|REFER|REFUSE): ' ;; *) cat err; return 1 ;; esac
}
ok "A first attestation runs as it stands" first
again() {
	issued=$(sed -n 's/.*"issued": "\(.*\)",/\1/p' clone/alpha.challenge)
	(cd clone && CREDENCE_DATA_DIR=. exits "$1" "$C" verify --challenge alpha.challenge --ak alpha.ak \
		--policy policies/laboratory.yaml --now "$issued" "${@:2}" alpha.evidence)
}
kept() {
	again 3 --state "$CREDENCE_STATE_DIR" || again 4 --state "$CREDENCE_STATE_DIR" || return 1
	! prints 'already led|never gave' && prints '^  freshness +passed'
}
ok "kept evidence, by its state folder and the time of its challenge" kept
elsewhere() { again 1 --state nowhere && says "nowhere/open: .*--state DIR names another; kept evidence needs .*--now"; }
ok "without it: what it needs" elsewhere
none() {
	for ask in "policy lookup pci:19e5" "policy check $REPO/policies/laboratory.yaml"; do
		# shellcheck disable=SC2086 # two words and more
		CREDENCE_DATA_DIR=$WORK/nothing exits 2 "$C" $ask &&
			says "no vendor registry is installed in $WORK/nothing/policies/registry: .*--registry DIR.*CREDENCE_DATA_DIR" ||
			return 1
	done
}
ok "no registry: its name, the option and the variable" none
authority() {
	cp -r policies site && cp site/laboratory.yaml site/site.yaml &&
		printf '%s\n' 'waivers_for: laboratory' 'version: 1' 'authority: A' 'waivers:' \
			"  - { id: W-1, rule: $(sed -n 's/.*- id: \([a-z-]*\).*/\1/p' site/site.yaml | head -n 1)," \
			'      component: { kind: driver, name: x }, until: 2027-01-31, approved_by: A, because: B }' > site/spring.yaml &&
		block policies/README.md Authority | sed 's/ -keyout / -nodes&/; /^install /d' > site/commands &&
		[ "$(grep -c 'policy sign' site/commands)" -eq 3 ] &&
		(cd site && PATH=$WORK/bin:$PATH exits 0 bash -eu commands) && [ -s site/spring.yaml.sum.p7s ]
}
ok "Authority: the commands, but for the passphrase" authority
tap_end
