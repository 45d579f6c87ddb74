#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier, small and slow, that shares no code with the first.

Written from the TCG's tables, RFC 8949, the comment of kmod/uapi/credence.h,
attest/evidence.cddl and policies/README.md, never from the C sources. Where
the two disagree, one of them has a bug.

  oracle.py --evidence F --challenge F --ak F --policy F --registry DIR
            [--now T] [--as-of DAY] [--challenge-is open|used|unknown]
      prints {"verdict", "exit", "reasons"} as JSON
  oracle.py compare --credence PROGRAM --registry DIR BUNDLES
      asks the program and the oracle about each folder in BUNDLES; TAP

A bundle folder holds evidence.cbor, challenge.json, ak.pub (TPM2B_PUBLIC; more
as ak-*.pub), policy.yaml, what the policy names by file, perhaps waivers*.yaml,
and expect: lines
"exit=N", and perhaps "reason=CLASS", "now=TIME" (default: when the challenge
was given out), "as_of=DAY", "challenge_is=used|unknown" (default: open),
"site=", "destination=" and "purpose=" with what the program is told. Who makes
bundles in a test leaves them in $O/bundles/NAME.
"""
import argparse
import calendar
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import cel
import evidence
import extend
import facts
import policy
import tpm
from cbor import Malformed
from registry import Registry

EXITS = {"admit": 0, "refuse": 3, "refer": 4}
RANK = [tpm.SHA1, tpm.SHA256, tpm.SHA384, tpm.SHA512]
ENDS = (b"\2", b"\4")	# POWER: resume, restored
INCOMPLETE = (cel.FAULT, cel.FULL, cel.LOST, cel.UNLOAD)


def parse_time(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Appraisal:
    def __init__(self, bundle, challenge, aks, rules, registry, now, spent,
                 as_of=None, context=None):
        self.bundle, self.challenge, self.aks = bundle, challenge, aks
        self.policy, self.registry, self.now = rules, registry, now
        self.spent, self.as_of, self.context = spent, as_of, context
        self.reasons, self.why = set(), []
        self.verdict = "admit"
        self.broken = False

    def fail(self, reason, why):
        self.reasons.add(reason)
        self.why.append("%s: %s" % (reason, why))
        self.verdict = "refuse"

    def run(self):
        try:
            self.stages()
        except Malformed as e:
            self.malformed(e)
        return 5 if self.broken else EXITS[self.verdict]

    def stages(self):
        """Each failure is told, also after the first one; a log that no
        trusted quote vouches for is read, but says nothing of the machine."""
        ev = evidence.read(self.bundle)
        self.freshness()
        if not policy.in_force(self.policy, self.day()):
            self.fail("POLICY_RULE", "the policy is not in force")
        vouched = self.signed(ev)
        records = self.log(ev)
        if records and any(r.event in INCOMPLETE for r in
                           cel.events(records)):
            self.fail("LOG_GAP", "the log says that it is not complete")
        if records:
            self.resets(records)
        if records and vouched:
            self.judge(ev, records)

    def resets(self, records):
        """Was the TPM reset while the machine slept?"""
        start = records[0].fields.get(0x41)
        for rec in cel.events(records):
            if rec.event == cel.POWER and rec.fields.get(0x7C) in ENDS and \
                    start and rec.fields.get(0x41, start) != start:
                self.fail("ROLLBACK", "record %d: reset count" % rec.recnum)

    def leaving(self, records, covered):
        """Did it attest on its way to sleep or to its end?"""
        power = [r for r in cel.events(records) if r.event == cel.POWER]
        if power and power[-1].fields.get(0x7C) not in ENDS and \
                power[-1].recnum < covered:
            self.reasons.add("LOG_GAP")
            self.verdict = max(self.verdict, "refer", key=policy.ORDER.index)

    def day(self):
        return self.as_of or time.strftime("%Y-%m-%d", time.gmtime(self.now))

    def malformed(self, e):
        self.broken = True
        self.fail("MALFORMED", str(e))

    def signed(self, ev):
        """Is there a genuine quote by a trusted key?"""
        try:
            ak = tpm.Ak(ev.ak)
        except tpm.Unknown as e:
            return self.fail("AK_UNTRUSTED", str(e))
        except Malformed as e:
            return self.malformed(e)
        trusted = self.identity(ak)
        try:
            return self.quote(ev, ak) and trusted
        except Malformed as e:
            return self.malformed(e)

    def identity(self, ak):
        pinned = ak.name in self.aks
        if not pinned and (self.policy["pinned"] or self.aks):
            self.fail("AK_UNTRUSTED", "this key is not enrolled")
        if not ak.fit():
            self.fail("AK_UNTRUSTED", "attributes 0x%08x" % ak.attributes)
        return "AK_UNTRUSTED" not in self.reasons

    def freshness(self):
        issued = self.challenge["issued"]
        if not issued <= self.now <= self.challenge["expires"] or \
                self.now - issued > self.policy["max_age"]:
            self.fail("STALE", "outside the time of the challenge")
        if self.spent != "open":
            self.fail("NONCE", "challenge %s" % self.spent)

    def quote(self, ev, ak):
        wanted = evidence.qualifying(self.challenge["nonce"], ev.claims)
        reason, _ = tpm.check_quote(ak, ev.attest, ev.signature, wanted,
                                    ev.bank, ev.values)
        if reason:
            self.fail(reason, "the quote")
            return False
        if RANK.index(ev.bank) < RANK.index(self.policy["least_bank"]):
            self.fail("PCR_BANK", "a weaker bank than the policy accepts")
        return True

    def log(self, ev):
        if ev.log_measurer is None:
            return self.fail("LOG_MEASURER", "no measurer log")
        try:
            return cel.read(ev.log_measurer)
        except cel.BadLog as e:
            return self.fail("LOG_MEASURER", str(e))
        except Malformed as e:
            return self.malformed(e)

    def replay(self, ev, records):
        """-> how many records the quote covers, or None"""
        if records[0].pcr != self.policy["pcr"]:
            return self.fail("PCR_COVERAGE", "PCR %d" % records[0].pcr)
        start = cel.start_value(records, ev.bank)
        if start is None:
            return self.fail("PCR_BANK", "the anchor has no value for the bank")
        if any(start):
            self.fail("LOG_GAP", "the anchor found its PCR used")
        if ev.bank not in records[0].digests:
            return self.fail("PCR_BANK", "the log lacks the quoted bank")
        covered = cel.replay(records, ev.bank, start,
                             ev.values[records[0].pcr])
        if not covered:
            self.fail("PCR_MISMATCH", "no part of the log gives the PCR")
        return covered

    def judge(self, ev, records):
        covered = self.replay(ev, records)
        if not covered:
            return
        self.leaving(records, covered)
        parts = facts.components(records, covered, self.registry)
        for found in policy.judge(self.policy, records, covered, parts,
                                  self.registry, self.day(),
                                  tpm.Ak(ev.ak).name, self.context):
            self.why.append("%s: %s" % (found.reason, found.why))
            if found.reason:
                self.reasons.add(found.reason)
            self.verdict = max(self.verdict, found.verdict,
                               key=policy.ORDER.index)


def read_challenge(path):
    data = json.loads(read(path))
    return {"nonce": bytes.fromhex(data["nonce"]),
            "issued": parse_time(data["issued"]),
            "expires": parse_time(data["expires"])}


def waivers_beside(rules):
    return sorted(glob.glob(os.path.join(os.path.dirname(rules),
                                         "waivers*.yaml")))


def appraise(bundle, challenge, aks, rules, registry, now=None, spent="open",
             as_of=None, context=None):
    """Files in, (exit code, verdict, sorted reasons, why) out."""
    ch = read_challenge(challenge)
    try:
        whole = policy.load(rules, waivers_beside(rules))
    except extend.Bad as e:
        return 2, "none", [], [str(e)]
    a = Appraisal(read(bundle), ch, [tpm.Ak(read(f)).name for f in aks],
                  whole, registry,
                  ch["issued"] if now is None else now, spent, as_of,
                  context)
    code = a.run()
    return code, a.verdict, sorted(a.reasons), a.why


def ask_program(program, registry, folder, expect, aks):
    """-> (exit code, verdict, reasons) of the program, with a fresh state."""
    state = tempfile.mkdtemp(prefix="crd-oracle-")
    try:
        os.mkdir(state + "/open")
        os.mkdir(state + "/used")
        path = os.path.join(folder, "challenge.json")
        is_ = expect.get("challenge_is", "open")
        if is_ != "unknown":
            nonce = json.loads(read(path))["nonce"]
            shutil.copy(path, os.path.join(state, is_, nonce))
        now = expect.get("now") or json.loads(read(path))["issued"]
        done = subprocess.run(
            [program, "verify", "--format", "json", "--state", state,
             "--challenge", path, "--registry", registry, "--now", now,
             "--policy", os.path.join(folder, "policy.yaml"),
             *[x for f in waivers_beside(os.path.join(folder, "policy.yaml"))
               for x in ("--waivers", f)],
             *(["--as-of", expect["as_of"]] if "as_of" in expect else []),
             *[x for k, v in context_of(expect).items()
               for x in ("--context", "%s=%s" % (k, v))],
             *[x for f in aks for x in ("--ak", f)],
             os.path.join(folder, "evidence.cbor")],
            capture_output=True, text=True, errors="replace", check=False)
    finally:
        shutil.rmtree(state)
    try:
        report = json.loads(done.stdout)
        findings = report["findings"]
    except (ValueError, KeyError):
        return done.returncode, "none", \
            [] if done.returncode == 2 else [done.stderr.strip()]
    reasons = {f["reason"] for f in findings
               if f["outcome"] == "failed" and not f.get("waiver")}
    return done.returncode, report["verdict"], sorted(reasons - {"NONE"})


def context_of(expect):
    return {k: expect[k] for k in ("site", "destination", "purpose")
            if k in expect}


def read_expect(folder):
    with open(os.path.join(folder, "expect"), encoding="utf-8") as f:
        return dict(line.strip().split("=", 1) for line in f if "=" in line)


def compare_one(program, registry_dir, registry, folder):
    """None if all agree, else what each says."""
    expect = read_expect(folder)
    aks = [os.path.join(folder, "ak.pub")] + \
        sorted(glob.glob(os.path.join(folder, "ak-*.pub")))
    now = parse_time(expect["now"]) if "now" in expect else None
    code, verdict, reasons, why = appraise(
        os.path.join(folder, "evidence.cbor"),
        os.path.join(folder, "challenge.json"), aks,
        os.path.join(folder, "policy.yaml"), registry, now,
        expect.get("challenge_is", "open"), expect.get("as_of"),
        context_of(expect))
    theirs = ask_program(program, registry_dir, folder, expect, aks)
    wrong = []
    if theirs != (code, verdict, reasons):
        wrong.append("program: exit %d %s %s" % theirs)
    if code != int(expect["exit"]) or \
            expect.get("reason", "") not in ["", *reasons]:
        wrong.append("expected: exit %s %s" % (expect["exit"],
                                               expect.get("reason", "")))
    if wrong:
        wrong.append("oracle: exit %d %s %s" % (code, verdict, reasons))
        wrong += why
    return wrong


def compare(args):
    ap = argparse.ArgumentParser(prog="oracle.py compare")
    ap.add_argument("--credence", required=True)
    ap.add_argument("--registry", required=True)
    ap.add_argument("bundles")
    a = ap.parse_args(args)
    registry, bad = Registry(a.registry), 0
    folders = sorted(glob.glob(os.path.join(a.bundles, "*", "expect")))
    if not folders:
        print("not ok 1 - no bundle in %s" % a.bundles)
        return 1
    print("1..%d" % len(folders))
    for i, name in enumerate(folders, 1):
        folder = os.path.dirname(name)
        try:
            wrong = compare_one(a.credence, a.registry, registry, folder)
        except Exception as e:	# an oracle that falls over agrees with nobody
            wrong = ["oracle: %s: %s" % (type(e).__name__, e)]
        print("%sok %d - %s" % ("not " if wrong else "", i,
                                os.path.basename(folder)))
        for line in wrong:
            print("# " + line)
        bad += bool(wrong)
    return 1 if bad else 0


def single(args):
    ap = argparse.ArgumentParser(prog="oracle.py")
    for name in ("evidence", "challenge", "policy", "registry"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--ak", action="append", default=[])
    ap.add_argument("--now")
    ap.add_argument("--as-of")
    ap.add_argument("--challenge-is", default="open",
                    choices=["open", "used", "unknown"])
    a = ap.parse_args(args)
    code, verdict, reasons, why = appraise(
        a.evidence, a.challenge, a.ak, a.policy, Registry(a.registry),
        parse_time(a.now) if a.now else int(time.time()), a.challenge_is,
        a.as_of)
    print(json.dumps({"verdict": verdict, "exit": code, "reasons": reasons,
                      "why": why}))
    return code


if __name__ == "__main__":
    argv = sys.argv[1:]
    sys.exit(compare(argv[1:]) if argv[:1] == ["compare"] else single(argv))
