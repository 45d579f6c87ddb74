#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Keys, banks and logs of the attester, against a software TPM.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
C=$CREDENCE_ASAN
cd "$WORK" || exit 1

loaded() { tpm2_getcap handles-transient; tpm2_getcap handles-loaded-session; }
nothing_left() { loaded > left && { [ ! -s left ] || { cat left; return 1; }; }; }
answer() { "$C" attest --root "$ROOT" --challenge c.json -o "${2:-e}" "${@:3}" > out 2> err; [ $? -eq "$1" ] || { cat err; return 1; }; }

"$C" challenge -q -o c.json

# Without a TPM: 1, a message that names what was tried, no file.
no_tpm() {
	answer 1 e --tcti "$1" && says "no TPM at '$1'" && [ ! -e e ]
}
ok "no TPM: default" no_tpm device:/dev/tpmrm0
ok "no TPM: nobody listens" no_tpm "swtpm:path=$WORK/nobody"
ok "no TPM: unknown TCTI" no_tpm frobnicate:x
ok "no TPM: not a TPM" no_tpm device:/dev/null
no_tpm_json() { answer 1 e --tcti device:/none --format json && is_json; }
ok "no TPM: as JSON" no_tpm_json
silent() { answer 1 e --tcti device:/none && [ "$(wc -l < err)" -eq 1 ]; }
ok "no TPM: one line, not the TSS's own" silent

swtpm_start sha1,sha256,sha384 && measured sha1,sha256,sha384 || exit 1

first() { answer 0 && says 'made an attestation key, kept at handle 0x81004352' && says 'bank sha384'; }
ok "first use makes the key; strongest bank" first
ok "nothing is left in the TPM" nothing_left
mode() { [ "$(stat -c %a e)" = 600 ]; }
ok "evidence is for its owner only" mode
again() { answer 0 && ! says 'made an attestation key' 2> /dev/null; }
ok "second use finds the key" again
rsa() { answer 0 r --ak-alg rsa && says 'handle 0x81004353'; }
ok "RSA beside it" rsa
ok "nothing is left in the TPM" nothing_left
public() {
	exits 0 "$C" attest --ak-public ecc.pub && exits 0 "$C" attest --ak-alg rsa --ak-public rsa.pub &&
		tpm2_readpublic -Q -c 0x81004352 -f tss -o ecc.ref &&
		tpm2_readpublic -Q -c 0x81004353 -f tss -o rsa.ref &&
		cmp ecc.pub ecc.ref && cmp rsa.pub rsa.ref
}
ok "--ak-public is the TPM's own TPM2B_PUBLIC" public
attributes() {
	tpm2_readpublic -c "$1" > attrs &&
		grep -q 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|sign$' attrs
}
ok "ECC key is restricted and bound to the TPM" attributes 0x81004352
ok "RSA key is restricted and bound to the TPM" attributes 0x81004353
restart() {
	cp ecc.pub before && swtpm_restart && exits 0 "$C" attest --ak-public ecc.pub &&
		cmp before ecc.pub && ! says 'made an' 2> /dev/null
}
ok "the key outlives a power cycle" restart
other() { answer 0 e --ak-handle 0x81001234 && says 'handle 0x81001234'; }
ok "--ak-handle" other
json() { answer 0 e --format json && is_json && prints '"bank": "sha384"'; }
ok "--format json" json

# Something else stands at the handle.
foreign() {
	tpm2_createprimary -Q -C o -c p.ctx && tpm2_evictcontrol -Q -C o -c p.ctx 0x81005555 &&
		tpm2_flushcontext -t && rm -f f && answer 1 f --ak-handle 0x81005555 &&
		says '0x81005555 is no attestation key' && [ ! -e f ]
}
ok "a storage key at the handle is an error that names it" foreign
ok "nothing is left in the TPM" nothing_left
wrong_kind() { answer 1 f --ak-alg rsa --ak-handle 0x81004352 && says 'no attestation key'; }
ok "an ECC key where RSA is asked" wrong_kind
unrestricted() {
	tpm2_createprimary -Q -C o -G ecc:ecdsa-sha256:null -c u.ctx \
		-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|sign' &&
		tpm2_evictcontrol -Q -C o -c u.ctx 0x81005556 && tpm2_flushcontext -t &&
		answer 1 f --ak-handle 0x81005556 && says 'no attestation key'
}
ok "an unrestricted key at the handle" unrestricted

# With a storage key of the machine's owner, usable or not.
srk() {
	swtpm_start sha256 && tpm2_createprimary -Q -C o -G "$1" -c s.ctx ${2:+-p "$2"} &&
		tpm2_evictcontrol -Q -C o -c s.ctx 0x81000001 && tpm2_flushcontext -t &&
		answer 0 && nothing_left
}
ok "under the owner's RSA storage key" srk rsa2048
ok "under the owner's ECC storage key" srk ecc
ok "when that key has a password" srk ecc secret
owner_password() {
	swtpm_start sha256 && tpm2_changeauth -c owner secret && rm -f f && answer 1 f &&
		says 'CreatePrimary' && [ ! -e f ] && nothing_left
}
ok "an owner hierarchy with a password is an error" owner_password

# Banks.
bank() { swtpm_start "$1" && measured "$2" && answer 0 && says "bank $3"; }
ok "bank: sha256 alone" bank sha256 sha256 sha256
ok "bank: all" bank sha1,sha256,sha384,sha512 sha1,sha256,sha384,sha512 sha512
ok "bank: what the log has counts" bank sha256,sha384,sha512 sha256 sha256
weak() { swtpm_start sha1 && rm -f f && answer 1 f && says 'tpm2_pcrallocate' && [ ! -e f ]; }
ok "bank: SHA-1 alone is refused" weak

# Logs: none, of size zero, over the limit, unreadable.
swtpm_start sha256 && measured sha256 || exit 1
none() { "$C" attest --root "$WORK/void" --challenge c.json -o e 2> err && says 'is credence.ko loaded'; }
ok "no measurer: evidence, and a message" none
cp -r "$ROOT" fifo
S=fifo/sys/kernel/security
cp "$S/credence/log" log.copy
# E21: a file that claims no size, and comes in pieces. The log is read twice;
# each read gets a pipe of its own, so that neither can see the other's bytes.
in_pieces() {
	ln -sfn "$1" "$S/credence/log" # the reader has the first one open by now
	for i in $(seq 0 100 2000); do
		dd if=log.copy bs=1 skip="$i" count=100 status=none
	done
}
size_zero() {
	mkfifo "$S/credence/first" "$S/credence/second" &&
		ln -sfn first "$S/credence/log" || return 1
	{ in_pieces second > "$S/credence/first" &&
		in_pieces second > "$S/credence/second"; } &
	"$C" attest --root "$WORK/fifo" --challenge c.json -o z 2> err || return 1
	wait $!
	exits 0 "$C" inventory --evidence z && prints e1000e
}
ok "a log of size zero is read to its end" size_zero
endless() {
	mkdir -p long/sys/kernel/security/ima
	ln -s /dev/zero long/sys/kernel/security/ima/binary_runtime_measurements
	rm -f f; "$C" attest --root "$WORK/long" --challenge c.json -o f 2> err
	[ $? -eq 5 ] && says 'longer than' && [ ! -e f ]
}
ok "a log without end is over the limit" endless
folder() {
	mkdir -p dir/sys/kernel/security/credence/log
	"$C" attest --root "$WORK/dir" --challenge c.json -o f 2> err
	[ $? -eq 1 ] && [ ! -e f ]
}
ok "a log that is a folder" folder
bad_out() { answer 2 no/such/e && says 'no/such/e'; }
ok "output folder that is not there" bad_out
full() { answer 1 /dev/full && says '/dev/full'; }
ok "output device that is full" full
piped() { "$C" attest -q --root "$ROOT" --challenge c.json -o - > p 2> err && "$C" inventory --evidence p > /dev/null; }
ok "evidence to standard output" piped
ok "nothing is left in the TPM" nothing_left

# EK certificate: read whole, its padding left out.
ek_cert() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem \
		-subj /CN=test -days 1 -outform der -out ek.der 2> /dev/null || return 1
	{ cat ek.der; head -c 700 /dev/zero; } > area
	tpm2_nvdefine -Q -C o -s "$(stat -c %s area)" -a 'ownerread|authread|ownerwrite|no_da' 0x1c0000a &&
		tpm2_nvwrite -Q -C o -i area 0x1c0000a && answer 0 e &&
		python3 - <<-'END'
			import cbor2
			e = cbor2.load(open("e", "rb"))
			assert e["ek-cert"][1] == open("ek.der", "rb").read()
		END
}
ok "the EK certificate is carried" ek_cert
tap_end
