#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Many records, up to the bound of the log and beyond; loads that are killed.
# CRD_RECORDS=100000 for more of them.
# Kernels: host stock-all debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

RECORDS=${CRD_RECORDS:-5000}
# About 500 bytes a record, and some room; what no verifier takes cannot be had.
LOG_MAX=$((RECORDS * 6 / 10))
[ $LOG_MAX -le 32768 ] || LOG_MAX=32768
check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs kill many)
story load "${PROGRAMS[@]}" --modules "nls_ascii" \
	--measurer "log_max=$LOG_MAX" \
	--timeout $((300 + RECORDS / 25)) <<STORY
export CRD_RECORDS=$RECORDS
for t in kill many; do
	echo "@@ \$t"
	test_\$t
done
STORY
done_testing
