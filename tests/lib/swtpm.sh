# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A private software TPM and the few helpers that the tests share; source it.
#
#   swtpm_start [BANKS]   new TPM state with these banks (default sha256) and
#                         start it; sets TPM2TOOLS_TCTI
#   swtpm_stop            end it, keep its state
#   swtpm_restart         the same TPM after a power cycle
#   measured BANKS        a measured machine around it: log below $ROOT, and
#                         its records extended into the TPM
#   attested NAME         $WORK/NAME.json and NAME.ev: a challenge, answered
#   verify NAME [ARG...]  the sanitized program, against the admitting policy
#   WORK                  a scratch folder, gone at exit
#   CREDENCE, CREDENCE_ASAN   the program, plain and under the sanitizers
#   ok NAME COMMAND...    one TAP line: passes if COMMAND does
#   exits CODE COMMAND... COMMAND ends with CODE; output in $WORK/out, err
#   tap_end               the plan; its status is the script's
set -u
# the system's python3, where the packages it needs are
PATH=/usr/bin:/bin:/usr/sbin:/sbin:$PATH
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
O=${O:-build}
case $O in /*) ;; *) O=$REPO/$O ;; esac
CREDENCE=$O/credence
CREDENCE_ASAN=$O/asan/credence
[ -x "$CREDENCE_ASAN" ] || CREDENCE_ASAN=$CREDENCE
WORK=$(mktemp -d "${TMPDIR:-/tmp}/crd-test.XXXXXX")
export CREDENCE_STATE_DIR=$WORK/state CREDENCE_CONFIG_DIR=$WORK/config
export LC_ALL=C
unset TPM2TOOLS_TCTI NO_COLOR CREDENCE_DATA_DIR
SWTPM_PID=
tap_n=0 tap_bad=0

swtpm_stop() {
	[ -n "$SWTPM_PID" ] || return 0
	kill "$SWTPM_PID" 2>/dev/null
	wait "$SWTPM_PID" 2>/dev/null
	SWTPM_PID=
}

cleanup() {
	# a child that a signal ends before it becomes a program comes here too
	[ "$BASHPID" = "$$" ] || return
	swtpm_stop
	# a test may have left a file system mounted in it
	while read -r _ dir _; do
		case $dir in "$WORK"/*) umount "$dir" ;; esac
	done < /proc/mounts
	rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# Without resource manager: three transient objects and no more, so that one
# left behind is seen. Paths are absolute, for swtpm changes its folder.
swtpm_restart() {
	swtpm_stop
	rm -f "$WORK/tpm.sock" "$WORK/tpm.sock.ctrl"
	swtpm socket --tpm2 --tpmstate "dir=$WORK/tpm" --flags startup-clear \
		--server "type=unixio,path=$WORK/tpm.sock" \
		--ctrl "type=unixio,path=$WORK/tpm.sock.ctrl" 2> "$WORK/swtpm.log" &
	SWTPM_PID=$!
	export TPM2TOOLS_TCTI="swtpm:path=$WORK/tpm.sock"
	for _ in $(seq 100); do
		[ -S "$WORK/tpm.sock" ] && return 0
		kill -0 "$SWTPM_PID" 2>/dev/null || break
		sleep 0.05
	done
	echo "# swtpm did not start" >&2
	return 1
}

swtpm_start() {
	swtpm_stop
	rm -rf "$WORK/tpm"
	mkdir -p "$WORK/tpm"
	swtpm_setup --tpm2 --tpmstate "$WORK/tpm" --createek --overwrite \
		--pcr-banks "${1:-sha256}" > "$WORK/setup.log" 2>&1 || {
		sed 's/^/# /' "$WORK/setup.log" >&2
		return 1
	}
	swtpm_restart
}

# The ordinary machine of mklog.py, admitted by tests/attacks/admit.yaml.
ROOT=$WORK/root
ADMIT=$REPO/tests/attacks/admit.yaml
measured() {
	local banks=$1
	mkdir -p "$ROOT/sys/kernel/security/credence"
	PYTHONPATH=$REPO/tests/lib python3 -c '
import json, mklog, sys
log = mklog.default_log()
log["banks"] = sys.argv[1].split(",")
print(json.dumps(log))' "$banks" > "$WORK/log.json" &&
	python3 "$REPO/tests/lib/mklog.py" -d "$WORK/log.json" \
		-o "$ROOT/sys/kernel/security/credence/log" \
		--tcti "$TPM2TOOLS_TCTI"
}

attested() {
	"$CREDENCE" challenge -q -o "$WORK/$1.json" &&
	"$CREDENCE" attest -q --root "$ROOT" --challenge "$WORK/$1.json" \
		-o "$WORK/$1.ev" --ak-public "$WORK/ak.pub"
}

verify() {
	local name=$1
	shift
	"$CREDENCE_ASAN" verify --challenge "$WORK/$name.json" \
		--policy "$ADMIT" --ak "$WORK/ak.pub" "$@" "$WORK/$name.ev"
}

ok() {
	local name=$1
	shift
	tap_n=$((tap_n + 1))
	if "$@" > "$WORK/ok.log" 2>&1; then
		echo "ok $tap_n - $name"
		return 0
	fi
	tap_bad=$((tap_bad + 1))
	echo "not ok $tap_n - $name"
	tail -n 15 "$WORK/ok.log" | sed 's/^/# /'
}

skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

exits() {
	local want=$1 got
	shift
	"$@" > "$WORK/out" 2> "$WORK/err"
	got=$?
	[ "$got" -eq "$want" ] && return 0
	echo "ended with $got, not $want: $*"
	head -c 2000 "$WORK/err"
	return 1
}

# The last command's messages (err) or output (out) hold a pattern.
says() {
	grep -qE -- "$1" "$WORK/err" || { cat "$WORK/err"; return 1; }
}

prints() {
	grep -qE -- "$1" "$WORK/out" || { head -c 2000 "$WORK/out"; return 1; }
}

# What the last command printed is one JSON document.
is_json() {
	json_file "$WORK/out"
}

json_file() {
	python3 -m json.tool < "$1" > /dev/null
}

tap_end() {
	echo "1..$tap_n"
	[ "$tap_bad" -eq 0 ]
}
