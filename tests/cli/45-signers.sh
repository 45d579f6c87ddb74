#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Who signed a driver: modules signed here as a vendor would, with the kernel's
# own sign-file; and images in which certificates are sought.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
SIGN=$(find /usr/lib/linux-kbuild-*/scripts/sign-file | sort -V | tail -n 1)
CERTS=$REPO/scripts/kernel-certs

certificate() {	# certificate NAME OPENSSL-KEY...
	openssl req -x509 -newkey "${@:2}" -nodes -subj "/CN=Key of $1" \
		-days 1 -keyout "$1.key" -out "$1.pem" 2> /dev/null
}
certificate ours rsa:2048
certificate vendor ec -pkeyopt ec_paramgen_curve:P-384
certificate stranger ec -pkeyopt ec_paramgen_curve:P-256
head -c 5000 /dev/urandom > plain

sign() {	# sign MODULE HASH KEY OPTION...
	"$SIGN" "${@:4}" "$2" "$3.key" "$3.pem" plain "$1"
}
sign ours.ko sha256 ours
sign ours_by_key.ko sha256 ours -k
sign vendor.ko sha384 vendor
sign vendor_by_key.ko sha512 vendor -k
sign stranger.ko sha256 stranger

policy() {	# policy SIGNER: refuses drivers for which that holds
	cat > policy.yaml <<-END
	policy: signers
	version: 1
	authority: Tests
	valid: { from: 2020-01-01, until: 2099-12-31 }
	requires: { identity: pinned, freshness: 10m, secure_boot: any, lockdown: none, measurer: any }
	signers:
	  - { id: ours, certificates: ours.pem, distribution: yes }
	  - { id: vendor, certificates: vendor.pem }
	rules:
	  - { id: asked, when: { kind: driver, signer: $1 }, then: refuse, because: A test. }
	otherwise: { known: admit, unknown: refer }
	END
}

# judged STATUS SIGNER OPTION... : evidence of modules under that rule
judged() {
	rm -rf e && "$REPO/tests/lib/signed_modules.py" --out e "${@:3}" &&
		policy "$2" && again "$1"
}
again() {	# again STATUS OPTION...: the same evidence
	exits "$1" "$C" verify --challenge e/challenge.json --state e/state \
		--registry "$REPO/policies/registry" --policy policy.yaml \
		--ak e/ak.pub --now 2026-06-01T00:00:01Z "${@:2}" e/evidence.cbor
}

for m in ours ours_by_key; do
	ok "$m.ko is the distribution's" judged 0 "{ not: distribution }" $m.ko
done
for m in vendor vendor_by_key; do
	ok "$m.ko is the vendor's" judged 0 "{ not: vendor }" $m.ko
	ok "$m.ko is not the distribution's" judged 3 "{ not: distribution }" $m.ko
done
ok "a stranger's key is unknown" judged 3 unknown-key stranger.ko
for part in payload signature; do
	for m in ours vendor ours_by_key vendor_by_key; do
		ok "$m.ko with a bit of its $part turned is wrong" \
			judged 3 wrong --flip $part $m.ko
	done
done
told() {
	judged 0 none ours.ko vendor.ko stranger.ko &&
		tr -s '\n ' ' ' < out > flat && mv flat out &&
		prints 'signatures: 1 by ours \("Key of ours", key [0-9a-f]{40}\), 1 by vendor \("Key of vendor", key [0-9a-f]{40}\), 1 by keys that' &&
		! grep -q 'not genuine' out
}
ok "the report says by whom" told
told_wrong() {
	judged 3 wrong --flip payload ours.ko && prints 'not genuine' &&
		prints 'wrong: "Key of ours", serial'
}
ok "and of a wrong one, whose it claims to be" told_wrong

json() {
	judged 0 none ours.ko stranger.ko && again 0 --format json &&
		python3 -c '
import json, sys
a, b = (c["signer"] for c in json.load(sys.stdin)["components"])
assert a.pop("key_id") and a.pop("serial")
assert a == {"result": "valid", "id": "ours", "distribution": True,
             "name": "Key of ours"}, a
assert b.pop("serial")
assert b == {"result": "unknown-key", "name": "Key of stranger"}, b' < out
}
ok "and in JSON" json

# --- certificates in a kernel image -------------------------------------------

# image NAME LENGTH-OF-ALL CERT...: as certs/system_certificates.S lays it out
image() {
	local name=$1 all=$2 c size=0 first=0
	shift 2
	{
		head -c 4096 /dev/zero
		# one that stands alone is not the kernel's list
		openssl x509 -in stranger.pem -outform DER
		head -c 4096 /dev/zero
	} > img
	truncate -s $(($(stat -c %s img) / 8 * 8 + 8)) img
	for c; do
		openssl x509 -in "$c.pem" -outform DER > der
		cat der >> img
		size=$((size + $(stat -c %s der)))
		[ $first -ne 0 ] || first=$size
	done
	truncate -s $((($(stat -c %s img) + 7) / 8 * 8)) img
	perl -e 'print pack("Q<Q<", @ARGV)' $((size + all)) $first >> img
	head -c 4096 /dev/zero >> img
	mv img "$name"
}
found() {	# found CERT...: exactly these, in this order
	exits 0 "$CERTS" "${opts[@]}" img.bin && grep -v '^#' out > got &&
		cat "${@/%/.pem}" | cmp - got
}
opts=()
image img.bin 0 ours
ok "one certificate" found ours
image img.bin 0 ours vendor
ok "several" found ours vendor
opts=(--first)
ok "only the first" found ours
opts=()
for tool in gzip xz zstd lz4; do
	pack() { $tool -q -c img.bin > packed && mv packed img.bin && found ours vendor; }
	image img.bin 0 ours vendor
	if command -v $tool > /dev/null; then
		ok "packed by $tool" pack
	else
		skip "packed by $tool" "no $tool here"
	fi
done
image img.bin 8 ours
none() { exits 1 "$CERTS" "$1" && says "$2" && [ ! -s out ]; }
ok "sizes that do not fit: nothing" none img.bin 'no list of certificates'
head -c 1000000 /dev/urandom > noise
ok "noise: nothing" none noise 'no list of certificates'
: > empty
ok "an empty file" none empty 'no list of certificates'
{ head -c 514 /dev/zero; printf HdrS; head -c 2000 /dev/zero | tr '\0' '\377'; } > boot
ok "a header that lies" none boot 'header is wrong'
ok "no such file" none missing 'cannot read'
ok "no argument" exits 2 "$CERTS"
ok "an unknown option" exits 2 "$CERTS" --last img.bin
tap_end
