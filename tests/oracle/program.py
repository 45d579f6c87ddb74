# SPDX-License-Identifier: Apache-2.0
"""The program, asked about evidence that is made here of a description."""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../attacks"), os.path.join(HERE, "../lib")]
import cel  # noqa: E402
import machines  # noqa: E402
import mklog  # noqa: E402

NOW, NONCE = "2026-06-01T00:00:00Z", b"n" * 32
POLICY = """policy: compared
version: 1
authority: Tests
valid: { from: 2020-01-01, until: 2099-12-31 }
requires: { identity: any, freshness: 10m, secure_boot: any, lockdown: none,
  measurer: any, bid: %s }
rules:
  - { id: none, when: { kind: driver, name: none }, then: refuse, because: A. }
otherwise: { known: admit, unknown: %s }
"""


def evidence(key, records, uncovered=0):
    """-> (bundle, [cel.Record], how many of them the quote covers)"""
    log, _ = mklog.make({"pcr": 13, "banks": ["sha256"], "records": records})
    return machines.bundle(key, records, uncovered, NONCE), cel.read(log), \
        len(records) - uncovered


def arguments(doc, count):
    """What all comparisons are called with."""
    ap = argparse.ArgumentParser(description=doc.splitlines()[0])
    ap.add_argument("--credence", required=True)
    ap.add_argument("--registry", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=count)
    return ap.parse_args()


class Program:
    """One folder for all that it is given; goes with close()."""

    def __init__(self, args):
        self.program, self.registry = args.credence, args.registry
        self.folder = tempfile.mkdtemp(prefix="crd-oracle-")
        self.file("challenge", json.dumps({
            "credence-challenge": 1, "nonce": NONCE.hex(), "issued": NOW,
            "expires": "2026-06-01T00:10:00Z"}))

    def close(self):
        shutil.rmtree(self.folder)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        mode = {"mode": "wb"} if isinstance(content, bytes) else \
            {"mode": "w", "encoding": "utf-8", "newline": ""}
        with open(path, **mode) as f:
            f.write(content)
        return path

    def run(self, *args):
        """-> (exit status, report or what it complains of)"""
        done = subprocess.run([self.program, *args], capture_output=True,
                              text=True, errors="replace", check=False)
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            return done.returncode, done.stderr.strip() or done.stdout

    def verify(self, bundle, key, policy, *more):
        state = os.path.join(self.folder, "state")
        shutil.rmtree(state, ignore_errors=True)
        os.makedirs(state + "/open")
        os.makedirs(state + "/used")
        challenge = os.path.join(self.folder, "challenge")
        shutil.copy(challenge, os.path.join(state, "open", NONCE.hex()))
        return self.run(
            "verify", "--format", "json", "--state", state, "--now", NOW,
            "--challenge", challenge, "--registry", self.registry,
            "--policy", self.file("policy.yaml", policy),
            "--ak", self.file("ak", key.public), *more,
            self.file("evidence", bundle))


class Tap:
    """Batches of cases, each batch a line; what differs is told."""

    def __init__(self, what, count, batch):
        self.what, self.count, self.batch = what, count, batch
        self.seen, self.failed = {}, 0

    def run(self, case):
        """case(random, number) -> (word for what came out, [what differs])"""
        batches = -(-self.count // self.batch)
        print("1..%d" % (batches + 1))
        for b in range(batches):
            wrong = []
            for n in range(b * self.batch, min(self.count,
                                               (b + 1) * self.batch)):
                word, differs = case(n)
                self.seen[word] = self.seen.get(word, 0) + 1
                if differs:
                    wrong.append("%d: %s" % (n, "\n# ".join(
                        "\n".join(map(str, differs)).splitlines())))
            print("%sok %d - %d %s" % ("not " if wrong else "", b + 1,
                                       self.batch, self.what), flush=True)
            for line in wrong:
                print("# " + line)
            self.failed += bool(wrong)
        return batches + 1

    def end(self, number, wanted):
        """A generator that makes only one answer tests nothing."""
        few = [w for w in wanted if self.seen.get(w, 0) * 20 < self.count]
        print("%sok %d - answers: %s" % ("not " if few else "", number,
                                         self.seen))
        return bool(self.failed or few)


def differences(want, got):
    return ["%s: %s here, %s there" % (k, want[k], got.get(k))
            for k in want if want[k] != got.get(k)]


def source(seed, number):
    return random.Random("%d.%d" % (seed, number))
