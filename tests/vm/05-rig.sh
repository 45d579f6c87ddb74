#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rig itself: status, bytes, time limit, nothing left behind. A rig that
# cannot fail would make every other test worthless.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

run() {	# run OPTIONS...: the story is standard input
	cat > "$OUT/rig.story"
	"$TOP/scripts/vm" run "$@" "$OUT/rig.story"
}

status_of_story() {
	expect_status 7 run --no-measurer <<< 'exit 7'
}

bytes_through() {
	head -c 300000 /dev/urandom > "$OUT/rig.bytes"
	run --no-measurer --in "$OUT/rig.bytes" --out "$OUT/rig" \
		<<< 'cp /in/rig.bytes /out/' &&
		cmp "$OUT/rig.bytes" "$OUT/rig/rig.bytes"
}

time_limit() {
	expect_status 124 run --no-measurer --timeout 8 <<< 'sleep 100'
}

panic() {
	expect_status 125 run --no-measurer <<< 'echo c > /proc/sysrq-trigger'
}

missing_module() {
	expect_status 125 run --no-measurer --modules no_such_module <<< 'true'
}

measurer_refused() {
	expect_status 125 run --measurer pcr=23 <<< 'true'
}

nothing_left() {
	! find "$TMPDIR" -mindepth 1 | grep . && ! pgrep -af "$TMPDIR"
}

TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
check "the story's exit status comes back" status_of_story
check "bytes come in and out unchanged" bytes_through
check "the time limit holds" time_limit
check "a kernel panic is no success" panic
check "a missing module is no success" missing_module
check "a refused measurer is no success" measurer_refused
check "nothing is left behind" nothing_left
done_testing
