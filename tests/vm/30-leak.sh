#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 10,000 loads that fail leave nothing but their records (H06).
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
check "test modules build" test_modules
mapfile -t PROGRAMS < <(programs leak)
story leak "${PROGRAMS[@]}" --timeout 300 \
	--in "$TEST_MODULES/crd_init_fail.ko" <<'STORY'
export CRD_TRIES=10000
echo "@@ leak"
test_leak
grep -q state=ok /sys/kernel/security/credence/status
STORY
done_testing
