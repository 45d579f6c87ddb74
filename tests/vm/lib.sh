# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the virtual machine's test scripts share. Sourced by them; not run.
#
# Each script prints TAP: `check NAME COMMAND...` is one test of its own,
# `story NAME OPTIONS...` boots a machine and forwards the TAP of the programs
# that ran in it, numbered on. `done_testing` prints the plan.
#
# All of it is for the kernel CRD_KERNEL (scripts/kernel); without one, this
# system's. What is left behind has the kernel's name in it then.
set -uo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
O=${O:-build}
[[ $O = /* ]] || O=$TOP/$O
export O
KERNEL=${CRD_KERNEL:-}
OUT=$O/vm/out${KERNEL:+/$KERNEL}
BUNDLES=$O/bundles
TEST_MODULES=$O/kselftest/modules${KERNEL:+-$KERNEL}
export MEASURER_KO
MEASURER_KO=$("$TOP/scripts/kernel" folder "$KERNEL")/credence.ko
TESTS=0 FAILURES=0
mkdir -p "$OUT" "$BUNDLES"

if [ -n "$KERNEL" ]; then
	"$TOP/scripts/kernel" measurer "$KERNEL" > /dev/null || exit
fi

result() {	# result OK|NOT NAME
	TESTS=$((TESTS + 1))
	if [ "$1" = ok ]; then
		echo "ok $TESTS ${KERNEL:+$KERNEL: }$2"
	else
		FAILURES=$((FAILURES + 1))
		echo "not ok $TESTS ${KERNEL:+$KERNEL: }$2"
	fi
}

check() {	# check NAME COMMAND...
	local name=$1 log
	shift
	if log=$("$@" 2>&1); then
		result ok "$name"
	else
		result not "$name"
		printf '%s\n' "$log" | tail -n 30 | sed 's/^/# /'
	fi
}

expect_status() {	# expect_status N COMMAND...
	local want=$1 rc=0
	shift
	"$@" || rc=$?
	[ $rc -eq "$want" ] || { echo "exit status $rc, not $want: $*"; false; }
}

done_testing() {
	echo "1..$TESTS"
	[ $FAILURES -eq 0 ]
}

# The kernel's test harness, as the distribution's kernel source has it.
harness() {
	local dir=$O/vm/harness pkg
	if [ ! -e "$dir/kselftest_harness.h" ]; then
		mkdir -p "$dir"
		pkg=$("$TOP/scripts/vm" unpack linux-source-6.1) || return
		tar -C "$dir" -xJf "$pkg/usr/src/linux-source-6.1.tar.xz" \
			--strip-components=4 \
			linux-source-6.1/tools/testing/selftests/kselftest.h \
			linux-source-6.1/tools/testing/selftests/kselftest_harness.h
	fi
	echo "$dir"
}

# build_programs: tests/kselftest/test_*.c to $O/kselftest.
build_programs() {
	local dir t to lib=("$TOP"/tests/kselftest/{log,load,devices,gadget,relay}.c) newest
	dir=$(harness) || return
	make -s -C "$TOP" O="$O" "$O/libattest.a" >&2 || return
	mkdir -p "$O/kselftest"
	newest=$(ls -t "${lib[@]}" "$TOP"/tests/kselftest/*.h "$O/libattest.a" |
		head -n 1)
	for t in "$TOP"/tests/kselftest/test_*.c; do
		to=$O/kselftest/$(basename "$t" .c)
		[ "$to" -nt "$t" ] && [ "$to" -nt "$newest" ] && continue
		gcc -std=gnu11 -O1 -g -Wall -Wextra -Wno-unused-parameter \
			-Wno-missing-field-initializers -Wno-sign-compare \
			-D_GNU_SOURCE -I"$TOP/attest" -I"$TOP/kmod/uapi" \
			-isystem "$dir" -o "$to" "$t" \
			"${lib[@]}" "$O/libattest.a" -lcrypto -lpthread >&2 || return
	done
}

# Of a guest's output: programs' results, numbered on; all else as comments.
# Lines "@@ NAME" tell whose results follow.
forward() {
	local line prefix=$1
	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		"@@ "*) prefix=$1/${line#@@ } ;;
		"ok "*"# SKIP"*)
			TESTS=$((TESTS + 1))
			echo "ok $TESTS $prefix # SKIP ${line#*# SKIP}" ;;
		"ok "*) result ok "$prefix ${line#ok * }" ;;
		"not ok "*) result not "$prefix ${line#not ok * }" ;;
		*) echo "# $line" ;;
		esac
	done
}

# story NAME OPTIONS... (the story itself on standard input): boots, forwards,
# and adds two tests: the story ended with 0, the kernel has not complained. A
# debug kernel has also looked for memory that nobody knows of any more.
story() {
	local name=$1 rc=0
	shift
	rm -rf "${OUT:?}/$name"
	mkdir -p "$OUT/$name"
	cat > "$OUT/$name.story"
	"$TOP/scripts/vm" run --out "$OUT/$name" "$@" "$OUT/$name.story" \
		> "$OUT/$name.txt" 2> "$OUT/$name.err" || rc=$?
	forward "$name" < "$OUT/$name.txt"
	[ $rc -eq 0 ] || sed 's/^/# /' "$OUT/$name.err"
	check "$name ran to its end" test $rc -eq 0
	check "$name left the kernel without complaint" \
		kernel_is_content "$OUT/$name/dmesg"
	[ ! -e "$OUT/$name/kmemleak" ] ||
		check "$name left no memory behind" \
			no_leak "$OUT/$name/kmemleak"
}

no_leak() {
	! grep -B 20 -A 20 credence "$1"
}

# Without the races that KCSAN has found between others; a report of it stands
# between lines of =.
without_others_races() {
	awk '/========================================/ {
		if (report ~ /BUG: KCSAN/) {
			if (report ~ /credence/)
				printf "%s%s\n", report, $0
			report = ""
			next
		}
		printf "%s", report
		report = $0 "\n"
		next
	}
	report { report = report $0 "\n"; next }
	{ print }
	END { printf "%s", report }' "$1"
}

kernel_is_content() {
	[ -s "$1" ] || return
	! without_others_races "$1" | grep -E -A 20 'WARNING:|BUG:|Oops|general protection|INFO: task|refcount_t|possible recursive|Unable to handle'
}

# program NAME...: --program options for the kernel tests of these names.
programs() {
	local t
	for t in "$@"; do
		printf -- '--program\n%s\n' "$O/kselftest/test_$t"
	done
}

# test_modules: the modules of tests/kselftest/modules, without debugging
# information, to $TEST_MODULES.
test_modules() {
	local headers
	headers=$("$TOP/scripts/kernel" headers "$KERNEL") || return
	mkdir -p "$TEST_MODULES"
	cp -pu "$TOP"/tests/kselftest/modules/* "$TEST_MODULES/"
	(cd "$TOP" && scripts/kbuild "$headers" "$TEST_MODULES") >&2 &&
		strip --strip-debug "$TEST_MODULES"/*.ko
}

# Stock modules that depend on no other, in this kernel: enough for 64 loads at
# once. None of those that the kernel itself loads for another (crypto,
# nls_euc-jp for cp932).
many_modules() {
	local release folder m
	read -r release folder <<< "$("$TOP/scripts/kernel" image "$KERNEL")"
	for m in $(simple_modules); do
		! grep -qE "/$m\.ko(\.xz)?:\$" \
			"$folder/lib/modules/$release/modules.dep" || echo "$m"
	done
}

simple_modules() {
	local n
	echo dummy veth tun loop nbd fuse squashfs overlay minix efs ufs \
		crc7 ifb nlmon macvlan team eql vrf brd parport \
		uinput joydev sysv qnx4 qnx6 bfs befs adfs hpfs freevxfs
	for n in 437 737 775 850 852 855 860 861 862 863 864 865 866 869 874 \
		932 949 950 1250 1251 1255; do
		echo "nls_cp$n"
	done
	for n in 1 2 3 4 5 6 7 9 13 14 15; do
		echo "nls_iso8859-$n"
	done
	echo nls_utf8 nls_ascii nls_koi8-r
	for n in roman greek turkish celtic centeuro croatian cyrillic gaelic \
		iceland inuit; do
		echo "mac-$n"
	done
}

# machine NAME BANKS: a TPM, its key written down, a challenge for it. Sets
# MACHINE, its folder.
machine() {
	MACHINE=$OUT/$1.machine
	check "a machine $1, banks $2" new_machine "$2"
}

new_machine() {
	rm -rf "$MACHINE"
	mkdir -p "$MACHINE/state"
	"$TOP/scripts/vm" tpm "$MACHINE/tpm" "$1" &&
		"$TOP/scripts/vm" host "$MACHINE/tpm" "$O/credence" attest \
			--quiet --ak-public "$MACHINE/ak.pub" &&
		new_challenge
}

new_challenge() {
	"$O/credence" challenge --quiet --valid 1h --state "$MACHINE/state" \
		-o "$MACHINE/challenge.json"
}

# bundle NAME EVIDENCE POLICY STATUS [REASON]: kept for the oracle, with what
# the policy names: of the examples' folder, or certificates beside it.
bundle() {
	local dir=$BUNDLES/${KERNEL:+$KERNEL-}$1
	rm -rf "$dir"
	mkdir -p "$dir/digests" "$dir/signers"
	cp "$2" "$dir/evidence.cbor"
	cp "$MACHINE/challenge.json" "$MACHINE/ak.pub" "$dir/"
	cp "$3" "$dir/policy.yaml"
	cp "$TOP"/policies/digests/* "$dir/digests/"
	cp "$TOP"/policies/signers/* "$dir/signers/"
	find "$(dirname "$3")" -maxdepth 1 -name '*.pem' -exec cp {} "$dir/" \;
	echo "exit=$4" > "$dir/expect"
	[ -z "${5:-}" ] || echo "reason=$5" >> "$dir/expect"
}

# verdict NAME EVIDENCE POLICY STATUS [REASON [CHECK]]: verify here, where the
# challenge was made; the reason class must be among the findings, and the
# check or rule named.
verdict() {
	local rc=0
	local issued
	[ -s "$2" ] || { echo "no evidence at $2"; return 1; }
	# How long a machine took is not what is judged.
	issued=$(sed -n 's/.*"issued": *"\([^"]*\)".*/\1/p' "$MACHINE/challenge.json")
	bundle "${@:1:5}"
	rm -rf "$MACHINE/spent"
	cp -r "$MACHINE/state" "$MACHINE/spent"
	"$O/credence" verify --challenge "$MACHINE/challenge.json" \
		--policy "$BUNDLES/${KERNEL:+$KERNEL-}$1/policy.yaml" \
		--registry "$TOP/policies/registry" --ak "$MACHINE/ak.pub" \
		--now "$issued" --state "$MACHINE/spent" "$2" \
		> "$MACHINE/report" || rc=$?
	if [ $rc -ne "$4" ] || ! grep -q "${5:-}" "$MACHINE/report" ||
		! grep -q "${6:-}" "$MACHINE/report"; then
		echo "exit status $rc, expected $4 ${5:-} ${6:-}"
		cat "$MACHINE/report"
		return 1
	fi
}
