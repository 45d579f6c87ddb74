#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make sign`: bad calls first, each with its own words and without touching
# the module; then what the kernel's tools see. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-sign.XXXXXX")
trap 'rm -rf "$T"' EXIT
unset MAKEFLAGS MFLAGS KDIR V
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/out")
export O=$T/build
KO=$O/kmod/credence.ko

sign() {
	make sign "$@" >"$T/out" 2>&1
}

# refused TEXT ARGUMENT...: says so; the module is what it was
refused() {
	local text=$1
	shift
	! sign "$@" && grep -q -- "$text" "$T/out" &&
		{ [ ! -e "$KO" ] || cmp -s "$KO" "$T/unsigned.ko"; } &&
		[ ! -e "$KO.signed" ]
}

for name in one two; do
	openssl req -new -x509 -newkey rsa:2048 -nodes -sha256 -days 2 -batch \
		-subj "/CN=Maker $name" -keyout "$T/$name.key" \
		-out "$T/$name.pem" 2>/dev/null
done
openssl pkey -in "$T/one.key" -aes256 -passout pass:secret -out "$T/locked.key"
echo "no key at all" >"$T/text"

refused 'run make kmod' KEY="$T/one.key" CERT="$T/one.pem"
result "before the module is built, it says what to do"

make kmod >"$T/out" 2>&1 && cp "$KO" "$T/unsigned.ko"
result "the module"

# --- refused ------------------------------------------------------------------

refused 'KEY= is missing'
result "no arguments"
refused 'CERT= is missing' KEY="$T/one.key"
result "no certificate"
refused "no key '$T/absent'" KEY="$T/absent" CERT="$T/one.pem"
result "a key that is not there"
refused "no certificate '$T/absent'" KEY="$T/one.key" CERT="$T/absent"
result "a certificate that is not there"
refused 'is no private key' KEY="$T/text" CERT="$T/one.pem"
result "a key that is none"
refused 'is no private key' KEY="$T/one.pem" CERT="$T/one.pem"
result "a certificate in the place of the key"
refused 'is no X.509 certificate' KEY="$T/one.key" CERT="$T/text"
result "a certificate that is none"
refused 'certifies another key' KEY="$T/one.key" CERT="$T/two.pem"
result "a certificate of another key"
refused 'pass phrase' KEY="$T/locked.key" CERT="$T/one.pem"
result "a key with a pass phrase, and none given"
KBUILD_SIGN_PIN=wrong refused 'pass phrase' KEY="$T/locked.key" CERT="$T/one.pem"
result "a wrong pass phrase"

cp "$T/text" "$KO"
! sign KEY="$T/one.key" CERT="$T/one.pem" && cmp -s "$T/text" "$KO"
result "what is no module is not signed"
cp "$T/unsigned.ko" "$KO"

# --- signed -------------------------------------------------------------------

# signed_by NAME: what modinfo shows; the code is what it was, and there is one
# signature after it
signed_by() {
	local size
	size=$(stat -c %s "$T/unsigned.ko")
	[ "$(/sbin/modinfo -F signer "$KO")" = "Maker $1" ] &&
		[ "$(/sbin/modinfo -F sig_hashalgo "$KO")" = sha256 ] &&
		cmp -s -n "$size" "$KO" "$T/unsigned.ko" &&
		[ "$(tail -c +$((size + 1)) "$KO" |
			grep -ac 'Module signature appended')" = 1 ]
}

sign KEY="$T/one.key" CERT="$T/one.pem" && signed_by one
result "modinfo shows who signed"

cp "$KO" "$T/first.ko"
sign KEY="$T/one.key" CERT="$T/one.pem" && cmp -s "$KO" "$T/first.ko"
result "the same again is the same"

sign KEY="$T/two.key" CERT="$T/two.pem" && signed_by two
result "another signature takes the first one's place"

KBUILD_SIGN_PIN=secret sign KEY="$T/locked.key" CERT="$T/one.pem" && signed_by one
result "a key with its pass phrase"

echo "1..$n"
exit $failed
