#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# inventory: from a log, from evidence, and from what a machine says of itself.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
REG=$REPO/policies/registry
swtpm_start sha256 && measured sha256 && attested a || exit 1
LOG=$ROOT/sys/kernel/security/credence/log
inv() { exits "$1" "$C" inventory --registry "$REG" "${@:2}"; }

from_log() { inv 0 --log "$LOG" && prints e1000e && prints carl9170-1.fw && [ ! -s err ]; }
ok "from a log" from_log
from_root() { cp out log.out && inv 0 --root "$ROOT" && cmp out log.out; }
ok "from this machine's log" from_root
from_evidence() { inv 0 --evidence a.ev && cmp out log.out; }
ok "from evidence" from_evidence
from_stdin() { "$C" inventory --registry "$REG" --log - < "$LOG" > out && cmp out log.out; }
ok "from standard input" from_stdin
json() { inv 0 --log "$LOG" --format json && is_json && prints '"virtio_net"' && ! grep -q '"lost"' out; }
ok "--format json" json
no_registry() { exits 0 "$C" inventory --log "$LOG" && says 'vendors stay unknown'; }
CREDENCE_DATA_DIR=$WORK ok "no registry: told, and listed all the same" no_registry
env_registry() { CREDENCE_DATA_DIR=$REPO exits 0 "$C" inventory --log "$LOG" && cmp out log.out; }
ok "CREDENCE_DATA_DIR" env_registry
given_registry() { exits 2 "$C" inventory --log "$LOG" --registry none; }
ok "a registry that was named must be there" given_registry

# Bad logs: 5, whatever is wrong; and nothing is shown as if it were good.
for bad in cut tail-byte length-huge field-many text-control magic; do
	bad_log() {
		python3 "$REPO/tests/lib/mklog.py" -c "$bad" -o bad.log &&
			inv 5 --log bad.log && [ ! -s out ] &&
			inv 5 --log bad.log --format json && is_json && prints '"exit": 5'
	}
	ok "bad log: $bad" bad_log
done
noise() { head -c 3000 /dev/urandom > noise && inv 5 --log noise; }
ok "bad log: noise" noise
empty() { : > nothing && inv 5 --log nothing; }
ok "bad log: empty" empty
bad_evidence() { inv 5 --evidence noise && says 'byte [0-9]+'; }
ok "bad evidence" bad_evidence
long() { truncate -s 40M long && inv 2 --log long && says 'longer than'; }
ok "a log over the limit" long

# Without the measurer.
fake() {
	R=$(uname -r)
	mkdir -p fake/proc fake/sys/module/tiny "fake/lib/modules/$R/kernel"
	echo 'tiny 16384 0 - Live 0x0000000000000000 (POE)' > fake/proc/modules
	printf '1.2\033[31m\n' > fake/sys/module/tiny/version
	echo POE > fake/sys/module/tiny/taint
	echo 'kernel/tiny.ko:' > "fake/lib/modules/$R/modules.dep"
	printf 'int x;' | gcc -xc -c -o fake/tiny.o - &&
		printf 'author=Huawei Technologies CO., Ltd\0license=Proprietary\0' > info &&
		objcopy --add-section .modinfo=info fake/tiny.o "fake/lib/modules/$R/kernel/tiny.ko"
}
fake
self() {
	inv 0 --root "$WORK/fake" && says 'self-reported' && prints tiny &&
		! grep -q $'\x1b' out err
}
ok "without the measurer: labelled, with what was lost" self
self_json() {
	inv 0 --root "$WORK/fake" --format json && is_json && prints '"lost"' &&
		prints 'self-reported' && prints '"huawei' && prints 'Huawei Technologies CO., Ltd'
}
ok "the same as JSON, vendor by its author" self_json
nothing() { inv 1 --root "$WORK/void" && says '/proc/modules' && [ ! -s out ]; }
ok "neither log nor modules: a failure" nothing
hostile() { printf '../../x 1 0\n' > fake/proc/modules; inv 1 --root "$WORK/fake"; }
ok "a name that leads elsewhere is not followed" hostile
tap_end
