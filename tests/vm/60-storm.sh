#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 200 quotes while modules come and go 1,000 times: all admitted (G12); and a
# log that runs past its quote by any number of records (P01).
# Kernels: host debug-all
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

machine storm sha256
story storm --tpm "$MACHINE/tpm" --modules crc7 --timeout 500 \
	--in "$TOP/policies=/in/policies" \
	--in "$MACHINE/challenge.json" <<'STORY'
credence attest --quiet --ak-public /tmp/ak.pub || exit
credence attest --quiet -c /in/challenge.json -o /out/evidence || exit
module=$(find /lib/modules -name crc7.ko)
# Five cycles in the time of each quote, none waiting for the other.
echo 0 > /tmp/quotes
(
	n=0
	while [ $n -lt 1000 ]; do
		read -r quotes < /tmp/quotes
		if [ $((n / 5)) -gt "${quotes:-0}" ]; then
			sleep 0.01
			continue
		fi
		insmod "$module" && rmmod crc7 || exit
		n=$((n + 1))
	done
	echo "$n load and unload cycles"
	touch /tmp/cycled
) &
admitted=0
for i in $(seq 200); do
	echo "$i" > /tmp/quotes
	credence challenge --quiet --state /tmp/state -o /tmp/c || exit
	credence attest --quiet -c /tmp/c -o /tmp/e || exit
	credence verify --quiet -c /tmp/c -p /in/policies/laboratory.yaml \
		--registry /in/policies/registry --ak /tmp/ak.pub \
		--state /tmp/state /tmp/e > /tmp/verdict &&
		admitted=$((admitted + 1)) || cat /tmp/verdict
done
wait
echo "$admitted of 200 admitted"
cp /sys/kernel/security/credence/log /out/log
[ -e /tmp/cycled ] && [ $admitted -eq 200 ]
STORY

check "the evidence from before the storm is admitted" \
	verdict vm-storm "$OUT/storm/evidence" \
	"$TOP/policies/laboratory.yaml" 0
for extra in 1 10 100 1000; do
	/usr/bin/python3 "$TOP/tests/vm/splice.py" "$OUT/storm/evidence" \
		"$OUT/storm/log" $extra > "$OUT/storm/longer-$extra"
	check "a log longer than its quote by $extra records is admitted" \
		verdict "vm-longer-$extra" "$OUT/storm/longer-$extra" \
		"$TOP/policies/laboratory.yaml" 0
done
done_testing
