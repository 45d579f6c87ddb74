#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Deliveries of machines at random: credence lot and the oracle, written from
credence-lot(1), must find the same ones alike, different, and twins.

  lots.py --credence PROGRAM --registry DIR [--seed N] [--count N]
"""
import collections
import os
import random
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import changes  # noqa: E402
import diffs  # noqa: E402
import program  # noqa: E402
import things  # noqa: E402
from program import machines  # noqa: E402
from registry import Registry  # noqa: E402

RELATION = {"added": "extra", "doubled": "doubled", "removed": "missing",
            "moved": "elsewhere", "swapped": "elsewhere"}


class One:
    """A machine of a lot. things: None if it is not compared."""

    def __init__(self, name, bundle, machine=None, status=None):
        self.name, self.bundle, self.machine = name, bundle, machine
        self.status = status
        if machine:
            made = machine.things
            self.made_of = self.count((t.kind, t.content) for t in made)
            self.placed = self.count((t.kind, t.content, t.place)
                                     for t in made)

    @staticmethod
    def count(items):
        return frozenset(collections.Counter(items).items())

    def marks(self):
        """What no other should have."""
        yield "bundle", self.bundle
        yield "key", self.machine.key
        for t in self.machine.things + self.machine.later:
            for what, (role, value) in t.traits.items():
                if role == things.SERIAL:
                    yield "serial", (t.kind, t.id, what, value)


def groups(items, key):
    out = {}
    for item in items:
        out.setdefault(key(item), []).append(item)
    return list(out.values())


def most(found):
    """The largest group; of several the one whose first name comes first."""
    return max(found, key=lambda g: (len(g), [-ord(c) for c in g[0].name]))


class Lot:
    def __init__(self, ones, reference=None):
        self.ones = sorted(ones, key=lambda m: m.name)
        proven = self.proven = [m for m in self.ones if m.machine]
        self.reference = reference
        if proven and not reference:
            self.reference = most(groups(
                most(groups(proven, lambda m: m.made_of)),
                lambda m: m.placed))[0]
        self.configs = groups(proven, lambda m: (m.made_of, m.placed))
        self.alike = [m for m in proven
                      if m.made_of == self.reference.made_of]

    def twins(self):
        """(what, names, does it tell nothing?)"""
        found = {}
        for m in self.proven:
            for mark in m.marks():
                found.setdefault(mark, {})[m.name] = m.bundle
        for (what, _), who in found.items():
            if len(who) > 1 and (what == "bundle" or
                                 len(set(who.values())) > 1):
                yield what, sorted(who), what == "serial" and len(who) > 2 \
                    and 2 * len(who) >= len(self.proven)

    def exit(self):
        states = {m.status for m in self.ones}
        if "malformed" in states:
            return 5
        if "unproven" in states:
            return 3
        return 4 if len(self.alike) < len(self.proven) or any(
            not common for _, _, common in self.twins()) else 0

    def config(self, members):
        """What a report says of it. changes: None if that is ambiguous."""
        one = members[0]
        same = one.made_of == self.reference.made_of
        there = same and one.placed == self.reference.placed
        out = {"machines": [m.name for m in members], "alike": same,
               "reference": there, "changes": [], "class": None}
        if not there:
            try:
                diff = changes.Diff(self.reference.machine, one.machine, True)
            except changes.Ambiguous:
                return {**out, "changes": None}
            out["class"] = diff.cls
            out["changes"] = sorted((*c.key(), RELATION.get(
                c.kind, "different")) for c in diff.changes)
        return out

    def report(self):
        return {
            "exit": self.exit(),
            "sum": [len(self.proven), len(self.alike),
                    len(self.proven) - len(self.alike),
                    len(groups(self.proven, lambda m: m.made_of)),
                    sum(not c for _, _, c in self.twins())],
            "reference": self.reference and self.reference.name,
            "twins": sorted(self.twins()),
            "left out": [(m.name, m.status) for m in self.ones
                         if not m.machine],
            "configurations": [self.config(c) for c in sorted(
                self.configs, key=lambda c: c[0].name)]}


def told(code, report, want):
    def of(c, wanted):
        return {"machines": c["machines"], "alike": c["alike"],
                "reference": c["reference"], "class": c.get("class"),
                "changes": sorted(
                    (diffs.told_place(d["where"]), d["change"], d["class"],
                     sorted((x["what"], x["rule"])
                            for x in d.get("details", [])), d["relation"])
                    for d in c["changes"])} \
            if not wanted or wanted["changes"] is not None else {
                **wanted, "machines": c["machines"], "alike": c["alike"]}
    configs = report["configurations"]
    wanted = want["configurations"] + [None] * len(configs)
    return {"exit": code,
            "sum": [report["sum"][k] for k in (
                "proven", "alike", "differ", "configurations", "seen_twice")],
            "reference": report.get("reference"),
            "twins": sorted((t["same"], t["machines"], t["tolerated"])
                            for t in report["seen_twice"]),
            "left out": [(m["machine"], m["status"])
                         for m in report["not_compared"]],
            "configurations": [of(c, w) for c, w in zip(configs, wanted)]}


class Cases:
    def __init__(self, args, registry, asked):
        self.args, self.registry, self.asked = args, registry, asked
        self.keys = [machines.surgery.SoftKey() for _ in range(10)]

    def machine(self, name, variant, n, key):
        """Those of one variant are edited alike."""
        r = random.Random(variant)
        scene = diffs.Scene(r)
        records = scene.machine(machines.office(n), r.choice([0, 0, 1, 2, 3]))
        late = r.choice([0, 0, 0, 1, 2])
        gap = r.random() < 0.03
        if gap:
            records.append({"event": "hook-lost", "reason": "off"})
        bundle, log, covered = program.evidence(key, records, late)
        if gap:
            return One(name, bundle, status="unproven")
        return One(name, bundle, things.Machine(
            log, covered, key.name.hex(), self.registry, True))

    def lot(self, r):
        ones, variants = [], [r.random() for _ in range(r.choice([1, 2, 3]))]
        for n in range(r.randint(2, 7)):
            name = "m%02d.evidence" % r.randrange(100)
            if any(m.name == name for m in ones):
                continue
            key = self.keys[r.choice([n] * 20 + [0])]
            ones.append(self.machine(name, r.choice(variants), n, key))
        if r.random() < 0.15:
            ones.append(One("n.evidence", ones[0].bundle, ones[0].machine,
                            ones[0].status))
        if r.random() < 0.1:
            ones.append(One("a.evidence", ones[0].bundle[:-20],
                            status="malformed"))
        return ones, variants

    def one(self, n):
        r = program.source(self.args.seed, n)
        ones, variants = self.lot(r)
        folder = os.path.join(self.asked.folder, "lot")
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        for m in ones:
            self.asked.file("lot/" + m.name, m.bundle)
            m.name = os.path.join(folder, m.name)
        more, reference = [], None
        if r.random() < 0.2:
            reference = self.machine("", r.choice(variants), 9, self.keys[9])
            reference.name = self.asked.file("reference", reference.bundle)
            if reference.status:
                return "none", None
            more = ["--reference", reference.name]
        code, report = self.asked.run("lot", "--format", "json", *more, folder)
        lot = Lot(ones, reference)
        if not lot.proven:
            return "none", code not in (3, 5) and [code]
        want = lot.report()
        if "configurations" not in report:
            return "none", [code, report]
        return str(code), program.differences(want, told(code, report, want))


def main():
    args = program.arguments(__doc__, count=100)
    asked = program.Program(args)
    tap = program.Tap("lots of machines", args.count, 50)
    try:
        return tap.end(tap.run(Cases(args, Registry(args.registry),
                                     asked).one), ["0", "4", "5"])
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main())
