#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The plain program under valgrind: no error and no leak, on good and bad ways.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
cd "$WORK" || exit 1
if ! command -v valgrind > /dev/null; then
	skip "valgrind" "valgrind is not installed"
	tap_end
	exit
fi
# 99 is none of ours. What libraries keep until the end is not lost.
clean() {
	local want=$1
	shift
	exits "$want" valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite,indirect,possible \
		--show-leak-kinds=definite,indirect,possible "$CREDENCE" "$@"
}
swtpm_start sha256 && measured sha256 || exit 1
REG=$REPO/policies/registry

ok "challenge" clean 0 challenge -o c.json
ok "attest, making the key" clean 0 attest --root "$ROOT" --challenge c.json -o c.ev --ak-public ak.pub
ok "attest" clean 0 attest --root "$ROOT" --challenge c.json -o c.ev
ok "attest, RSA" clean 0 attest --root "$ROOT" --challenge c.json -o r.ev --ak-alg rsa
ok "attest, no TPM" clean 1 attest --tcti device:/none --challenge c.json -o n.ev
ok "attest, foreign key" clean 1 attest --ak-alg rsa --ak-handle 0x81004352 --challenge c.json -o n.ev
ok "verify" clean 0 verify --challenge c.json --policy "$ADMIT" --ak ak.pub c.ev
ok "verify, used" clean 3 verify --challenge c.json --policy "$ADMIT" --ak ak.pub c.ev
ok "verify, JSON" clean 3 verify --challenge c.json --policy "$ADMIT" --ak ak.pub --format json c.ev
ok "verify, registry" clean 3 verify --challenge c.json --policy "$REPO/policies/chancery.yaml" \
	--registry "$REG" --ak ak.pub c.ev
head -c 300 c.ev > cut.ev
ok "verify, cut" clean 5 verify --challenge c.json --policy "$ADMIT" --ak ak.pub cut.ev
echo 'policy: [' > bad.yaml
ok "verify, bad policy" clean 2 verify --challenge c.json --policy bad.yaml --ak ak.pub c.ev
ok "verify, bad key" clean 2 verify --challenge c.json --policy "$ADMIT" --ak "$ADMIT" c.ev
ok "verify, baseline" clean 3 verify --challenge c.json --policy "$ADMIT" --ak ak.pub --baseline r.ev c.ev
ok "diff" clean 4 diff c.ev r.ev
ok "diff, JSON" clean 0 diff c.ev c.ev --format json
ok "lot" clean 5 lot c.ev r.ev cut.ev
ok "lot, JSON" clean 0 lot c.ev r.ev --format json
ok "lot, CSV" clean 3 lot --ak ak.pub c.ev r.ev --format csv
ok "gate" clean 0 gate --root "$ROOT" --policy "$ADMIT" -o g.ev
ok "policy check" clean 0 policy check --registry "$REG" "$REPO/policies/chancery.yaml"
ok "policy check, bad" clean 2 policy check --registry "$REG" bad.yaml
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=signer -days 2 -keyout k.pem -out s.pem \
	-addext keyUsage=digitalSignature -addext extendedKeyUsage=codeSigning 2> /dev/null
cp -r "$REPO/policies" site
ok "policy sign" clean 0 policy sign --registry site/registry site/chancery.yaml --key k.pem --cert s.pem
ok "policy sign, a registry" clean 0 policy sign site/registry --key k.pem --cert s.pem
ok "policy sign, bad" clean 2 policy sign bad.yaml --key k.pem --cert s.pem
ok "policy verify-signature" clean 0 policy verify-signature site/registry --authority s.pem
ok "verify, authority" clean 3 verify --challenge c.json --policy site/chancery.yaml \
	--registry site/registry --ak ak.pub --authority s.pem c.ev
ok "verify, authority, not signed" clean 2 verify --challenge c.json --policy site/laboratory.yaml \
	--registry site/registry --ak ak.pub --authority s.pem c.ev
printf x >> site/chancery.yaml.sum.p7s
ok "verify, authority, malformed" clean 2 verify --challenge c.json --policy site/chancery.yaml \
	--registry site/registry --ak ak.pub --authority s.pem c.ev
ok "inventory" clean 0 inventory --registry "$REG" --evidence c.ev --format json
mkdir -p fake/proc && echo 'tiny 16384 0 - Live 0x0' > fake/proc/modules
ok "inventory, self-reported" clean 0 inventory --registry "$REG" --root fake
tap_end
