#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Memory runs out at every allocation in turn. Only a debug kernel can do that:
# on others the tests say so and are skipped.
# Kernels: debug
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "kernel test programs build" build_programs
mapfile -t PROGRAMS < <(programs nomem)
BLOBS=$("$TOP/scripts/vm" unpack firmware-linux-free)/lib/firmware
story nomem "${PROGRAMS[@]}" --no-measurer --timeout 300 \
	--modules "nls_ascii test_firmware" \
	--in "$BLOBS/carl9170-1.fw=/lib/firmware/carl9170-1.fw" <<'STORY'
export CRD_DENSE=40
echo "@@ nomem"
test_nomem
STORY
done_testing
