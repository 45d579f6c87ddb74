#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks on the verifier that need no virtual machine, against the real
program and a software TPM. Prints TAP.

  attacks.py [CASE-PREFIX...]		CREDENCE=PROGRAM for another build

Every case is one row of a table in cases_*.py. Before and after each case,
the same set-up with good evidence must be admitted: a verifier that refuses
everything passes nothing. Each bundle is kept in $O/bundles/attack-CASE for
the oracle (tests/oracle/oracle.py) to judge too.
"""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile

import rig
import surgery
import cases_compare
import cases_counts
import cases_devices
import cases_flow
import cases_lies
import cases_log
import cases_policy
import cases_quote
import cases_signer

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
O = os.path.abspath(os.environ.get("O", os.path.join(ROOT, "build")))
PROGRAM = os.environ.get("CREDENCE", os.path.join(O, "credence"))
REGISTRY = os.path.join(ROOT, "policies/registry")
POLICY = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "admit.yaml")


class Result:
    """What the program answered."""

    def __init__(self, done):
        self.exit = done.returncode
        self.out, self.err = done.stdout, done.stderr
        try:
            self.json = json.loads(self.out)
        except ValueError:
            self.json = {}

    def reasons(self):
        """Classes of the failed findings."""
        return sorted({f["reason"] for f in self.json.get("findings", [])
                       if f["outcome"] == "failed" and
                       f.get("reason", "NONE") not in (None, "NONE")})

    def __str__(self):
        return "exit %d, %s %s" % (self.exit, " ".join(self.reasons()),
                                   self.err.strip()[:300])


class Context:
    """One machine, one verifier with its state, and the TAP output."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="crd-verifier-")
        self.program, self.registry = PROGRAM, REGISTRY
        self.state = self.path("state")
        self.count = self.bad = 0
        self.good = None	# was the last good evidence admitted?
        self._machines = {}

    def close(self):
        for m in self._machines.values():
            m.close()
        shutil.rmtree(self.dir)

    @property
    def machine(self):
        return self.other("first")

    def second(self):
        return self.other("second")

    def other(self, name, **kwargs):
        if name not in self._machines:
            self._machines[name] = rig.Machine(**kwargs)
        return self._machines[name]

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def credence(self, *args):
        return Result(subprocess.run(
            [self.program, *args], capture_output=True,
            text=True, errors="replace", timeout=60, check=False))

    def challenge(self, name="challenge.json", state=None):
        """-> nonce; the file is name."""
        if os.path.exists(self.path(name)):
            os.unlink(self.path(name))
        done = self.credence("challenge", "-o", self.path(name), "--state",
                             state or self.state)
        if done.exit:
            raise RuntimeError("credence challenge: %s" % done)
        with open(self.path(name), encoding="utf-8") as f:
            return bytes.fromhex(json.load(f)["nonce"])

    def verify(self, data, ak, name="evidence.cbor", *more, policy=POLICY,
               challenge="challenge.json", state=None):
        return self.credence(
            "verify", "--format", "json", "--challenge", self.path(challenge),
            "--policy", policy, "--registry", REGISTRY, "--ak",
            self.write(name + ".ak", ak), "--state", state or self.state,
            *more, self.write(name, data))

    def keep(self, case, data, ak, exit_code, reason, policy=POLICY,
             challenge="challenge.json", files=(), **more):
        """Leave a bundle for the oracle; files: what the policy names."""
        folder = os.path.join(O, "bundles", "attack-" + case)
        os.makedirs(folder, exist_ok=True)
        for name, content in (("evidence.cbor", data), ("ak.pub", ak)):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(content)
        shutil.copy(self.path(challenge),
                    os.path.join(folder, "challenge.json"))
        shutil.copy(policy, os.path.join(folder, "policy.yaml"))
        for path in files:
            shutil.copy(path, folder)
        with open(os.path.join(folder, "expect"), "w", encoding="utf-8") as f:
            print("exit=%d" % exit_code, file=f)
            if reason:
                print("reason=%s" % reason, file=f)
            for key, value in more.items():
                print("%s=%s" % (key, value), file=f)

    def control(self):
        """U6: the same set-up with good evidence is admitted."""
        nonce = self.challenge("good.json")
        done = self.verify(self.machine.evidence(nonce).encode(),
                           self.machine.tpm.ak, "good.cbor",
                           challenge="good.json")
        self.good = done.exit == 0 and done.json.get("verdict") == "admit"
        if not self.good:
            print("# good evidence is not admitted: %s" % done)
        return self.good

    def tap(self, ok, name, why=""):
        self.count += 1
        self.bad += not ok
        print("%sok %d - %s" % ("" if ok else "not ", self.count, name))
        if not ok:
            for line in str(why).splitlines():
                print("# " + line)
        sys.stdout.flush()

    def case(self, case, what, check):
        """check() -> None, or what is wrong. Good evidence on both sides."""
        before = self.good if self.good is not None else self.control()
        try:
            wrong = check()
        except (RuntimeError, subprocess.TimeoutExpired, KeyError) as e:
            wrong = "%s: %s" % (type(e).__name__, e)
        try:
            after = self.control()
        except (RuntimeError, subprocess.TimeoutExpired) as e:
            after, wrong = False, wrong or str(e)
        if not wrong and not (before and after):
            wrong = "good evidence was not admitted before or after it"
        self.tap(not wrong, "%s: %s" % (case, what), wrong)

    def judge(self, case, data, ak, exit_code, reason, **more):
        """Verify once, keep for the oracle, compare with what is expected."""
        self.keep(case, data, ak, exit_code, reason, **more)
        done = self.verify(data, ak)
        wrong = wrong_answer(done, exit_code, reason)
        return "%s, not exit %d %s" % (done, exit_code, reason) \
            if wrong else None


def wrong_answer(done, exit_code, reason):
    verdict = {0: "admit", 3: "refuse", 4: "refer", 5: "refuse"}[exit_code]
    if done.exit != exit_code or done.json.get("verdict") != verdict:
        return True
    return reason is not None and reason not in done.reasons()


def run_quote(ctx, row):
    case, what, exit_code, reason, make = row

    def check():
        nonce = ctx.challenge()
        made = make(ctx, nonce)
        ev, ak = made if isinstance(made, tuple) else (made, ctx.machine.tpm.ak)
        return ctx.judge(case, ev.encode(), ak, exit_code, reason)
    ctx.case(case, what, check)


def run_lie(ctx, row):
    case, what, make = row

    def check():
        nonce = ctx.challenge()
        ev = ctx.machine.evidence(nonce)
        data = make(ev)
        if data == ev.encode():
            return "the case changes nothing"
        wrong = ctx.judge("A10-" + case, data, ctx.machine.tpm.ak, 5,
                          "MALFORMED")
        # what was not spent by bad bytes still serves the good ones
        again = ctx.verify(ev.encode(), ctx.machine.tpm.ak)
        return wrong or (None if again.exit == 0 else
                         "the good evidence is then refused: %s" % again)
    ctx.case("A10-" + case, what, check)


def sweep(ctx):
    """A06: each bit of statement and signature, one at a time."""
    nonce = ctx.challenge()
    good = ctx.machine.evidence(nonce)
    jobs = [(part, bit) for part in ("attest", "signature")
            for bit in range(8 * len(good[part]))]

    def one(job):
        part, bit = job
        data = bytearray(good[part])
        data[bit // 8] ^= 1 << bit % 8
        done = ctx.verify(good.copy(**{part: bytes(data)}).encode(),
                          ctx.machine.tpm.ak, "%s-%d" % job)
        for end in ("", ".ak"):
            os.unlink(ctx.path("%s-%d%s" % (part, bit, end)))
        right = done.exit in (3, 5) and done.json.get("verdict") == "refuse" \
            and done.reasons()
        return None if right else "%s bit %d: %s" % (part, bit, done)

    def check():
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            wrong = [w for w in pool.map(one, jobs) if w]
        if wrong:
            return "%d of %d: %s" % (len(wrong), len(jobs), wrong[0])
        done = ctx.verify(good.encode(), ctx.machine.tpm.ak)
        return None if done.exit == 0 else "afterwards, good: %s" % done
    ctx.case("A06", "each of %d bits of statement and signature flipped" %
             len(jobs), check)


def wanted(case):
    return not sys.argv[1:] or any(case.startswith(p) for p in sys.argv[1:])


def main():
    if not os.access(PROGRAM, os.X_OK):
        sys.exit("attacks: no %s; run 'make userspace'" % PROGRAM)
    ctx = Context()
    try:
        for row in cases_quote.CASES:
            if wanted(row[0]):
                run_quote(ctx, row)
        for row in cases_lies.CASES:
            if wanted("A10-" + row[0]):
                run_lie(ctx, row)
        if wanted("A06"):
            sweep(ctx)
        for module in (cases_flow, cases_log, cases_policy, cases_signer,
                       cases_devices, cases_compare, cases_counts):
            module.run(ctx, wanted)
    finally:
        ctx.close()
    print("1..%d" % ctx.count)
    return 1 if ctx.bad else 0


if __name__ == "__main__":
    sys.exit(main())
