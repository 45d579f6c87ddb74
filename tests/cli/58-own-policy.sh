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
tap_end
