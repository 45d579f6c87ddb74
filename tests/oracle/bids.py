#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bids made at random, screened by the program and judged here a second time,
from what policies/README.md says of them: the same components, findings and
verdict are wanted.

  bids.py --credence build/credence --registry DIR [--seed N] [--count N]
"""
import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bidread  # noqa: E402
import bidwrite  # noqa: E402
import facts  # noqa: E402
import policy  # noqa: E402
from registry import Registry  # noqa: E402

RULES = {
    "kind": ["driver", "firmware", "device", "platform"],
    "class": ["network", "wireless", "display", "storage", "camera", "input",
              "unknown"],
    "part": ["smbios", "tpm", "other"],
    "bus": ["pci", "usb"],
    "id": ['"8086:1572"', '"19e5:0001"'],
    "version": ['"1.0"', '"2.0"', '{ below: "0x10" }', '"0x3"'],
    "name": ["M1", "M2", '{ like: "M*" }'],
    "jurisdiction": ["US", "CN", "TW", "DE", "unknown"],
    "digest": ["one", "two"],
    "signer": ["verified", "none"],
    "origin": ["file", "built-in"],
    "flags": ["unsigned", "look-alike", "gone"],
    "author": ["Intel"],
}
# to except with, only; see "Records only lower trust"
LOWERING = ("flags",)
MEASURED = ("signer", "origin", "path", "port", "released", "kernel",
            "driver", "firmware", "device")


class Part:
    """A declared component, as policy.Judge asks about one."""
    declared = True
    recnum, signature, status, authors, payloads = 0, None, 0, [], {}
    signer = origin = None

    def __init__(self, item, registry):
        self.item = item
        self.kind, self.classes, self.part, self.smbios = item.what
        self.hides_radio = False
        self.text = {"name": item.name.encode()}
        if self.kind == "platform" and self.part != "other":
            self.text = {}
        if item.version:
            self.text["version"] = item.version.encode()
        if self.kind == "device" and item.bus:
            self.on_bus(item)
        if self.kind == "device" and item.revision is not None:
            self.text["version"] = b"%x.%02x" % divmod(item.revision, 256) \
                if item.bus == "usb" else b"0x%x" % item.revision
        if self.kind == "device" and item.revision is not None:
            self.text["version"] = b"%x.%02x" % divmod(item.revision, 256) \
                if item.bus == "usb" else b"0x%x" % item.revision
        if self.kind in policy.LOADED and item.maker:
            self.authors = [item.maker.encode()]
        self.digests = [item.digest.split(":")[1]] if item.digest else []
        self.measured = bool(self.digests)
        self.flags, self.strangers, self.main = set(), False, False
        self.vendors = self.find_vendors(item, registry)

    def on_bus(self, item):
        self.text["bus"] = item.bus.encode()
        if None not in (item.vendor, item.device):
            self.text["id"] = b"%04x:%04x" % (item.vendor, item.device)
        if item.class_code is not None:
            code = item.class_code.to_bytes(3, "big")
            said = self.classes or set()
            table = facts.PCI_CLASSES if item.bus == "pci" else \
                facts.USB_CLASSES
            self.classes = next(
                set(words.split()) for want, words in table
                if all(w in (None, c) for w, c in zip(want, code)))
            self.hides_radio = "wireless" in said - self.classes

    def never_says(self, key):
        if key == "id":	# of devices, and of resources of the ESRT
            return self.kind == "platform" and self.part != "esrt"
        return key == "version" and self.kind == "platform" and (
            self.part == "other" or self.smbios in (4, 17))

    def by_text(self, text, registry):
        kind = self.smbios if self.part == "smbios" else -1
        how, entity = registry.makers.find(kind, text.encode())
        entity = entity or next(
            (registry.ids[s, text] for s in ("modsigner", "tpm", "cpuid")
             if (s, text) in registry.ids), None)
        if how == "look-alike" and not entity:
            self.flags.add("look-alike")
        return entity

    def find_vendors(self, item, registry):
        """Ids and the maker named; who delivers, if known or alone."""
        said = []
        for value, own in ((item.vendor, True), (item.maker, True),
                           (item.subvendor, True), (item.supplier, False)):
            if value in (None, "") or (isinstance(value, int) and
                                       self.kind != "device"):
                continue
            if isinstance(value, int):
                entity = registry.ids.get((item.bus, "%04x" % value))
            else:
                entity = self.by_text(value, registry)
            if not entity and (own or not said):
                self.strangers = True
            said.append(entity)
        if self.kind == "firmware" and registry.firmware(item.name):
            said.insert(1, registry.firmware(item.name))
        self.strangers |= not said
        self.main = bool(said and said[0]) and (
            self.kind != "firmware" or bool(item.maker))
        return list(dict.fromkeys(filter(None, said)))

    def shown(self):
        """What a report says of it."""
        item = self.item
        out = {"kind": self.kind, "name": self.text.get("name", b"").decode(),
               "version": item.version, "license": item.license,
               "digest": item.digest or "", "place": item.place,
               "flags": sorted(self.flags), "vendors": sorted(self.vendors)}
        if self.kind == "driver":
            out["authors"] = [item.maker] if item.maker else []
        if self.kind not in policy.LOADED:
            out.update(manufacturer=item.maker, product=item.name,
                       serial=item.serial)
        if self.kind == "device":
            out.update(bus=item.bus, **{"class": sorted(self.classes or ())})
            if "id" in self.text:
                out["id"] = self.text["id"].decode()
        return out


def shown_there(component, wanted):
    out = {k: component.get(k, "") for k in wanted}
    out["vendors"] = sorted(v["entity"] for v in component["vendors"])
    out["flags"] = sorted(component["flags"])
    if "class" in out:
        out["class"] = sorted(out["class"])
    return out


def asks_more(flags):
    """Than what a bill may show."""
    return set(policy.as_list(flags["not"] if isinstance(flags, dict) else
                              flags)) - {"look-alike"}


class Judge(policy.Judge):
    def condition(self, part, key, wanted, benefit):
        if key in MEASURED or (key == "digest" and not part.measured):
            return False
        if key == "flags" and asks_more(wanted):
            return False
        return super().condition(part, key, wanted, benefit)

    def known(self, part):
        return (part.main if part.kind in ("device", "firmware") else
                bool(part.vendors)) or any(
            known and set(part.digests) & digests
            for digests, known in self.tree["digest_lists"].values())

    def checks(self, part):
        """Of each rule that decides, or of otherwise: (its name, verdict)"""
        verdict, why = self.component(part)
        if verdict == "admit":
            return set()
        if why.startswith("otherwise "):
            return {(why.replace(" ", "-"), verdict)}
        return {(r["id"], verdict) for r in self.tree["rules"]
                if r["then"] == verdict and
                self.holds(part, r["when"], False)}

    def unclear(self, part):
        """Does it leave open what a rule asks for?"""
        asked = {k for r in self.tree["rules"] for k in r["when"]}
        doubts = part.item.doubts()
        if part.hides_radio:
            doubts = {"class"}
        return {("bid-not-understood", "refer")} if asked & doubts else set()

    def not_applied(self, parts):
        """Rules that ask what only a measurement shows."""
        digests = all(p.measured for p in parts if p.kind in policy.LOADED)
        return [r["id"] for r in self.tree["rules"] if any(
            k in MEASURED or (k == "digest" and not digests) or
            (k == "flags" and asks_more(v))
            for k, v in r["when"].items())]


class Maker(bidwrite.Writer):
    def __init__(self, seed, registry):
        names = [v for s, v in registry.ids if s in (
            "smbios", "modsigner")] + ["Nobody in particular", "I\u03b7tel"]
        super().__init__(random.Random(seed), names, [
            v for s, v in registry.ids if s == "pci"] + ["fffe"])
        self.entities = sorted(registry.entities)
        self.lists = sorted(registry.lists)

    def condition(self, key, benefit):
        r = self.r
        values = {"vendor": [*r.sample(self.entities, 3), "intel", "huawei",
                             "unknown"],
                  "listed": self.lists}.get(key) or RULES[key]
        some = r.sample(values, min(len(values), r.choice([1, 1, 2])))
        text = "[ %s ]" % ", ".join(some)
        if not benefit and r.random() < 0.3 and key != "listed":
            text = "{ not: %s }" % text
        return "%s: %s" % (key, text)

    def rule(self, n):
        then = self.r.choice(["refuse", "refuse", "refer", "admit"])
        keys = [k for k in [*RULES, "vendor", "listed"]
                if then != "admit" or k not in LOWERING]
        when = ", ".join(self.condition(k, then == "admit")
                         for k in self.r.sample(keys, self.r.choice([1, 1, 2])))
        return "  - { id: r%d, when: { %s }, then: %s, because: B. }\n" % (
            n, when, then)

    def policy(self):
        return (
            "policy: bids\nversion: 1\nauthority: A\n"
            "valid: { from: 2020-01-01, until: 2099-12-31 }\n"
            "requires: { identity: any, freshness: 1d, secure_boot: any,"
            " lockdown: none, measurer: any }\n"
            "digest_lists:\n"
            "  - { id: one, digests: [ %s ] }\n"
            "  - { id: two, known: yes, digests: [ %s ] }\n"
            "rules:\n%sotherwise: { known: %s, unknown: %s }\n" % (
                *bidwrite.DIGESTS[:2],
                "".join(map(self.rule, range(self.r.randint(1, 5)))),
                self.r.choice(["admit", "refer"]),
                self.r.choice(["admit", "refer", "refuse"])))


def read(form, text):
    """-> [bidread.Item]"""
    text = text.lstrip("\ufeff")
    if form != "csv":
        return bidread.read(text)
    items = []
    sign = next(s for s in ";,\t" if s in text.splitlines()[0])
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=sign):
        row = {bidread.fold(k): v for k, v in row.items()}
        item = bidread.Item("line %d" % (len(items) + 2))
        item.say(row["kind"])
        item.name, item.maker = row["model"], row["manufacturer"]
        item.supplier, item.version = row["supplier"], row["version"]
        item.hash("sha256", row["sha256"]) if row["sha256"] else None
        for key in ("bus", "vendorid", "deviceid", "subsystemvendorid",
                    "subsystemdeviceid", "classcode", "revision", "serial",
                    "partnumber", "quantity"):
            if row[key]:
                item.take(key, row[key])
        items.append(item.done())
    return items


def expect(items, path, registry, day):
    """-> what a report must say"""
    judge = Judge(policy.load(path), registry, day, {}, {}, None)
    parts = [Part(item, registry) for item in items
             for _ in range(item.quantity)]
    checks = [judge.checks(p) | judge.unclear(p) for p in parts]
    return {"verdict": max((v for c in checks for _, v in c),
                           key=policy.ORDER.index, default="admit"),
            "checks": sorted(set().union(*checks)),
            "not applied": judge.not_applied(parts),
            "components": [p.shown() for p in parts]}


def told(run, want):
    """What it does say."""
    if not run.stdout:
        return {"error": run.stderr.decode()}
    report = json.loads(run.stdout)
    found = report["findings"]
    rules = [f["sentence"].rsplit(": ", 1)[1].rstrip(".").split(", ")
             for f in found if f["check"] == "measured-only"]
    parts = report.get("components", [])
    whole = len(parts) == len(want["components"])
    return {"verdict": report["verdict"],
            "checks": sorted({(f["check"], f["verdict"]) for f in found
                              if f["outcome"] == "failed" or
                              f["check"] == "bid-not-understood"}),
            "not applied": rules[0] if rules else [],
            "components": [shown_there(c, w) for c, w in zip(
                parts, want["components"])] if whole else parts}


def differences(want, got):
    for key in want:
        if want[key] == got.get(key):
            continue
        if key == "components" and len(want[key]) == len(got.get(key, ())):
            for a, b in zip(want[key], got[key]):
                yield from ("%s: %s here, %s there" % (k, a[k], b[k])
                            for k in a if a[k] != b[k])
        else:
            yield "%s: %s here, %s there" % (key, want[key], got.get(key, got))


def one(args, maker, registry, folder):
    """-> (form, verdict, what differs) or None: policy not accepted"""
    path, bid = folder + "/p.yaml", folder + "/bid"
    rows = [maker.row() for _ in range(maker.r.randint(1, 3))]
    rules = maker.policy()
    form, text = maker.bill(rows)
    with open(path, "w", encoding="utf-8") as f:
        f.write(rules)
    with open(bid, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    run = subprocess.run(
        [args.credence, "screen", "--policy", path, "--registry",
         args.registry, "--format", "json", "--as-of", "2026-06-01", bid],
        capture_output=True, check=False)
    if run.returncode == 2:  # rules that contradict themselves
        return None
    want = expect(read(form, text), path, registry, "2026-06-01")
    bad = list(differences(want, told(run, want)))
    return form, want["verdict"], bad and [*bad, rules, text]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--credence", required=True)
    args.add_argument("--registry", required=True)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--count", type=int, default=200)
    args = args.parse_args()
    registry = Registry(args.registry)
    maker = Maker(args.seed, registry)
    n, bad, seen, wrong = {}, {}, {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(args.count):
            found = one(args, maker, registry, folder)
            if not found:
                wrong += 1
                continue
            form, verdict, differs = found
            n[form] = n.get(form, 0) + 1
            seen.setdefault(form, set()).add(verdict)
            if differs:
                bad[form] = bad.get(form, 0) + 1
                print("# %d, %s:\n# %s" % (i, form, "\n# ".join(
                    "\n".join(differs).splitlines())))
    forms, failed = ["csv", "cyclonedx", "spdx", "paccor"], 0
    print("1..%d" % (len(forms) + 1))
    for i, form in enumerate(forms, 1):
        whole = not bad.get(form) and seen.get(form) == set(policy.ORDER)
        failed += not whole
        print("%sok %d - %d bids in %s, %d not read or judged alike" % (
            "" if whole else "not ", i, n.get(form, 0), form,
            bad.get(form, 0)))
    print("%sok %d - %d of %d policies not accepted" % (
        "not " if wrong * 2 > args.count else "", len(forms) + 1, wrong,
        args.count))
    return bool(failed) or wrong * 2 > args.count


if __name__ == "__main__":
    sys.exit(main())
