# SPDX-License-Identifier: Apache-2.0
"""Peak memory of an appraisal against the size of its input.

Two bundles of the same shape, a small and a large one: the difference of their
peaks over the difference of their sizes leaves out what the program and its
libraries take before they have read a byte. Signed by a key in software; the
verifier cannot tell.
"""
import hashlib
import os
import shutil
import subprocess
import sys

from clock import Broken
from process import nonce_of
from table import Row

SMALL = 64 << 10
PCR, BANK = 13, "sha256"


def ordinary(n):
    """As stock drivers look: texts, aliases, a PKCS#7 signature."""
    return {"event": "module", "name": "driver_%d" % n, "origin": 1,
            "sig-status": 1, "path": "/lib/modules/6.1.0-56-amd64/kernel/"
            "drivers/net/ethernet/vendor/driver_%d.ko" % n, "image": str(n),
            "author": ["A. Person <a.person@vendor.example>"], "intree": 1,
            "license": "GPL v2", "description": "A driver of a vendor",
            "srcversion": "0123456789ABCDEF0123456", "taints": 0,
            "vermagic": "6.1.0-56-amd64 SMP preempt mod_unload modversions ",
            "alias-vendor": ["pci:8086", "pci:10ec"], "load-flags": 0,
            "signature": "30" * 450, "pid": n, "uid": 0, "comm": "modprobe"}


def smallest(n):
    """As small as a record of a measured thing gets."""
    return {"event": "module", "name": "%x" % n, "origin": 0}


class Key:
    """A key in software, a state folder, and evidence of any size."""

    def __init__(self, build, out):
        sys.path.insert(0, "tests/attacks")
        import surgery
        import mklog
        self.surgery, self.mklog = surgery, mklog
        self.program, self.out = os.path.abspath(build + "/credence"), out
        self.peak = os.path.abspath(build + "/bench/peak")
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out)
        self.key = surgery.SoftKey()
        with open(out + "/ak", "wb") as f:
            f.write(self.key.public)

    def log(self, record, size):
        """-> (log of about that size, value of the PCR after it)"""
        def made(records):
            return self.mklog.make({"pcr": PCR, "banks": [BANK],
                                    "records": records})
        one = len(made([{"event": "anchor"}] + [record(n) for n in range(64)])
                  [0]) // 65
        log, extends = made([{"event": "anchor"}] + [
            record(n) for n in range(size // one)])
        value = bytes(32)
        for digests in extends:
            value = hashlib.sha256(value + digests[BANK]).digest()
        return log, value

    def bundle(self, name, record, size):
        challenge = "%s/%s.challenge" % (self.out, name)
        subprocess.run([self.program, "challenge", "--state",
                        self.out + "/state", "-o", challenge], check=True,
                       stderr=subprocess.DEVNULL)
        log, value = self.log(record, size)
        values = {n: bytes(32) for n in range(16)}
        values[PCR] = value
        claims = self.surgery.cbor.dumps({})
        att, sig = self.surgery.quote(self.key, nonce_of(challenge), claims,
                                      BANK, values)
        data = self.surgery.Evidence(
            attest=att, signature=sig, ak=self.key.public, claims=claims,
            pcrs=self.surgery.pcrs(BANK, values), log_measurer=log).encode()
        with open("%s/%s.evidence" % (self.out, name), "wb") as f:
            f.write(data)
        return len(data)

    def kib(self, name):
        """Peak of verifying that bundle; it must come to a verdict."""
        done = subprocess.run(
            [self.peak, self.program, "verify", "--quiet", "--state",
             self.out + "/state", "--challenge",
             "%s/%s.challenge" % (self.out, name), "--ak", self.out + "/ak",
             "--policy", "tests/bench/plain.yaml",
             "%s/%s.evidence" % (self.out, name)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise Broken("verify of '%s' ended with %d: %s" %
                         (name, done.returncode, done.stderr.strip()))
        return int(done.stderr.split()[-1])


def row(key, name, record, size):
    small = key.bundle(name + "-small", record, SMALL)
    large = key.bundle(name + "-large", record, size)
    base, peak = key.kib(name + "-small"), key.kib(name + "-large")
    return Row("appraisal, peak memory / input, %s records" % name,
               [(peak - base) * 1024 / (large - small)], must=3.0, aim=2.0,
               note="%.1f MiB for %.1f MiB of evidence; %.1f MiB for %.2f" %
               (peak / 1024, large / 2**20, base / 1024, small / 2**20))


def rows(build, say):
    say("memory: bundles of many MiB")
    key = Key(build, os.path.abspath(build + "/bench/memory"))
    # the second is smaller, as the number of components has a limit too
    return [row(key, "ordinary", ordinary, 20 << 20),
            row(key, "smallest", smallest, 12 << 20)]
