#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bids made at random, screened by the program and judged here a second time,
from what policies/README.md says of them: the same verdict is wanted.

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
import policy  # noqa: E402
from registry import Registry  # noqa: E402

# word: kind, classes, part, SMBIOS type
WORDS = {
    "NIC": ("device", {"network"}, None, None),
    "Wi-Fi": ("device", {"network", "wireless"}, None, None),
    "gpu": ("device", {"display"}, None, None),
    "SSD": ("device", {"storage"}, None, None),
    "web cam": ("device", {"camera"}, None, None),
    "keyboard": ("device", {"input", "keyboard"}, None, None),
    "device": ("device", None, None, None),
    "laptop": ("platform", None, "smbios", 1),
    "Main-Board": ("platform", None, "smbios", 2),
    "CPU": ("platform", None, "smbios", 4),
    "DIMM": ("platform", None, "smbios", 17),
    "UEFI": ("platform", None, "smbios", 0),
    "tpm": ("platform", None, "tpm", None),
    "battery": ("platform", None, "other", None),
    "driver": ("driver", None, None, None),
    "firmware": ("firmware", None, None, None),
    "flux compensator": ("device", None, None, None),
}
DIGESTS = ["%064x" % n for n in (1, 2, 3)]
COLUMNS = ["kind", "model", "manufacturer", "supplier", "quantity", "bus",
           "vendor_id", "device_id", "subsystem_vendor_id", "version",
           "sha256"]
RULES = {
    "kind": ["driver", "firmware", "device", "platform"],
    "class": ["network", "wireless", "display", "storage", "camera", "input"],
    "part": ["smbios", "tpm", "other"],
    "bus": ["pci", "usb"],
    "id": ['"8086:1572"', '"19e5:0001"'],
    "version": ['"1.0"', '"2.0"'],
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


class Part:
    """A declared component, as policy.Judge asks about one."""
    declared = True
    recnum, signature, status, authors, payloads = 0, None, 0, [], {}
    signer = origin = None

    def __init__(self, row, registry):
        self.kind, self.classes, self.part, self.smbios = WORDS[row["kind"]]
        self.text = {"name": row["model"].encode()}
        if self.kind == "platform" and self.part != "other":
            self.text = {}
        if row["version"]:
            self.text["version"] = row["version"].encode()
        if self.kind == "device" and row["bus"]:
            self.text["bus"] = row["bus"].encode()
            if row["vendor_id"] and row["device_id"]:
                self.text["id"] = b"%04x:%04x" % (
                    int(row["vendor_id"], 16), int(row["device_id"], 16))
        if self.kind in policy.LOADED and row["manufacturer"]:
            self.authors = [row["manufacturer"].encode()]
        self.digests = [bytes.fromhex(row["sha256"]).hex()] \
            if row["sha256"] else []
        self.measured = bool(self.digests)
        self.flags, self.strangers, self.main = set(), False, False
        self.vendors = self.find_vendors(row, registry)

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

    def find_vendors(self, row, registry):
        """Ids and the maker named; who delivers, if known or alone."""
        said = []
        for column, own in (("vendor_id", True), ("manufacturer", True),
                            ("subsystem_vendor_id", True),
                            ("supplier", False)):
            value = row[column]
            if not value or (column.endswith("_id") and
                             self.kind != "device"):
                continue
            if column.endswith("_id"):
                entity = registry.ids.get(
                    (row["bus"], "%04x" % int(value, 16)))
            else:
                entity = self.by_text(value, registry)
            if not entity and (own or not said):
                self.strangers = True
            said.append(entity)
        if self.kind == "firmware" and registry.firmware(row["model"]):
            said.insert(1, registry.firmware(row["model"]))
        self.strangers |= not said
        self.main = bool(said and said[0]) and (
            self.kind != "firmware" or bool(row["manufacturer"]))
        return list(dict.fromkeys(filter(None, said)))


class Judge(policy.Judge):
    def condition(self, part, key, wanted, benefit):
        negate = isinstance(wanted, dict) and "not" in wanted
        values = policy.as_list(wanted["not"] if negate else wanted)
        if key == "version":  # of all kinds
            if key not in part.text and part.never_says(key):
                return False
            found = None if key not in part.text else \
                [policy.text_fits(values, part.text[key])]
            return self.fold(found, negate, benefit)
        if key in ("signer", "origin", "path") or \
                (key == "digest" and not part.measured):
            return False
        if key == "flags" and not part.flags & set(values) and \
                set(values) - {"look-alike"}:
            return False
        return super().condition(part, key, wanted, benefit)

    @staticmethod
    def fold(found, negate, benefit):
        if found is None:
            return negate and not benefit
        return all(f != negate for f in found)

    def known(self, part):
        return (part.main if part.kind in ("device", "firmware") else
                bool(part.vendors)) or any(
            known and set(part.digests) & digests
            for digests, known in self.tree["digest_lists"].values())


class Maker:
    def __init__(self, seed, registry):
        self.r = random.Random(seed)
        self.names = [v for s, v in registry.ids if s in (
            "smbios", "modsigner")] + ["Nobody in particular", "I\u03b7tel"]
        self.pci = [v for s, v in registry.ids if s == "pci"] + ["fffe"]
        self.entities = sorted(registry.entities)
        self.lists = sorted(registry.lists)

    def row(self):
        r = self.r
        row = dict.fromkeys(COLUMNS, "")
        row["kind"] = r.choice(list(WORDS))
        row["model"] = r.choice(["M1", "M2", "X"])
        row["quantity"] = r.choice(["", "1", "2"])
        if r.random() < 0.7:
            row["manufacturer"] = r.choice(self.names)
        if r.random() < 0.2:
            row["supplier"] = r.choice(self.names)
        if r.random() < 0.3:
            row["version"] = r.choice(["1.0", "2.0"])
        if r.random() < 0.3:
            row["sha256"] = r.choice(DIGESTS)
        if WORDS[row["kind"]][0] == "device" and r.random() < 0.5:
            row["bus"] = "pci"
            row["vendor_id"] = r.choice([*self.pci, "8086", "19e5"])
            row["device_id"] = r.choice(["1572", "1"])
            if r.random() < 0.3:
                row["subsystem_vendor_id"] = r.choice(self.pci)
        return row

    def bid(self, rows):
        """As some spreadsheet would write it."""
        r, out = self.r, io.StringIO()
        sign = r.choice([";", ",", "\t"])
        columns = r.sample(COLUMNS, len(COLUMNS))
        writer = csv.DictWriter(
            out, columns, delimiter=sign, lineterminator=r.choice(
                ["\n", "\r\n"]),
            quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer.writerow({c: r.choice([c, c.upper(), c.replace("_", " ")])
                         for c in columns})
        writer.writerows(rows)
        return r.choice(["", "\ufeff"]) + out.getvalue()

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
                *DIGESTS[:2],
                "".join(map(self.rule, range(self.r.randint(1, 5)))),
                self.r.choice(["admit", "refer"]),
                self.r.choice(["admit", "refer", "refuse"])))


def expect(rows, path, registry, day):
    tree = policy.load(path)
    judge = Judge(tree, registry, day, {}, {}, None)
    return max((judge.component(Part(row, registry))[0] for row in rows),
               key=policy.ORDER.index)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--credence", required=True)
    args.add_argument("--registry", required=True)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--count", type=int, default=200)
    args = args.parse_args()
    registry = Registry(args.registry)
    maker = Maker(args.seed, registry)
    bad, seen, wrong = 0, set(), 0
    with tempfile.TemporaryDirectory() as folder:
        path, bid = folder + "/p.yaml", folder + "/bid"
        for n in range(args.count):
            rows = [maker.row() for _ in range(maker.r.randint(1, 3))]
            text = maker.policy()
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            with open(bid, "w", encoding="utf-8", newline="") as f:
                f.write(maker.bid(rows))
            run = subprocess.run(
                [args.credence, "screen", "--policy", path, "--registry",
                 args.registry, "--format", "json", "--as-of", "2026-06-01",
                 bid], capture_output=True, check=False)
            if run.returncode == 2:  # rules that contradict themselves
                wrong += 1
                continue
            want = expect(rows, path, registry, "2026-06-01")
            got = json.loads(run.stdout).get("verdict", "none") \
                if run.stdout else run.stderr.decode()
            seen.add(got)
            if got != want:
                bad += 1
                print("# %d: %s here, %s there\n%s\n%s" % (
                    n, want, got, text, rows))
    whole = not bad and seen == set(policy.ORDER) and wrong < args.count / 2
    print("1..1\n%sok 1 bids: %d screened, %d not judged alike, %d policies "
          "refused" % ("" if whole else "not ", args.count, bad, wrong))
    return not whole


if __name__ == "__main__":
    sys.exit(main())
