#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# scripts/deps with the system's package tools replaced by scripts of ours that
# note how they were called. Nothing is installed. Prints TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/credence-deps.XXXXXX")
trap 'rm -rf "$T"' EXIT
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
TAP_SHOW=("$T/out" "$T/calls")

# fake NAME: a command whose body is on stdin
fake() {
	{
		echo '#!/bin/sh'
		cat
	} >"$T/bin/$1"
	chmod +x "$T/bin/$1"
}

# Root, Debian 12, everything there; cases change what they need.
mkdir "$T/bin"
export T
printf 'ID=debian\nVERSION_ID="12"\n' >"$T/debian"
printf 'ID=fedora\nVERSION_ID=40\n' >"$T/fedora"
echo 'echo "${UID_NOW:-0}"' | fake id
fake dpkg-query <<'END'
for p; do
	case $p in
	-*) ;;
	*) case " ${ABSENT:-} " in *" $p "*) ;; *) echo "installed $p" ;; esac ;;
	esac
done
END
fake apt-get <<'END'
echo "apt-get $*" >>"$T/calls"
case "$*" in
*" install "*)
	[ ! -e "$T/refuse" ] || { rm "$T/refuse"; exit 100; } ;;
esac
END

deps() {
	rm -f "$T/calls"
	PATH=$T/bin:${SEARCH:-$PATH} OS_RELEASE=${SYSTEM:-$T/debian} scripts/deps "$@" \
		>"$T/out" 2>&1
}

called() {
	grep -q -- "$1" "$T/calls" 2>/dev/null
}

# --- wrong calls --------------------------------------------------------------

deps nonsense
[ $? -eq 2 ] && grep -q "no target 'nonsense'" "$T/out" && [ ! -e "$T/calls" ]
result "an unknown target is refused"

ABSENT=gcc deps demo nonsense
[ $? -eq 2 ] && [ ! -e "$T/calls" ]
result "also after a known one, before anything is installed"

# --- nothing to do ------------------------------------------------------------

deps && [ ! -s "$T/out" ] && [ ! -e "$T/calls" ]
result "everything there: silent, apt is not called"

ABSENT=clang-tidy deps demo && [ ! -s "$T/out" ] && [ ! -e "$T/calls" ]
result "the demo does not install what only lint needs"

# --- something to do ----------------------------------------------------------

ABSENT="libfyaml-dev cpio" deps demo && called 'install.* libfyaml-dev cpio *$' &&
	called --no-install-recommends && grep -q libfyaml-dev "$T/out"
result "installs what is missing, no more, and says what"

touch "$T/refuse"
ABSENT=cpio deps demo && called ' update' && [ "$(grep -c ' install ' "$T/calls")" = 2 ]
result "stale package lists are fetched anew, and it is tried again"

ABSENT=cpio deps --check demo
[ $? -eq 1 ] && [ ! -e "$T/calls" ] && grep -q 'make deps' "$T/out"
result "--check installs nothing and says what to do"

fake sudo <<'END'
echo "sudo $*" >>"$T/calls"
exec "$@"
END
UID_NOW=1000 ABSENT=cpio deps demo && called '^sudo .*install.* cpio'
result "without root, through sudo"
rm "$T/bin/sudo"

# a PATH with our commands and the few that the script uses, and no sudo
mkdir "$T/few"
for tool in cat cut env fmt grep head ls sed sh tr; do
	ln -s "$(command -v $tool)" "$T/few/$tool"
done
SEARCH=$T/few UID_NOW=1000 ABSENT=cpio deps demo
[ $? -eq 1 ] && grep -q 'apt-get install --no-install-recommends cpio' "$T/out" &&
	[ ! -e "$T/calls" ]
result "without root and sudo: prints the command"

# --- other systems ------------------------------------------------------------

SYSTEM=$T/fedora deps userspace && [ ! -e "$T/calls" ]
result "another system that has it all: goes on"

SEARCH=$T/few SYSTEM=$T/fedora deps demo
[ $? -eq 1 ] && grep -q 'not Debian 12' "$T/out" && grep -q 'qemu-system-x86' "$T/out" &&
	[ ! -e "$T/calls" ]
result "another system that has not: prints the list, calls nothing"

# --- the table ----------------------------------------------------------------

deps --list lint && grep -q clang-tidy "$T/out" && [ ! -e "$T/calls" ]
result "--list prints and does nothing"

for target in all userspace kmod unit demo test lint bench fuzz install; do
	deps --list $target || break
	[ -s "$T/out" ] || break
	last=$target
done
[ "$last" = install ]
result "every make target is known"

deps --list demo
tr ' ' '\n' <"$T/out" | sort >"$T/demo"
deps --list test
tr ' ' '\n' <"$T/out" | sort | comm -23 "$T/demo" - >"$T/more"
[ -s "$T/demo" ] && [ ! -s "$T/more" ]
result "the tests need whatever the demo needs"

echo "1..$n"
exit $failed
