#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# gate: the whole main job on one machine.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1
gate() { exits "$1" "$C" gate --root "$ROOT" "${@:2}"; }

no_tpm() { gate 1 --policy "$ADMIT" --tcti device:/none && [ ! -s out ]; }
ok "no TPM: no verdict" no_tpm
swtpm_start sha256 && measured sha256 || exit 1
admit() { gate 0 --policy "$ADMIT" -o g.ev && prints '^ADMIT' && says 'only as good as the boot'; }
ok "admitted, and told what that is worth" admit
kept() { exits 0 "$C" inventory --evidence g.ev && prints e1000e && [ "$(stat -c %a g.ev)" = 600 ]; }
ok "evidence is kept" kept
json() { gate 0 --policy "$ADMIT" --format json && is_json && prints '"verdict": "admit"'; }
ok "--format json" json
quiet() { gate 0 --policy "$ADMIT" --quiet && [ ! -s err ] && [ "$(wc -l < out)" -eq 1 ]; }
ok "--quiet: one line" quiet
no_state() { [ ! -e "$CREDENCE_STATE_DIR" ]; }
ok "needs no state folder" no_state
refused() { gate 3 --policy "$REPO/tests/attacks/refuse.yaml" && prints '^REFUSE'; }
ok "refused by a rule" refused
referred() {
	sed 's/name: never-there/name: e1000e/; s/then: refuse/then: refer/' "$ADMIT" > refer.yaml
	gate 4 --policy refer.yaml && prints '^REFER'
}
ok "referred by a rule" referred
unmeasured() { exits 3 "$C" gate --root "$WORK/void" --policy "$ADMIT" && prints '^REFUSE'; }
ok "no measurer: refused" unmeasured
other_key() { gate 3 --policy "$ADMIT" --ak "000b$(printf '%064d' 0)" --format json && prints '"AK_UNTRUSTED"'; }
ok "with --ak, only that key" other_key
bad_policy() { echo x > bad.yaml; gate 2 --policy bad.yaml && says 'bad.yaml:1'; }
ok "a bad policy is found before anything is signed" bad_policy
bad_log() {
	cp -r "$ROOT" cut && truncate -s -1 cut/sys/kernel/security/credence/log &&
		exits 5 "$C" gate --root "$WORK/cut" --policy "$ADMIT"
}
ok "a log that is cut short is malformed" bad_log
extended() {
	tpm2_pcrextend "13:sha256=$(printf '%064d' 1)" && gate 3 --policy "$ADMIT" --format json &&
		prints '"PCR_MISMATCH"|"LOG_GAP"'
}
ok "a PCR that the log does not explain is refused" extended
bad_out() { gate 2 --policy "$ADMIT" -o no/such/e && [ ! -s out ]; }
ok "evidence that cannot be kept: no verdict" bad_out
by_name() {
	mkdir -p data/policies && cp "$ADMIT" data/policies/site.yaml &&
		CREDENCE_DATA_DIR=$WORK/data gate 3 --policy site
}
ok "an installed policy by its name" by_name
tap_end
