#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scripts/install: bad calls first, then what it puts where, then that taking
# it away leaves the tree as it was. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
O=${O:-build}
export O
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-install.XXXXXX")
trap 'rm -rf "$T"' EXIT
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/log")

# The whole tree as text: type, mode, name, content.
tree() {
	(cd "$1" && find . -printf '%y %m %p ' \( -type f -exec sha256sum {} \; \
		-o -type l -printf '%l\n' -o -printf '\n' \)) | LC_ALL=C sort
}

install_to() {
	DESTDIR=$1 PREFIX=${2:-/usr/local} scripts/install "${@:3}" >"$T/log" 2>&1
}

remove_from() {
	install_to "$1" "${2:-/usr/local}" --remove
}

# same_after TREE COMMAND...: the command works and leaves the tree as it was
same_after() {
	local root=$1 before
	before=$(tree "$root")
	shift
	"$@" || return 1
	diff <(echo "$before") <(tree "$root") >>"$T/log"
}

there_and_back() {
	install_to "$@" && remove_from "$@"
}

# --- refused ----------------------------------------------------------------

mkdir "$T/bad"
! install_to "$T/bad" relative/prefix && [ -z "$(ls -A "$T/bad")" ]
result "a relative PREFIX is refused, nothing is put anywhere"

! install_to "$T/bad" / && [ -z "$(ls -A "$T/bad")" ]
result "the root itself is no PREFIX"

! install_to "$T/bad" /usr/local --delete && [ -z "$(ls -A "$T/bad")" ]
result "an unknown option is refused"

! O=$T/nothing install_to "$T/bad" && grep -q 'run make' "$T/log" &&
	[ -z "$(find "$T/bad" -type f)" ]
result "without a program it says what to do"

mkdir -p "$T/blocked/usr"
echo "a file" >"$T/blocked/usr/local"
same_after "$T/blocked" eval '! install_to "$T/blocked"'
result "a file where a folder should be is an error and is kept"

# --- what goes where ----------------------------------------------------------

mkdir "$T/new"
(umask 077 && install_to "$T/new")
result "installs into an empty root"

cmp -s "$O/credence" "$T/new/usr/local/bin/credence" &&
	[ -x "$T/new/usr/local/bin/credence" ]
result "the program"

cmp -s scripts/kernel-certs "$T/new/usr/local/bin/credence-kernel-certs" &&
	[ -x "$T/new/usr/local/bin/credence-kernel-certs" ]
result "the script that finds a kernel's certificates"

cmp -s kmod/uapi/credence.h "$T/new/usr/local/include/credence.h"
result "the header that specifies the log"

files_same() {
	[ -n "$(find "$1" -type f)" ] && diff <(cd "$1" && find . -type f -exec sha256sum {} + | LC_ALL=C sort) \
		<(cd "$2" && find . -type f -exec sha256sum {} + | LC_ALL=C sort)
}

files_same policies "$T/new/usr/local/share/credence/policies" >"$T/log"
result "the policies and the registry, all of them, unchanged"

files_same userspace/man "$T/new/usr/local/share/man/man1" >"$T/log"
result "each manual page"

find "$T/new" -mindepth 1 ! -perm -a=r -o -type d ! -perm 755 -o \
	-perm /022 -o -type f -perm /111 ! -path '*/bin/*' >"$T/log"
[ ! -s "$T/log" ]
result "everyone can read it, only the owner can write, whatever the umask"

find "$T/new" -mindepth 1 ! -type d -printf 'usr%P\n' | sed 's,^usr,,' |
	grep -v '/installed$' | LC_ALL=C sort >"$T/there"
grep -v '/$' "$T/new/usr/local/share/credence/installed" | LC_ALL=C sort |
	diff "$T/there" - >"$T/log"
result "the list names each file that was put there"

# --- and back -----------------------------------------------------------------

remove_from "$T/new" && [ -z "$(ls -A "$T/new")" ]
result "an empty root is empty again"

same_after "$T/new" remove_from "$T/new"
result "removing what is not there does nothing"

same_after "$T/new" there_and_back "$T/new" "/opt/a b/c"
result "a PREFIX with a space"

mkdir -p "$T/used/usr/local/share/credence" "$T/used/usr/local/bin" \
	"$T/used/usr/local/share/man/man1"
echo mine >"$T/used/usr/local/share/credence/notes"
echo mine >"$T/used/usr/local/bin/credence-mine"
same_after "$T/used" there_and_back "$T/used"
result "files of others, and folders that were empty before, stay"

same_after "$T/used" eval 'install_to "$T/used" && install_to "$T/used" &&
	remove_from "$T/used"'
result "installed twice, removed once"

same_after "$T/used" eval 'install_to "$T/used" &&
	echo old >"$T/used/usr/local/share/credence/gone.yaml" &&
	echo usr/local/share/credence/gone.yaml >>\
		"$T/used/usr/local/share/credence/installed" &&
	install_to "$T/used" &&
	[ ! -e "$T/used/usr/local/share/credence/gone.yaml" ] &&
	remove_from "$T/used"'
result "a file that only the older version had is gone after the newer one"

echo precious >"$T/precious"
mkdir -p "$T/link/usr/local/bin"
ln -s "$T/precious" "$T/link/usr/local/bin/credence"
install_to "$T/link" && [ "$(cat "$T/precious")" = precious ] &&
	[ ! -L "$T/link/usr/local/bin/credence" ]
result "a link in the program's place is replaced, not followed"

install_to "$T/used" &&
	echo ../precious >>"$T/used/usr/local/share/credence/installed" &&
	! remove_from "$T/used" && [ -e "$T/precious" ] &&
	[ -e "$T/used/usr/local/bin/credence" ]
result "a list that points outside is refused, nothing is removed"

echo "1..$n"
exit $failed
