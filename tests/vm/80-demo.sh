#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The demo's verdicts are the expected ones: it checks each itself.
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

check "the demo ends as it should" "$TOP/scripts/demo"
# Device, driver, signer, firmware: in one sentence, from the log alone.
joined() {
	tr -s ' \n' ' ' < "$O/demo/alpha.laboratory.report" > "$OUT/demo.flat"
	grep -q "network card [0-9a-f:.]* (Intel Corporation, 8086:100e), driven by e1000 (signed by debian)" \
		"$OUT/demo.flat" &&
		grep -q "USB device 1-1 (Intel Corporation, 085a:8027), driven by usb (signed by debian), runs firmware keyspan_pda/xircom_pgs.fw -" \
			"$OUT/demo.flat"
}
check "its report joins devices, drivers, signers and firmware" joined

keep() {	# keep MACHINE EVIDENCE STATUS [REASON]
	local MACHINE=$OUT/$1.demo
	mkdir -p "$MACHINE/state"
	cp "$O/demo/$1.challenge" "$MACHINE/challenge.json"
	cp "$O/demo/$1.ak" "$MACHINE/ak.pub"
	bundle "demo-$2" "$O/demo/$2.evidence" \
		"$TOP/policies/laboratory.yaml" "${@:3}"
}
check "Alpha's evidence is kept" keep alpha alpha 0
check "Bravo's evidence is kept" keep bravo bravo 3 POLICY_RULE
check "the altered evidence is kept" keep bravo flipped 3 LOG_MEASURER
done_testing
