#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Policies, waivers and registry under a pinned authority: with certificates
# made by openssl, signatures made by this program and by openssl, and whatever
# somebody who can write the files but has no key might try.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 || exit 1

# --- certificates --------------------------------------------------------------

key() { openssl genpkey -quiet -algorithm "${@:2}" -out "$1.key" 2> /dev/null; }
P256=(EC -pkeyopt ec_paramgen_curve:P-256)
root() {	# root NAME: an authority
	key "$1" "${P256[@]}" &&
		openssl req -x509 -new -key "$1.key" -subj "/O=Tests/CN=$1" \
			-days 3650 -addext keyUsage=critical,keyCertSign \
			-out "$1.pem" 2> /dev/null
}
# issue NAME ISSUER EXTENSIONS [KEY...]
issue() {
	key "$1" "${@:4}" &&
		openssl req -new -key "$1.key" -subj "/O=Tests/CN=$1" -out csr &&
		printf '%b\n' "$3" > ext &&
		openssl x509 -req -in csr -CA "$2.pem" -CAkey "$2.key" \
			-CAcreateserial -days 365 -extfile ext -out "$1.pem" 2> /dev/null
}
SIGNER='keyUsage=digitalSignature\nextendedKeyUsage=codeSigning'
made() {
	root ministry && root stranger &&
		issue signer ministry "$SIGNER" "${P256[@]}" &&
		issue rsa ministry "$SIGNER" RSA -pkeyopt rsa_keygen_bits:3072 &&
		issue small ministry "$SIGNER" RSA -pkeyopt rsa_keygen_bits:1024 &&
		issue foreign stranger "$SIGNER" "${P256[@]}" &&
		issue mail ministry 'keyUsage=digitalSignature\nextendedKeyUsage=emailProtection' "${P256[@]}" &&
		issue sealing ministry 'keyUsage=keyEncipherment\nextendedKeyUsage=codeSigning' "${P256[@]}" &&
		issue between ministry 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign' "${P256[@]}" &&
		issue deep between "$SIGNER" "${P256[@]}" &&
		issue over ministry "$SIGNER" "${P256[@]}"
}
ok "certificates" made

# --- a site ----------------------------------------------------------------------

site() {	# site VERSION: what is to be signed, anew
	rm -rf site && mkdir -p site/lists site/registry &&
		cp "$REPO"/policies/registry/*.csv site/registry/ &&
		cp signer.pem site/lists/vendor.pem &&
		echo "$(printf x | sha256sum | cut -d' ' -f1)  thing" > site/lists/known.sha256 || return
	sed -e 's/^policy: .*/policy: base/; s,^rules:,signers: [ { id: vendor\, certificates: lists/vendor.pem } ]\n&,' \
		"$ADMIT" > site/base.yaml
	cat > site/site.yaml <<-END
	policy: site
	version: $1
	authority: Tests
	extends: base.yaml
	digest_lists: [ { id: known, file: lists/known.sha256 } ]
	rules:
	  - { id: maker, when: { vendor: huawei }, then: refuse, because: A test. }
	  - { id: listed, when: { digest: known }, then: refuse, because: A test. }
	END
	cat > site/spring.yaml <<-END
	waivers_for: site
	version: $1
	authority: Tests
	waivers:
	  - { id: W1, rule: maker, component: { kind: driver, name: never }, until: 2099-12-31, approved_by: D, because: R. }
	END
}
sign() { "$C" policy sign -q --registry site/registry "$@"; }
by() { sign "$1" --key "$2.key" --cert "$2.pem" "${@:3}"; }
signed() {
	site "$1" && by site/site.yaml signer && by site/registry signer &&
		by site/spring.yaml signer --policy site/site.yaml
}
# The same bundle again and again: its challenge is spent only by a verdict.
judge() {	# judge STATUS ARG...
	exits "$1" "$C" verify --challenge a.json --policy site/site.yaml \
		--registry site/registry --ak ak.pub "${@:2}" a.ev
}
fresh() { rm -rf seen state/used && attested a; }
pinned() { judge "$1" --authority ministry.pem "${@:2}"; }
refuses() {	# refuses PATTERN ARG...: no verdict, no challenge spent, and why
	local before
	before=$(ls state/used)
	pinned 2 "${@:2}" && says "$1" && [ ! -s out ] && [ "$(ls state/used)" = "$before" ]
}
forget() { rm -rf state/seen; }

# --- the main job ------------------------------------------------------------------

unpinned() {
	site 1 && fresh && judge 0 && prints 'policy is not authenticated' &&
		prints 'site, version 1; not authenticated' && [ ! -e state/seen ]
}
ok "without an authority all is as it was, and told" unpinned
main_job() {
	signed 1 && fresh && pinned 0 --waivers site/spring.yaml && tr -s '\n ' '  ' < out > flat && mv flat out &&
		! grep -q 'not authenticated' out &&
		prints 'policy site, version 1; signed by CN=signer,O=Tests \(P-256, sha256, certificate [0-9a-f]{64}, valid until .* under CN=ministry,O=Tests' &&
		prints 'extends base, version 1, base.yaml' &&
		prints 'waivers site/spring.yaml, version 1; signed by CN=signer' &&
		prints 'registry version [0-9]+ of 20[0-9-]{8}; signed by CN=signer' &&
		[ "$(ls state/seen | wc -l)" -eq 3 ]
}
ok "signed, and said by whom" main_job
json() {
	fresh && pinned 0 --waivers site/spring.yaml --format json && python3 -c '
import json, subprocess, sys
r = json.load(sys.stdin)
fp = subprocess.run(["openssl", "x509", "-in", "signer.pem", "-noout", "-fingerprint", "-sha256"],
                    capture_output=True, text=True).stdout.split("=")[1].strip().replace(":", "").lower()
for s in (r["policy"]["signed"], r["registry"]["signed"], r["policy"]["waivers"][0]["signed"]):
    assert s["subject"] == "CN=signer,O=Tests" and s["anchor"] == "CN=ministry,O=Tests", s
    assert s["certificate"] == "sha256:" + fp, s
assert r["policy"]["version"] == 1 and r["policy"]["digest"].startswith("sha256:")
assert [e["name"] for e in r["policy"]["extends"]] == ["base"]
assert r["registry"]["digest"] == r["registry_digest"] and r["registry"]["date"]' < out
}
ok "the same in JSON" json
installed() {
	mkdir -p config && cp ministry.pem config/authority.pem &&
		fresh && judge 0 && prints 'signed by' && cp stranger.pem config/authority.pem &&
		fresh && judge 2 && says 'not under the pinned' && rm -r config
}
ok "pinned in the configuration" installed
config_bad() {
	mkdir -p config && echo x > config/authority.pem && judge 2 && says 'no certificate' &&
		rm config/authority.pem && mkdir config/authority.pem && judge 2 && rm -r config
}
ok "a configuration that cannot be read pins, and fails" config_bad
# The commands of policies/README.md, but for the passphrase.
as_documented() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 730 \
		-subj "/O=Example Research Council/CN=Policies" \
		-addext keyUsage=digitalSignature -addext extendedKeyUsage=codeSigning \
		-nodes -keyout authority.key -out authority.pem 2> /dev/null &&
		signed 1 && by site/site.yaml authority && by site/registry authority &&
		by site/spring.yaml authority --policy site/site.yaml && fresh &&
		judge 0 --authority authority.pem --waivers site/spring.yaml &&
		openssl cms -verify -binary -purpose any -inform DER -in site/site.yaml.sum.p7s \
			-content site/site.yaml.sum -CAfile authority.pem -out /dev/null &&
		exits 0 "$C" policy verify-signature site/site.yaml --authority authority.pem
}
ok "as the documentation has it" as_documented
signed 1
gate() {
	rm -rf g && exits 0 "$C" gate --root "$ROOT" --policy site/site.yaml --state g \
		--registry site/registry --authority ministry.pem && prints 'signed by' &&
		[ "$(ls g/seen | wc -l)" -eq 2 ] &&
		exits 2 "$C" gate --root "$ROOT" --policy "$ADMIT" --state g --authority ministry.pem
}
ok "gate" gate
by_hand() {
	(cd site && sha256sum -c --strict --quiet site.yaml.sum spring.yaml.sum &&
		cd registry && sha256sum -c --strict --quiet registry.sum) || return
	for f in site/site.yaml site/spring.yaml site/registry/registry; do
		openssl cms -verify -binary -purpose any -inform DER -in $f.sum.p7s \
			-content $f.sum -CAfile ministry.pem -out got &&
			cmp got $f.sum || return
	done
}
ok "checked by hand, with sha256sum and openssl" by_hand
# sign_by_hand FILE SIGNER OPTION...
sign_by_hand() {
	openssl cms -sign -binary -in "$1.sum" -signer "$2.pem" -inkey "$2.key" \
		-outform DER -out "$1.sum.p7s" "${@:3}"
}
from_hand() { signed 1 && sign_by_hand site/site.yaml rsa -md sha512 && fresh && pinned 0 && prints RSA-3072; }
ok "signed by hand, with openssl" from_hand

# --- what is refused ---------------------------------------------------------------

signed 1
unsigned() { rm site/site.yaml.sum.p7s && refuses 'not signed: there is no .*site.yaml.sum.p7s'; }
ok "no signature" unsigned
no_manifest() { rm site/site.yaml.sum && refuses 'not signed'; }
ok "no manifest" no_manifest
registry_unsigned() { signed 1 && rm site/registry/registry.sum* && refuses 'registry is not signed'; }
ok "a registry without" registry_unsigned
waivers_unsigned() { signed 1 && rm site/spring.yaml.sum && refuses 'spring.yaml is not signed' --waivers site/spring.yaml; }
ok "waivers without" waivers_unsigned

# changed FILE: one byte more, after signing
changed() { signed 1 && echo '#' >> "site/$1" && refuses "$1.* is not the file that was signed"; }
for f in site.yaml base.yaml lists/known.sha256 lists/vendor.pem; do
	ok "$f changed after signing" changed $f
done
table_changed() { signed 1 && sed -i '$s/[0-9]/1/' site/registry/listings.csv && echo >> site/registry/sources.csv && refuses 'is not the file that was signed'; }
ok "a table of the registry changed" table_changed
manifest_changed() {
	signed 1 && echo '#' >> site/base.yaml &&
		(cd site && sed -i "s/^.*  base.yaml/$(sha256sum base.yaml)/" site.yaml.sum) &&
		refuses 'does not fit the manifest'
}
ok "and the manifest with it" manifest_changed
version_changed() { signed 1 && sed -i 's/^# version: 1/# version: 9/' site/site.yaml.sum && refuses 'does not fit'; }
ok "the manifest's version changed" version_changed
missing() {
	signed 1 && sed -i '/base.yaml/d' site/site.yaml.sum && sign_by_hand site/site.yaml signer &&
		refuses 'base.yaml is not among the files that were signed'
}
ok "a parent that the manifest does not name" missing
swapped() {
	signed 1 && mv site/lists/known.sha256 site/lists/x && mv site/lists/vendor.pem site/lists/known.sha256 &&
		mv site/lists/x site/lists/vendor.pem && refuses 'not the file that was signed'
}
ok "two signed files swapped" swapped
renamed() {
	signed 1 && cp site/base.yaml site/lax.yaml && cp site/site.yaml.sum site/base.yaml.sum &&
		cp site/site.yaml.sum.p7s site/base.yaml.sum.p7s && fresh &&
		exits 2 "$C" verify --challenge a.json --policy site/base.yaml --ak ak.pub \
			--authority ministry.pem a.ev && says 'signed for site.yaml, not for base.yaml'
}
ok "a laxer parent in the place of the policy" renamed
kinds() {
	signed 1 && cp site/site.yaml.sum site/registry/registry.sum &&
		cp site/site.yaml.sum.p7s site/registry/registry.sum.p7s &&
		refuses 'signed as a policy, not as a registry'
}
ok "a policy's signature on the registry" kinds
kinds_too() {
	signed 1 && cp site/spring.yaml.sum site/site.yaml.sum && cp site/spring.yaml.sum.p7s site/site.yaml.sum.p7s &&
		refuses 'signed as a waivers, not as a policy'
}
ok "that of waivers on the policy" kinds_too
names() {
	signed 1 && sed -i 's/^# name: site/# name: other/' site/site.yaml.sum && sign_by_hand site/site.yaml signer &&
		refuses 'under the name other, but calls itself site'
}
ok "a name that is not the policy's" names
versions() {
	signed 1 && sed -i 's/^# version: 1/# version: 7/' site/site.yaml.sum && sign_by_hand site/site.yaml signer &&
		refuses 'signed as version 7, but calls itself version 1'
}
ok "a version that is not the policy's" versions
standard_input() {
	signed 1 && exits 2 "$C" verify --challenge a.json --policy - --ak ak.pub --authority ministry.pem a.ev < site/base.yaml &&
		says 'standard input is not signed'
}
ok "a policy from standard input" standard_input

# whose SIGNER PATTERN OPTION...
whose() { signed 1 && sign_by_hand site/site.yaml "$1" "${@:3}" && refuses "$2"; }
ok "somebody else's signature" whose foreign 'CN=foreign.*not under the pinned authority'
ok "with his root in it" whose foreign 'not under the pinned' -certfile stranger.pem
ok "with the right root in it" whose foreign 'not under the pinned' -certfile ministry.pem
ok "a certificate for mail" whose mail 'extended key usage must have codeSigning'
ok "a certificate for encryption" whose sealing 'key usage must have digitalSignature'
ok "the authority's own, which only certifies" whose ministry 'key usage must have digitalSignature'
ok "RSA of 1024 bits" whose small '2048'
ok "SHA-1" whose signer 'weak or unknown hash' -md sha1
ok "below one between, which is missing" whose deep 'not under the pinned'
ok "two signers" whose signer 'exactly one signer' -signer rsa.pem -inkey rsa.key
ok "with what is signed inside" whose signer 'carries what it signs' -nodetach
between() { signed 1 && by site/site.yaml deep --chain between.pem && fresh && pinned 0 && prints 'under CN=ministry'; }
ok "below one between, which is there" between
anchor_between() { fresh && judge 2 --authority between.pem && by site/registry deep && judge 0 --authority between.pem; }
ok "one between may be pinned; it is another authority" anchor_between
itself() { signed 1 && fresh && judge 0 --authority signer.pem; }
ok "the signer itself may be pinned" itself

# bytes EXPRESSION PATTERN: done to the signature
bytes() { signed 1 && eval "$1" && refuses "$2"; }
P=site/site.yaml.sum.p7s
ok "cut short" bytes "truncate -s -1 $P" 'cut short'
ok "empty" bytes ": > $P" 'empty'
ok "something behind it" bytes "printf x >> $P" 'behind its end'
ok "PEM" bytes "openssl cms -cmsout -inform DER -in $P -outform PEM -out p && mv p $P" 'is PEM'
ok "noise" bytes "head -c 900 /dev/urandom > $P" 'no DER|cut short'
ok "huge" bytes "head -c 70000 /dev/zero > $P" 'longer than 65536'
ok "endless" bytes "ln -sf /dev/zero $P" 'longer than 65536'
ok "a folder" bytes "rm $P && mkdir $P" 'directory'
ok "a manifest over the limit" bytes "head -c 200000 /dev/zero > site/site.yaml.sum" 'longer than'
ok "a manifest that is none, signed" bytes \
	"echo hello > site/site.yaml.sum && sign_by_hand site/site.yaml signer" 'no manifest'
ok "a manifest with a path that leaves, signed" bytes \
	"sed -i 's,lists/known,../known,' site/site.yaml.sum && sign_by_hand site/site.yaml signer" 'plain path'

# --- time --------------------------------------------------------------------------

signed 1
expired() { refuses 'has expired: it is from .* until .* UTC, and was judged as of 2098-01-01 00:00:00 \(--now\)' --now 2098-01-01T00:00:00Z; }
ok "a certificate that is over" expired
not_yet() { refuses 'is not yet valid: it is from .* until .* UTC, and was judged as of 2020-01-01 00:00:00 \(--now\)' --now 2020-01-01T00:00:00Z; }
ok "a certificate that is not yet valid" not_yet

# --- versions ----------------------------------------------------------------------

rollback() {
	forget && signed 1 && cp -r site v1 && signed 2 && fresh && pinned 0 &&
		rm -r site && cp -r v1 site && fresh && refuses 'version 1 of site is older than version 2'
}
ok "an older version" rollback
still() { refuses 'older than version 2' && refuses 'older than version 2'; }
ok "however often" still
allowed() {
	pinned 0 --allow-older && tr -s '\n ' '  ' < out > flat && mv flat out &&
		prints 'site, version 1, is older than version 2, which this verifier has seen; the operator let it count' &&
		fresh && refuses 'older than version 2'
}
ok "unless the operator says so, which is told and kept nowhere" allowed
newer() { signed 3 && fresh && pinned 0 && signed 2 && fresh && refuses 'older than version 3'; }
ok "a newer one raises the bar" newer
differs() {
	signed 3 && echo '# changed' >> site/base.yaml && rm site/site.yaml.sum && by site/site.yaml signer &&
		fresh && refuses 'version 3 of site was seen before, with other content'
}
ok "the same version with other content" differs
differs_allowed() { pinned 0 --allow-older && tr -s '\n ' '  ' < out > flat && mv flat out && prints 'not the one of that version'; }
ok "that too may be let in, and is told" differs_allowed
resigned() { signed 3 && by site/site.yaml rsa && fresh && pinned 0; }
ok "the same content signed again, by another under the same authority" resigned
registry_back() {
	v=$(sed -n '2s/,.*//p' site/registry/release.csv) &&
		sed -i "2s/^$v,/$((v + 1)),/" site/registry/release.csv && by site/registry signer && fresh && pinned 0 &&
		signed 3 && fresh && refuses 'of registry is older'
}
ok "a registry that goes back" registry_back
forgotten() { forget && fresh && pinned 0; }
ok "a state folder without the record begins anew" forgotten
damaged() {
	for f in state/seen/*; do echo >> "$f"; done
	fresh && pinned 1 && says 'seen/[0-9a-f]{64}: cannot tell which version of site was seen: the record is damaged' &&
		[ ! -s out ] && [ -z "$(ls state/used)" ] && forget
}
ok "a damaged record: no verdict" damaged
blocked() { rm -rf state/seen && echo > state/seen && fresh && pinned 1 && says 'state/seen' && rm state/seen; }
ok "a state folder that cannot be used: no verdict" blocked
both_roots() {
	cat stranger.pem ministry.pem > both.pem && forget && signed 5 && fresh && judge 0 --authority both.pem &&
		signed 4 && by site/site.yaml foreign && fresh && judge 2 --authority both.pem && says 'older than version 5'
}
ok "two authorities pinned: the other's key brings nothing back" both_roots

# Two verifiers at a time, an old policy and a new one.
race() {
	local i bad=0 pids=()
	forget && signed 1 && rm -rf old new && cp -r site old && signed 2 && cp -r site new || return 1
	one() {
		"$C" verify --challenge a.json --policy "$1/site.yaml" --registry "$1/registry" \
			--ak ak.pub --authority ministry.pem a.ev > "$1.out$2" 2>&1
		echo $? > "$1.rc$2"
	}
	fresh
	for i in 1 2 3 4 5; do
		one old "$i" &
		pids+=($!)
		one new "$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3 4 5; do
		# 3: the challenge was spent by another; that is a verdict too
		grep -qx '[03]' "new.rc$i" || bad=1
		grep -qx '[023]' "old.rc$i" || bad=1
		[ "$(cat "old.rc$i")" != 2 ] || grep -q 'older than version 2' "old.out$i" || bad=1
	done
	one old 6
	[ $bad = 0 ] && grep -qx 2 old.rc6 && [ -z "$(find state/seen -name '.new-*')" ]
}
ok "two at a time: after the new one the old one never" race

# --- signing -----------------------------------------------------------------------

site 1
key_of() { exits 2 "$C" policy sign --registry site/registry site/site.yaml "$@"; }
ok "no key" key_of --cert signer.pem
ok "no certificate" key_of --key signer.key
other() { key_of --key signer.key --cert rsa.pem && says 'not the certificate of the key'; }
ok "a certificate of another key" other
not_key() { key_of --key signer.pem --cert signer.pem && says 'not a private key'; }
ok "no key in the file" not_key
usage() { key_of --key mail.key --cert mail.pem && says 'no verifier would take it' && [ ! -e site/site.yaml.sum ]; }
ok "a certificate that verifiers refuse" usage
unsound() { echo x >> site/site.yaml && key_of --key signer.key --cert signer.pem && says 'site.yaml:' && [ ! -e site/site.yaml.sum ] && site 1; }
ok "a policy that is unsound is not signed" unsound
no_name() { key_of --key signer.key --cert signer.pem --name other && says '--name'; }
ok "a policy has its own name" no_name
locked() {
	openssl pkcs8 -topk8 -in signer.key -out locked.key -v2 aes-256-cbc -passout pass:secret &&
		echo secret > phrase && echo wrong > wrong &&
		exits 0 "$C" policy sign --registry site/registry site/site.yaml --key locked.key --cert signer.pem --passphrase-file phrase &&
		prints 'policy site, version 1, 4 files, signed by CN=signer' &&
		key_of --key locked.key --cert signer.pem --passphrase-file wrong && says 'passphrase is wrong' &&
		! grep -q wrong out && key_of --key locked.key --cert signer.pem --passphrase-file none
}
ok "a key with a passphrase, from a file" locked
nobody() { setsid -w "$C" policy sign --registry site/registry site/site.yaml --key locked.key --cert signer.pem > out 2> err < /dev/null; [ $? -eq 2 ] && says 'no terminal'; }
ok "and nobody there to ask" nobody
typed() {
	rm site/site.yaml.sum
	echo secret | script -qec "$C policy sign --registry site/registry site/site.yaml --key locked.key --cert signer.pem" /dev/null > out
	[ -e site/site.yaml.sum ] && prints 'Passphrase of locked.key' && ! grep -q secret site/site.yaml.sum*
}
if command -v script > /dev/null; then
	ok "typed at a terminal" typed
else
	skip "typed at a terminal" "no script here"
fi
back() {
	signed 3 && sed -i 's/^version: 3/version: 2/' site/site.yaml && key_of --key signer.key --cert signer.pem &&
		says 'is of version 3 already; raise' && sed -i 's/^version: 2/version: 3/; s/A test/A change/' site/site.yaml &&
		key_of --key signer.key --cert signer.pem && says 'version 3 already, with other content' &&
		sed -i 's/^version: 3/version: 4/' site/site.yaml && by site/site.yaml signer
}
ok "versions do not go back here either" back
unwritable() {
	site 1 && mkdir site/site.yaml.sum.p7s && exits 2 by site/site.yaml signer && says p7s &&
		[ -z "$(find site -name '*.sum.??????')" ]
}
ok "what cannot be written is said, and nothing left behind" unwritable
sign_json() { exits 0 "$C" policy sign --format json site/registry --key signer.key --cert signer.pem --name national && is_json && prints '"name": "national"'; }
ok "a registry under a name of its own, JSON" sign_json

# --- looking at a signature --------------------------------------------------------

signed 1
look() { exits "$1" "$C" policy verify-signature "${@:2}"; }
good() {
	look 0 site/site.yaml --authority ministry.pem && prints '^policy site, version 1 of 20' &&
		prints 'signed by +CN=signer' && prints 'authority +CN=ministry' && prints 'lists/known.sha256' &&
		look 0 site/registry --authority ministry.pem && prints '^registry registry' &&
		look 0 site/spring.yaml --authority ministry.pem --format json && is_json && prints '"kind": "waivers"'
}
ok "who signed, with what, until when, over what" good
nobody_pinned() { look 4 site/site.yaml && prints 'nobody is pinned' && look 4 site/site.yaml --format json && prints '"anchor": null'; }
ok "nobody is pinned: sound, but 4" nobody_pinned
look_bad() {
	look 2 site/site.yaml --authority stranger.pem && says 'not under' &&
		look 2 site/site.yaml --authority ministry.pem --now 2098-01-01T00:00:00Z && says expired &&
		look 2 site/base.yaml --authority ministry.pem && says 'not signed' &&
		echo '#' >> site/base.yaml && look 2 site/site.yaml --authority ministry.pem && says 'base.yaml'
}
ok "and what is wrong" look_bad
help() { exits 0 "$C" policy sign --help && prints passphrase-file && exits 0 "$C" policy verify-signature --help && prints authority; }
ok "--help" help
check_draft() {
	mkdir -p config && cp ministry.pem config/authority.pem && site 1 &&
		exits 0 "$C" policy check --registry site/registry site/site.yaml && rm -r config
}
ok "policy check takes drafts, whoever is pinned" check_draft
tap_end
