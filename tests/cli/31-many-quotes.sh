#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A thousand quotes in a row, PCRs that change meanwhile, and being stopped at
# any moment: nothing stays loaded in a TPM that has room for three objects.
# shellcheck source=tests/lib/swtpm.sh
. "$(dirname "$0")/../lib/swtpm.sh"
cd "$WORK" || exit 1
swtpm_start sha256 && measured sha256 || exit 1
"$CREDENCE" challenge -q -o c.json

nothing_left() {
	local l
	l=$(tpm2_getcap handles-transient; tpm2_getcap handles-loaded-session)
	[ -z "$l" ] || { echo "$l"; return 1; }
}
quote() { "$CREDENCE" attest -q --root "$ROOT" --challenge c.json -o e 2> err; }

thousand() {
	for i in $(seq 1000); do
		quote || { echo "quote $i"; cat err; return 1; }
	done
}
ok "1,000 quotes in a row" thousand
ok "nothing is left in the TPM" nothing_left

# Stopped at a different moment each time, also while the key is being made.
# The signal is held until the TPM is clean again; then it ends the process.
# Not by the shell: its background children ignore SIGINT.
stopped() {
	python3 - "$1" "$CREDENCE" "$ROOT" <<-'END'
		import glob, os, signal, subprocess, sys, time
		sig = getattr(signal, sys.argv[1])
		signal.signal(signal.SIGINT, signal.default_int_handler)
		def tpm(*args):
		    return subprocess.run(("tpm2_" + args[0],) + args[1:],
		                          capture_output=True).stdout
		hit = 0
		for i in range(60):
		    tpm("evictcontrol", "-Q", "-C", "o", "-c", "0x81004352")
		    if os.path.exists("e"):
		        os.remove("e")
		    p = subprocess.Popen([sys.argv[2], "attest", "-q", "--root",
		        sys.argv[3], "--challenge", "c.json", "-o", "e"],
		        stderr=subprocess.DEVNULL)
		    time.sleep(0.00025 * i)
		    p.send_signal(sig)
		    p.wait()
		    assert p.returncode in (0, 1, -sig), p.returncode
		    hit += p.returncode == -sig
		    left = tpm("getcap", "handles-transient") + \
		        tpm("getcap", "handles-loaded-session")
		    assert not left, left
		    assert not glob.glob("e.*"), "half a file"
		    if os.path.exists("e"):
		        subprocess.run([sys.argv[2], "inventory", "-q", "--evidence",
		            "e"], check=True, stdout=subprocess.DEVNULL)
		print(hit, "of 60 were hit")
		assert hit
	END
	quote || { cat err; return 1; }
}
ok "stopped by SIGTERM 60 times" stopped SIGTERM
ok "stopped by SIGHUP 60 times" stopped SIGHUP
ok "stopped by SIGINT 60 times" stopped SIGINT
ok "nothing is left in the TPM" nothing_left
tap_end
