# SPDX-License-Identifier: Apache-2.0
"""`credence verify` as a whole process against tpm2_checkquote.

Both check a P-256 quote over PCRs 0 to 15 by the same software TPM; ours goes
on to replay the log and to apply a policy, and spends its challenge. Each run
has a challenge and evidence of its own, as a challenge is good for one.

Spending is made durable (fsync) before the verdict is shown, which the other
program has no need of. That is a figure of the disk, so it stands in a row of
its own; in the other rows the state folder is in memory.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from clock import Broken, pairs
from table import Row

RUNS = 40
WARM = 3


def nonce_of(path):
    with open(path) as f:
        text = f.read()
    try:
        return bytes.fromhex(json.loads(text)["nonce"])
    except (ValueError, KeyError):
        pass
    for line in text.splitlines():
        key, _, value = line.replace(":", "=").partition("=")
        if key.strip() == "nonce":
            return bytes.fromhex(value.strip())
    raise Broken("no nonce in %s" % path)


class Evidence:
    """A machine's key, its bundles, and challenges for them."""

    def __init__(self, build, out):
        self.program = os.path.abspath(build + "/credence")
        self.out = out
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        sys.path.insert(0, "tests/attacks")
        import rig
        self.machine = rig.Machine()
        self.tpm = self.machine.tpm
        with open(out + "/ak", "wb") as f:
            f.write(self.tpm.ak)
        self.tpm.run("readpublic", "-Q", "-c", self.tpm.path("ak"), "-f", "pem",
                     "-o", out + "/ak.pem")

    def verify(self, n, state, policy):
        """The command that verifies evidence n, made here, with that policy."""
        challenge = "%s/%d.challenge" % (self.out, n)
        evidence = "%s/%d.evidence" % (self.out, n)
        subprocess.run([self.program, "challenge", "--state", state, "-o",
                        challenge], check=True, stderr=subprocess.DEVNULL)
        with open(evidence, "wb") as f:
            f.write(self.machine.evidence(nonce_of(challenge)).encode())
        return [self.program, "verify", "--quiet", "--state", state,
                "--challenge", challenge, "--ak", self.out + "/ak", "--policy",
                policy, "--registry", "policies/registry", evidence]

    def quote(self):
        """One quote by tpm2_quote -> the command that checks it."""
        nonce, out = os.urandom(32).hex(), self.out + "/quote."
        self.tpm.run("quote", "-Q", "-c", self.tpm.path("ak"), "-l",
                     "sha256:0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15", "-g",
                     "sha256", "-q", nonce, "-m", out + "msg", "-s",
                     out + "sig", "-o", out + "pcr")
        return ["tpm2_checkquote", "-u", self.out + "/ak.pem", "-m",
                out + "msg", "-s", out + "sig", "-f", out + "pcr", "-g",
                "sha256", "-q", nonce]


def row(made, n, what, state, policy, good, check, env):
    commands = [made.verify(n + i, state, policy) for i in range(WARM + RUNS)]
    ratios, ours, theirs = pairs(RUNS, lambda i: commands[i], lambda _: check,
                                 env, WARM, good)
    return Row("credence verify / tpm2_checkquote, " + what, ratios, must=0.6,
               aim=0.5, note="medians %.2f ms, %.2f ms" %
               (statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3))


def rows(build, say):
    env = dict(os.environ, TPM2TOOLS_TCTI="none", TSS2_LOG="all+none",
               LC_ALL="C")
    out = os.path.abspath(build + "/bench/process")
    made = Evidence(build, out)
    plain, full = "tests/bench/plain.yaml", "policies/laboratory.yaml"
    found = []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        try:
            check = made.quote()
            # with the example's rules any verdict will do, an error will not
            for what, state, policy, good in (
                    ("one rule", memory, plain, (0,)),
                    ("one rule, state on disk", out + "/state", plain, (0,)),
                    ("laboratory.yaml and registry", memory, full, (0, 3, 4))):
                say("whole process: " + what)
                found.append(row(made, len(found) * 1000, what, state, policy,
                                 good, check, env))
        finally:
            made.machine.close()
    return found
