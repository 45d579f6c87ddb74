#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `make dkms`, and DKMS itself with its folders in a scratch root, for a kernel
# that need not be the running one. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-dkms.XXXXXX")
trap 'rm -rf "$T"' EXIT
unset MAKEFLAGS MFLAGS O KDIR V
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/out" "$T/dkms/credence"/*/build/make.log)

KDIR=$(scripts/newest-headers)
REL=${KDIR#/usr/src/linux-headers-}
VERSION=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' kmod/main.c)
SRC=$T/usr/src/credence-$VERSION
mkdir -p "$T/dkms" "$T/modules/$REL"

# DKMS makes a key of its own where none is named; the system's stays alone.
openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -batch \
	-subj "/CN=Machine owner" -keyout "$T/mok.key" -outform DER \
	-out "$T/mok.der" 2>/dev/null
cat >"$T/framework.conf" <<END
source_tree="$T/usr/src"
dkms_tree="$T/dkms"
install_tree="$T/modules"
mok_signing_key="$T/mok.key"
mok_certificate="$T/mok.der"
END

# dkms VERB: in a mount namespace of its own, where its settings are ours
dkms() {
	unshare --mount --propagation private sh -c '
		mount --bind "$1" /etc/dkms/framework.conf || exit
		shift
		exec /usr/sbin/dkms "$@"' sh "$T/framework.conf" "$@" \
		-m credence -v "$VERSION" -k "$REL" --kernelsourcedir "$KDIR" \
		--no-depmod >"$T/out" 2>&1
}

! dkms add && [ ! -e "$T/dkms/credence" ]
result "without the source there is nothing to add"

make dkms DESTDIR="$T" >"$T/out" 2>&1 &&
	grep -q "dkms install credence/$VERSION" "$T/out"
result "make dkms says what is next"

grep -q "^PACKAGE_VERSION=\"$VERSION\"" "$SRC/dkms.conf" &&
	cmp -s Kbuild "$SRC/Kbuild" && [ -e "$SRC/LICENSES/GPL-2.0-only.txt" ] &&
	diff -r -x dkms.conf kmod "$SRC/kmod" >"$T/out"
result "the source is there whole, with the module's version"

touch "$SRC/kmod/gone.c"
make dkms DESTDIR="$T" >"$T/out" 2>&1 && [ ! -e "$SRC/kmod/gone.c" ]
result "a second time, what an older one left is gone"

dkms add && dkms build
result "DKMS builds it"

dkms install
result "and installs it"

KO=$(find "$T/modules/$REL/updates" -name 'credence.ko*')
[ "$(/sbin/modinfo -F version "$KO")" = "$VERSION" ] &&
	[ "$(/sbin/modinfo -F vermagic "$KO" | cut -d' ' -f1)" = "$REL" ]
result "it is this version, for that kernel"

[ "$(/sbin/modinfo -F signer "$KO")" = "Machine owner" ]
result "signed with the machine owner's key"

dkms remove && [ -z "$(find "$T/modules" -name 'credence.ko*')" ]
result "and removes it"

echo "1..$n"
exit $failed
