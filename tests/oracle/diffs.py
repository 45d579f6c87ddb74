#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Pairs of machines at random: credence diff and verify --baseline must find
the changes that the oracle finds, each under the same rules.

  diffs.py --credence PROGRAM --registry DIR [--seed N] [--count N]
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import changes  # noqa: E402
import program  # noqa: E402
import things  # noqa: E402
from program import machines  # noqa: E402
from registry import Registry  # noqa: E402

VERSIONS = ["1.0", "1.1", "1.10", "2.0-k", "1.0.2k", "v2", "0x10"]
VALUES = {
    "version": VERSIONS, "measurer-version": ["1", "2", "2~rc", "1a"],
    "revision": [3, 4, 0x110, 0x120], "fw-version": [0x10013, 0x10015],
    "fw-lowest": [0x10000, 0x10001], "microcode": [0xF0, 0xF4, 0xF8],
    "tpm-firmware": [0x700020001, 0x700020003], "tpm-revision": [138, 159],
    "bus-encryption": [0, 1, 2], "count": [4, 6], "oem-revision": [0, 1, 2],
    "secure-boot": [0, 1, 2], "lockdown": [0, 1, 2], "build-id": ["12" * 20],
    "serial": ["S1", "S2", "0000", "Default string"], "dsn": [1, 2, 0, 2 ** 64 - 1],
    "manufacturer": ["Dell", "NTC", "None", "GenuineIntel"],
    "product": ["Dell KB216", "Stick", "To be filled by O.E.M."],
    "image": ["image one", "image two"], "device-flags": [0, 1, 16, 4],
    "subvendor-id": [0x1028, 0x8086], "subdevice-id": [1, 0x85A],
    "vendor-id": [0x8086, 0x413C], "device-id": [0x15BB, 0x2113],
    "class": [0x020000, 0x030101, 0x010601, 0x060000],
    "driver": ["e1000e", "vfio-pci"], "srcversion": ["A1", "B2"],
    "author": [["An author"], ["Another", "An author"]],
    "sig-status": [0, 1, 2], "intree": [0, 1], "origin": [1, 2, 4, 5, 6],
    "taints": [0, 1, 4096, 8192], "license": ["GPL", "Proprietary"],
    "oem-id": ["DELL", "EVIL"], "dynamic": [0, 1], "cpu-stepping": [10, 11],
    "path": ["/lib/firmware/x", "/usr/lib/firmware/x.xz", "/tmp/x"],
    "hook": [["module-notifier"]], "param": [["pcr=13"]],
    "kernel-release": ["6.1.0-56-amd64", "6.1.0-57-amd64", "6.12", "odd"],
    "kernel-version": ["#1 SMP Debian 6.1.193-1 (2026-12-01)",
                       "#1 SMP Debian 6.1.192-1 (2026-11-01)",
                       "#2 SMP Mon Nov 16 2026", "6.1.192-2"],
    "port": ["0000:00/1c.0/00.0", "0000:00/14.0/usb/1/7"]}
TEXTS = ["1.21.0", "1.20.0~1", "F.42", "01/02/2026", "03/14/2025", "Dell Inc.",
         "LENOVO", "OptiPlex 7060", "Default string", "SN9", "A01", "DIMM 1"]


class Scene:
    def __init__(self, r):
        self.r = r

    def machine(self, records, edits):
        for _ in range(edits):
            self.edit(records)
        return records

    def edit(self, records):
        how = self.r.randrange(10)
        if how < 4:
            case = self.r.choice(machines.CASES)
            try:
                case[5](records)
            except (KeyError, ValueError):	# gone already
                pass
        elif how < 8:
            self.turn(self.some(records))
        elif how == 8:
            self.double(records)
        else:
            rec = self.some(records)
            where = records if rec in records else machines.items(records)
            if rec["event"] != "anchor":
                where.remove(rec)

    def some(self, records):
        return self.r.choice([records[0], *records[2:],
                              *machines.items(records) * 2])

    def turn(self, rec):
        """One of its fields, to another value."""
        if "string" in rec and self.r.random() < 0.8:
            texts = list(rec["string"])
            texts[self.r.randrange(len(texts))] = self.r.choice(TEXTS)
            rec["string"] = texts
            return
        keys = [k for k in rec if k in VALUES]
        if keys or rec["event"] == "anchor":
            if rec["event"] == "anchor":
                keys = ["secure-boot", "lockdown", "measurer-version",
                        "build-id", "kernel-release", "kernel-version",
                        "hook", "param"]
            key = self.r.choice(keys)
            rec[key] = self.r.choice(VALUES[key])
            rec.pop("digest", None)

    def double(self, records):
        """One more, not quite like one that is there."""
        rec = dict(self.some(records))
        if rec["event"] in ("anchor", "coverage"):
            return
        if "device" in rec and rec["event"] == "device":
            rec["device"] += "9"
            rec["port"] = rec.get("port", "") + "/9"
        self.turn(rec)
        if rec["event"] in ("bind", "unbind") or self.r.random() < 0.5:
            records.append(rec)
        else:
            machines.items(records).append(rec)


PLACE = re.compile(r"measurer log, record (\d+)(?:, item (\d+))?$")


def told_place(text):
    found = PLACE.search(text)
    return str(int(found.group(1)) if not found.group(2) else
               (int(found.group(1)), int(found.group(2))))


def told(diff):
    """What the program says, in the oracle's words."""
    return {"class": diff["class"], "compared": diff["compared"],
            "tolerated": {t["rule"]: t["components"]
                          for t in diff["tolerated"]},
            "changes": sorted(
                (told_place(c["where"]), c["change"], c["class"], sorted(
                    (d["what"], d["rule"]) for d in c.get("details", [])))
                for c in diff["changes"])}


def expect(diff):
    return {"class": diff.cls, "compared": diff.compared,
            "tolerated": diff.tolerated,
            "changes": sorted(c.key() for c in diff.changes)}


def rules_differ(diff, there):
    """The rule of a change is one of its most suspicious ones."""
    ours = sorted(diff.changes, key=lambda c: c.key())
    theirs = sorted(there["changes"], key=lambda c: (
        told_place(c["where"]), c["change"], c["class"], sorted(
            (d["what"], d["rule"]) for d in c.get("details", []))))
    return ["%s: %s here, %s there" % (a.where, a.rules, b["rule"])
            for a, b in zip(ours, theirs) if b["rule"] not in a.rules]


class Cases:
    def __init__(self, args, registry, asked):
        self.args, self.registry, self.asked = args, registry, asked
        self.key = machines.surgery.SoftKey()
        self.other = machines.surgery.SoftKey()

    def read(self, log, covered, key):
        return things.Machine(log, covered, key.name.hex(), self.registry)

    def one(self, n):
        r = program.source(self.args.seed, n)
        scene = Scene(r)
        before = scene.machine(machines.office(), r.choice([0, 0, 1, 2]))
        after = scene.machine(machines.copy.deepcopy(before),
                              r.choice([1, 1, 2, 3, 4]))
        key = self.other if r.random() < 0.05 else self.key
        late = r.choice([0, 0, 0, r.randint(0, min(3, len(after) - 2))])
        a, *ours = program.evidence(self.key, before)
        b, *theirs = program.evidence(key, after, late)
        try:
            want = changes.Diff(self.read(*ours, self.key),
                                self.read(*theirs, key))
        except changes.Ambiguous:
            return "ambiguous", None
        code, diff = self.asked.run(
            "diff", "--format", "json", self.asked.file("before", a),
            self.asked.file("after", b))
        if "changes" not in diff:
            return "none", [code, diff]
        bad = program.differences(expect(want), told(diff))
        if not bad:
            bad = rules_differ(want, diff)
        if code != (4 if want.cls == "suspicion" else 0):
            bad.append("exit %d" % code)
        if not n % 4:
            bad += self.baseline(b, key, want)
        return want.cls, bad and [*bad, before, after]

    def baseline(self, bundle, key, want):
        """A suspicion refers a machine that is admitted otherwise."""
        code, report = self.asked.verify(
            bundle, key, program.POLICY % ("any", "admit"), "--baseline",
            os.path.join(self.asked.folder, "before"))
        if code != (4 if want.cls == "suspicion" else 0):
            return ["verify: exit %d %s" % (code, report)]
        return []


def main():
    args = program.arguments(__doc__, count=200)
    asked = program.Program(args)
    tap = program.Tap("pairs of machines", args.count, 50)
    try:
        last = tap.run(Cases(args, Registry(args.registry), asked).one)
        return tap.end(last, ["tolerated", "update", "suspicion"]) or \
            tap.seen.get("ambiguous", 0) * 4 > args.count
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main())
