# SPDX-License-Identifier: Apache-2.0
"""`credence verify` as a whole process against tpm2_checkquote.

Both check a P-256 quote over PCRs 0 to 15 by the same software TPM; ours goes
on to replay the log and to apply a policy, and spends its challenge. Each run
has a challenge and evidence of its own, as a challenge is good for one.
"""
import json
import os
import shutil
import subprocess
import sys

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
    """A machine's key, and bundles by it for challenges of one state folder."""

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

    def challenge(self, n):
        path = "%s/%d.challenge" % (self.out, n)
        subprocess.run([self.program, "challenge", "--state",
                        self.out + "/state", "-o", path], check=True,
                       stderr=subprocess.DEVNULL)
        return path

    def bundle(self, n, **changes):
        """-> path of evidence n, and of its challenge"""
        challenge = self.challenge(n)
        path = "%s/%d.evidence" % (self.out, n)
        evidence = self.machine.evidence(nonce_of(challenge), **changes)
        with open(path, "wb") as f:
            f.write(evidence.encode())
        return path, challenge

    def verify(self, bundle, policy):
        evidence, challenge = bundle
        return [self.program, "verify", "--quiet", "--state",
                self.out + "/state", "--challenge", challenge, "--ak",
                self.out + "/ak", "--policy", policy, evidence]

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


def rows(build, say):
    env = dict(os.environ, TPM2TOOLS_TCTI="none", TSS2_LOG="all+none",
               LC_ALL="C")
    say("whole process: %d quotes" % (WARM + RUNS))
    made = Evidence(build, os.path.abspath(build + "/bench/process"))
    try:
        bundles = [made.bundle(n) for n in range(2 * (WARM + RUNS))]
        check = made.quote()
    finally:
        made.machine.close()
    out = []
    for start, name, good in (
            (0, "tests/bench/plain.yaml", (0,)),
            # any verdict will do, an error will not
            (WARM + RUNS, "policies/laboratory.yaml", (0, 3, 4))):
        say("whole process: verify with %s against tpm2_checkquote" % name)
        ratios, a, b = pairs(
            RUNS, lambda n: made.verify(bundles[start + n], name),
            lambda _: check, env, WARM, good)
        out.append(Row("credence verify / tpm2_checkquote, %s" %
                       os.path.basename(name), ratios, must=0.6, aim=0.5,
                       note="medians %.2f ms, %.2f ms" %
                       (sorted(a)[RUNS // 2] * 1e3, sorted(b)[RUNS // 2] * 1e3)))
    return out
