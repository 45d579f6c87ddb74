# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Count and print test results as TAP. Source it; set TAP_SHOW to the files
# that explain a failure.
n=0
failed=0 # read by who sources this
export failed
TAP_SHOW=()

# result NAME: takes the exit status of what ran just before
result() {
	local rc=$?
	n=$((n + 1))
	if [ $rc -eq 0 ]; then
		echo "ok $n $1"
	else
		echo "not ok $n $1"
		tail -q -n 20 "${TAP_SHOW[@]}" 2>/dev/null | sed 's/^/# /'
		failed=1
	fi
}
