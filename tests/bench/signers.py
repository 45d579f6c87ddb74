# SPDX-License-Identifier: Apache-2.0
"""What checking the signatures of 200 drivers adds to `credence verify`: the
same evidence under two policies, one that asks the kernel's word and one that
has each signature checked. The floor is what the arithmetic alone takes, by
`openssl speed`, in processor time, as that tool counts it.
"""
import hashlib
import os
import re
import statistics
import subprocess
import sys

from clock import Broken
from table import Row

RUNS, WARM, DRIVERS = 20, 2, 200
HEAD = open("tests/bench/plain.yaml", encoding="utf-8").read().split("rules:")[0]
RULE = """rules:
  - id: asked
    when: { kind: driver, signer: { not: %s } }
    then: refuse
    because: A test.
otherwise: { known: admit, unknown: refuse }
"""
SIGNERS = "signers:\n  - { id: s, certificates: s.pem, distribution: yes }\n"
NOW = ["--now", "2026-06-01T00:00:01Z"]


def spent(argv, env, ends=0):
    """Processor seconds of one run that ends with that."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(argv[0], argv, env, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != ends:
        raise Broken("'%s' ended with %d" % (" ".join(argv), status))
    return usage.ru_utime + usage.ru_stime


def floor(kind):
    """Seconds of one verification, by libcrypto's own account."""
    name = {"rsa4096": "rsa4096", "p384": "ecdsap384"}[kind]
    done = subprocess.run(["openssl", "speed", "-seconds", "1", name],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=True)
    last = done.stdout.strip().split("\n")[-1]
    found = re.findall(r"([0-9.]+)s", last)
    if len(found) < 2:
        raise Broken("openssl speed %s: %s" % (name, last))
    return float(found[1])


def prepare(build, kind):
    """Evidence of DRIVERS modules; -> folder"""
    out = os.path.abspath("%s/bench/signers-%s" % (build, kind))
    os.makedirs(out, exist_ok=True)
    sys.path[:0] = ["tests/lib"]
    import signed_modules
    import signing
    signer = signing.Signer("Bench", kind)
    files = []
    for n in range(DRIVERS):
        payload = hashlib.sha256(b"%d" % n).digest()
        signature = signer.sign(payload)
        files.append("%s/m%d.ko" % (out, n))
        with open(files[-1], "wb") as f:
            f.write(signed_modules.join(payload, signature))
    signed_modules.evidence(out, files)
    for name, text in (("s.pem", signer.pem.decode()),
                       ("plain.yaml", HEAD + RULE % "verified"),
                       ("checked.yaml", HEAD + SIGNERS + RULE %
                        "distribution")):
        with open(out + "/" + name, "w", encoding="utf-8") as f:
            f.write(text)
    return out


def rows(build, say):
    program = os.path.abspath(build + "/credence")
    env, found = dict(os.environ, LC_ALL="C"), []
    for kind in ("rsa4096", "p384"):
        say("200 signatures: " + kind)
        out = prepare(build, kind)

        def verify(policy, out=out):
            return [program, "verify", "--quiet", "--state", out + "/state",
                    "--challenge", out + "/challenge.json", "--ak",
                    out + "/ak.pub", "--policy", out + "/" + policy,
                    "--registry", "policies/registry", *NOW,
                    out + "/evidence.cbor"]
        runs = [(spent(verify("checked.yaml"), env),
                 spent(verify("plain.yaml"), env))
                for _ in range(WARM + RUNS)][WARM:]
        least = floor(kind) * DRIVERS
        added = [a - b for a, b in runs]
        found.append(Row(
            "200 signatures in credence verify / the arithmetic, " + kind,
            [x / least for x in added], must=2, aim=1.3,
            note="adds %.1f ms to %.1f ms" %
            (statistics.median(added) * 1e3,
             statistics.median(b for _, b in runs) * 1e3)))
    return found
