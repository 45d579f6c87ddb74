# SPDX-License-Identifier: Apache-2.0
"""A software TPM with an AK and a measured machine around it."""
import os
import shutil
import subprocess
import tempfile
import time

import surgery
import mklog

AK = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign"
UNRESTRICTED = AK.replace("|restricted", "")
ALL = list(range(16))
CLAIMS = surgery.cbor.dumps({"agent.version": "1", "disk.0.model": "QEMU"})


class Tpm:
    """swtpm, alone in its folder; everything by tpm2-tools."""

    def __init__(self, banks=None):
        self.dir = tempfile.mkdtemp(prefix="crd-attack-")
        state, sock = self.path("state"), self.path("sock")
        os.mkdir(state)
        if banks:
            subprocess.run(["swtpm_setup", "--tpm2", "--tpmstate", state,
                            "--pcr-banks", ",".join(banks)], check=True,
                           stdout=subprocess.DEVNULL)
        self.daemon = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + state,
             "--server", "type=unixio,path=" + sock,
             "--ctrl", "type=unixio,path=" + sock + ".ctrl",
             "--flags", "not-need-init,startup-clear"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.tcti = "swtpm:path=" + sock
        for _ in range(200):
            if os.path.exists(sock):
                break
            time.sleep(0.02)
        self.primary("ak", AK)
        self.ak = self.public("ak")

    def close(self):
        self.daemon.terminate()
        self.daemon.wait()
        shutil.rmtree(self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def run(self, verb, *args):
        """There is no resource manager: no tool may leave a key loaded."""
        out = self.tool(verb, *args)
        if not verb.startswith("pcr"):
            self.tool("flushcontext", "-t")
        return out

    def tool(self, verb, *args):
        for _ in range(20):	# the daemon may still be starting
            done = subprocess.run(["tpm2_" + verb, "-T", self.tcti, *args],
                                  capture_output=True, check=False)
            if done.returncode == 0:
                return done.stdout
            if b"onnect" not in done.stderr:
                break
            time.sleep(0.05)
        raise RuntimeError("tpm2_%s: %s" % (verb, done.stderr.decode()))

    def primary(self, name, attributes, *more):
        self.run("createprimary", "-Q", "-C", "o", "-G",
                 "ecc:ecdsa-sha256:null", "-a", attributes, "-c",
                 self.path(name), *more)

    def public(self, key):
        self.run("readpublic", "-Q", "-c", self.path(key), "-f", "tss",
                 "-o", self.path(key + ".pub"))
        return self.read(key + ".pub")

    def values(self, bank, numbers=ALL):
        """{PCR: value}; the tool reads eight of a bank at a time."""
        out = {}
        for part in (list(numbers)[:8], list(numbers)[8:]):
            if part:
                spec = "%s:%s" % (bank, ",".join(map(str, part)))
                self.run("pcrread", "-Q", spec, "-o", self.path("v"))
                size, data = surgery.BANKS[bank][1], self.read("v")
                for i, n in enumerate(sorted(part)):
                    out[n] = data[i * size:(i + 1) * size]
        return out

    def quote(self, extra, bank="sha256", numbers=ALL, key="ak"):
        spec = "%s:%s" % (bank, ",".join(map(str, numbers)))
        # an empty -q is not taken by the tool; absent means empty
        more = ["-q", extra.hex()] if extra else []
        self.run("quote", "-Q", "-c", self.path(key), "-l", spec, "-g",
                 "sha256", "-m", self.path("att"), "-s", self.path("sig"),
                 *more)
        return self.read("att"), self.read("sig")

    def extend(self, pcr, extends):
        mklog.extend(self.tcti, pcr, extends)


class Machine:
    """A TPM, the log that was extended into it, and evidence about it."""

    def __init__(self, log=None, corrupt=(), banks=None, claims=CLAIMS):
        self.tpm = Tpm(banks)
        self.desc = log or mklog.default_log()
        self.log, extends = mklog.make(self.desc, corrupt)
        self.claims = claims
        self.tpm.extend(self.desc["pcr"], extends)

    def close(self):
        self.tpm.close()

    def evidence(self, nonce, bank="sha256", numbers=ALL, extra=None,
                 **changes):
        if extra is None:
            extra = surgery.qualifying(nonce, self.claims)
        att, sig = self.tpm.quote(extra, bank, numbers)
        values = self.tpm.values(bank)
        return surgery.Evidence(
            attest=att, signature=sig, ak=self.tpm.ak, claims=self.claims,
            pcrs=surgery.pcrs(bank, values),
            log_measurer=self.log).copy(**changes)
