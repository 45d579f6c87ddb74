#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Random machines under random policies: program and oracle must agree.

  differential.py --credence PROGRAM --registry DIR [--seed N] [--count N]
                  [--damage]

With --damage, the bytes are damaged: of the bundle, the statement (signed
again or not), the signature, the key, the log (honestly quoted or not).
Without, each evidence is sound and signed by a software key, so that all of the policy
language is reached: what differs is who wrote which driver, how it was signed,
what came after the quote, and what the policy says of it. The same seed gives
the same cases. A case on which they differ is kept in $O/bundles.
"""
import argparse
import csv
import datetime
import json
import os
import random
import re
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../attacks"), os.path.join(HERE, "../lib")]
import asks  # noqa: E402
import mklog  # noqa: E402
import extend  # noqa: E402
import oracle  # noqa: E402
import policy  # noqa: E402
import signing  # noqa: E402
import surgery  # noqa: E402
import tpm  # noqa: E402
from registry import Registry  # noqa: E402

BATCH = 50
NAMES = ["hinic", "e1000e", "xhci_hcd", "on", "caf\u00e9", "a\\b", "zfs", "r8152"]
LICENSES = ["GPL", "GPL v2", "Proprietary", "Dual BSD/GPL", "MIT", ""]
VERSIONS = ["1.10", "1.1", "0x10", "2.0-k", "1.10-rc1", "1.0.2k", "1.10~1",
            "1.10.fc41", "1.10.b", "1.10.pre"]
IMAGES = ["image %d" % i for i in range(6)]
FLAGS = ["unsigned", "unverified", "out-of-tree", "proprietary", "staging",
         "unmeasured", "pre-existing", "built-in", "from-memory", "failed",
         "forced", "not-covered", "deferred", "gone", "re-identified",
         "same-serial", "contradicted", "external", "dynamic", "look-alike"]
EXCUSES = ("failed", "not-covered", "deferred", "gone", "re-identified",
           "same-serial", "contradicted", "look-alike")
CLASSES = ["storage", "network", "wireless", "display", "audio", "bridge",
           "input", "keyboard", "usb-storage", "hub", "controller",
           "composite", "other", "vendor-specific", "memory"]
PARTS = ["other", "smbios", "smbios-table", "acpi", "esrt", "cpu", "tpm"]
CODES = [0x020000, 0x028000, 0x030000, 0x060400, 0x0C0330, 0x010802, 0x120000,
         0x000000, 0x080650, 0x030101, 0x030102, 0x090000, 0xFF0000, 0x0E0100,
         0xEF0201, 0xE00103, 0x770000, 0x02060000]
NOTICES = ["modules", "firmware", "pci", "usb"]
ACTIVITIES = ["kexec", "bpf", "livepatch", "kprobe", "ftrace"]
SIGNERS = ["none", "verified", "unverified", "distribution", "wrong",
           "unknown-key", "unreadable", "linux", "maker"]
STRANGERS = ["Jane Roe <jane@example.org>", "Nobody", "Huawei Technologies"]


class Maker:
    def __init__(self, seed, registry, ak):
        self.r, self.names, self.ak = random.Random(seed), NAMES, ak
        self.listings = registry.listings
        listed = {x["entity_id"] for x in registry.listings}
        authors = sorted(v for s, v in registry.ids if s == "modsigner")
        near = [a for a in authors
                if set(registry.chain(registry.ids["modsigner", a])) & listed]
        self.authors = self.r.sample(authors, 8) + self.r.sample(
            near, min(6, len(near)))
        self.ids = {scheme: self.identifiers(registry, scheme, listed)
                    for scheme in ("pci", "usb", "smbios", "tpm", "cpuid")}
        self.images = self.image_names(registry)
        self.vendors = sorted({e for a in self.authors for e in registry.chain(
            registry.ids["modsigner", a])} | {
                registry.ids[s, v] for s, values in self.ids.items()
                for v in values} | {
                    registry.firmware(n) for n in self.images} - {None})
        self.lists = sorted(registry.lists)
        self.make_signatures()
        self.countries = sorted({c for v in self.vendors
                                 for c in registry.jurisdictions(v)})

    def identifiers(self, registry, scheme, listed):
        known = sorted(v for s, v in registry.ids if s == scheme)
        near = [v for v in known if registry.ids[scheme, v] in listed]
        return self.r.sample(known, min(4, len(known))) + self.r.sample(
            near, min(2, len(near)))

    def image_names(self, registry):
        """Names that a pattern fits, and such as it does just not."""
        known = sorted(v for s, v in registry.ids if s == "firmware")
        out = []
        for v in self.r.sample(known, min(8, len(known))):
            v = v.replace("*", self.r.choice(["", "x.bin", "a/b.fw", " !"]))
            out += [v, v[:-1], self.r.choice(["x" + v, v.upper(), v + "*"])]
        return [n for n in out if n.strip(" ")]

    def some(self, items, most=3):
        return self.r.sample(items, min(len(items), self.r.randint(1, most)))

    def day(self):
        """One on which a listing begins or ends, or just not."""
        row = self.r.choice(self.listings)
        day = datetime.date.fromisoformat(
            row["end_date"] or row["effective_date"])
        return str(day + datetime.timedelta(self.r.randint(-1, 1)))

    def maybe(self, chance=0.5):
        return self.r.random() < chance

    def make_signatures(self):
        """Of images; by two whom policies may know, and by two others."""
        self.signers = {
            "linux": signing.Signer("linux", "rsa", 1),
            "maker": signing.Signer("maker", "p384", 2)}
        others = [signing.Signer("other", "p256", 3),
                  signing.Signer("maker", "p384", 2)]
        self.signatures = []
        for signer in [*self.signers.values(), *others]:
            for i in range(6):
                image = self.r.choice(IMAGES)
                name = self.r.choice(["sha256", "sha256", "sha384"])
                data = signer.sign(image.encode(), i & 1, i & 2, name)
                self.signatures.append((image, name, data))

    def signature(self):
        """Often good; or of another image, without its hash, or damaged."""
        image, name, data = self.r.choice(self.signatures)
        if self.maybe(0.15):
            image = self.r.choice(IMAGES)
        out = {"payload-digest": [
            "%s:%s" % (n, mklog.hashlib.new(n, image.encode()).hexdigest())
            for n in dict.fromkeys(["sha256", name])
            if n == "sha256" or self.maybe(0.7)]}
        if self.maybe(0.2):
            data = Damage(self.r).bytes(data)
        out["signature"] = data.hex()
        return out

    # --- a machine ---

    def author(self):
        if self.maybe(0.3):
            return self.r.choice(STRANGERS)
        name = self.r.choice(self.authors)
        return self.r.choice([name, name, name + " <x@example.com>",
                              name + ", <x@example.com>", " " + name])

    def driver(self, event="module"):
        out = {"event": event, "name": self.r.choice(NAMES)}
        for key, make in (
                ("path", lambda: "/lib/modules/%s.ko" % out["name"]),
                ("origin", lambda: self.r.choice([0, 1, 1, 1, 2, 3, 4, 5, 9])),
                ("image", lambda: self.r.choice(IMAGES)),
                ("sig-status", lambda: self.r.choice([0, 1, 1, 2, 7])),
                ("author", lambda: [self.author() for _ in
                                    range(self.r.randint(1, 3))]),
                ("license", lambda: self.r.choice(LICENSES)),
                ("version", lambda: self.r.choice(VERSIONS)),
                ("intree", lambda: self.r.choice([0, 1, 1])),
                ("taints", lambda: self.r.choice(
                    [0, 0, 1, 2, 1 << 10, 1 << 12, 1 << 13, 0x3401])),
                ("load-flags", lambda: self.r.choice([0, 0, 1, 2, 4]))):
            if self.maybe(0.8):
                out[key] = make()
        if "image" in out and self.maybe(0.3):
            out["payload-digest"] = "sha256:" + mklog.hashlib.sha256(
                self.r.choice(IMAGES).encode()).hexdigest()
        if self.maybe():
            out.update(self.signature())
        return out

    def firmware(self):
        out = {"event": "firmware", "name": self.r.choice(
            NAMES if self.maybe() else self.images), "origin": 1}
        if self.maybe(0.9):
            out["image"] = self.r.choice(IMAGES)
        if self.maybe(0.7):	# who asked
            bus = self.r.choice(["pci", "usb"])
            out.update(bus=bus, device="%s-%d" % (bus, self.r.randrange(3)),
                       driver=self.r.choice(NAMES),
                       parent="usb/usb-%d" % self.r.randrange(3))
            for key in ("bus", "parent"):
                if self.maybe(0.3):
                    del out[key]
            if self.maybe(0.7):
                out["module"] = self.r.choice(NAMES)
        return out

    def result(self, n):
        out = self.driver("module-result")
        out["result"] = -self.r.choice([8, 17, 17, 22])
        if self.maybe(0.6):
            out["ref"] = self.r.randrange(n + 1)
        if self.maybe(0.4):
            out["ref-item"] = self.r.randrange(4)
        return out

    def some_id(self, bus):
        if bus not in self.ids or self.maybe(0.3):
            return self.r.choice([0x1234, 0xFFFF, 0])
        return int(self.r.choice(self.ids[bus]), 16)

    def device(self, event="device"):
        bus = self.r.choice(["pci", "usb", "pci", "usb", "i2c"])
        at = self.r.randrange(3)
        out = {"event": event, "bus": bus, "device": "%s-%d" % (bus, at)}
        for key, make in (
                ("port", lambda: "port/%d" % self.r.randrange(4)),
                ("vendor-id", lambda: self.some_id(bus)),
                ("device-id", lambda: self.r.choice([1, 2, 0xABCD])),
                ("subvendor-id", lambda: self.some_id("pci")),
                ("subdevice-id", lambda: self.r.choice([1, 2])),
                ("revision", lambda: self.r.choice([2, 0x107, 0x110])),
                ("manufacturer", lambda: self.r.choice(
                    ["ACME", "Default string"])),
                ("product", lambda: self.r.choice(
                    ["82574L", "Stick", "To be filled by O.E.M."])),
                ("dsn", lambda: self.r.choice(
                    [0x001B21FFFF112233, 0, 2 ** 64 - 1])),
                ("parent", lambda: "%s/%s-%d" % (bus, bus, self.r.choice(
                    [n for n in range(4) if n != at]))),
                ("interface", lambda: 0),
                ("class", lambda: self.r.choice(CODES)),
                ("serial", lambda: self.r.choice(
                    ["", "0001", "0002", "None", "FFFFFFFF"])),
                ("device-flags", lambda: self.r.choice([0, 1, 2, 4, 24])),
                ("driver", lambda: self.r.choice(NAMES)),
                ("module", lambda: self.r.choice(NAMES)),
                ("deferred", lambda: self.r.choice([0, 1]))):
            rare = key in ("deferred", "dsn", "interface", "revision",
                           "manufacturer", "product")
            if self.maybe(0.3 if rare else 0.8):
                out[key] = make()
        if self.maybe(0.1):
            out["image"] = self.r.choice(IMAGES)
        for key in ("bus", "device"):
            if self.maybe(0.05):
                del out[key]
        return out

    def happening(self):
        return self.device(self.r.choice(["device-gone", "device-gone", "bind",
                                          "unbind"]))

    def smbios(self):
        kind = self.r.choice([0, 0, 1, 2, 3, 4, 9, 17, 200])
        data = bytearray([kind, 40, 0, 1, 1, 2, 3, 2] + [0] * 32)
        data[8:12] = self.r.choice([0, 0, 0x000906EA, 0x00830F10, 0x00000633]
                                   ).to_bytes(4, "little")
        if kind == 0:
            data[8] = 4
        for at in (0x10, 0x17, 0x18, 0x1A, 0x20):
            data[at] = self.r.choice([0, 1, 2, 3, 9])
        makers = self.ids["smbios"] + ["QEMU", "", " padded ", "dell inc",
                                       "D\u0435ll", "HUAWE1 Corp", "0x2C00",
                                       "80CE000080CE", "Default string",
                                       "HUAWEI TECHNOLOGIES CO. LTD"]
        texts = [self.r.choice(makers), *self.r.sample(
            [*asks.TEXTS["version"], *asks.TEXTS["serial"], "QEMU", ""], 2),
                 self.r.choice(asks.DATES)]
        return {"part": 1, "smbios-type": kind,
                "data": data[:self.r.choice([4, 6, 12, 27, 40, 40])].hex(),
                "string": texts[:self.r.randint(1, 4)]}

    def platform(self):
        out = self.r.choice([
            self.smbios, self.smbios,
            lambda: {"part": 5, "manufacturer": self.r.choice(
                self.ids["cpuid"] + ["Unknown CPU"]), "cpu-family": 6,
                "cpu-model": 0x9E, "cpu-stepping": self.r.choice([9, 10]),
                "microcode": self.r.choice([0xB3, 0xB4])},
            lambda: {"part": 6, "manufacturer": self.r.choice(
                self.ids["tpm"] + ["XXXX"]),
                "tpm-firmware": 0x000700550011CB00},
            lambda: {"part": 3, "name": self.r.choice(["DSDT", "SSDT"]),
                     "image": self.r.choice(IMAGES), "oem-id": "BOCHS",
                     "oem-revision": self.r.choice([1, 16]),
                     "dynamic": self.r.choice([0, 1])},
            lambda: {"part": 4, "fw-version": self.r.choice([65550, 2]),
                     "fw-class": "33221100554477668899aabbccddeeff"},
            lambda: {"part": self.r.choice([0, 2, 4, 5, 6, 9])}])()
        if self.maybe(0.1):
            out.pop("part")
        return {"event": "platform", **out}

    def notice(self):
        return self.r.choice([
            lambda: {"event": "coverage", "seen": [
                w + ": seen" for w in self.some(NOTICES, 4)],
                "not-seen": ["dma: x"]},
            lambda: {"event": "activity", "activity": self.r.choice(
                [0, 1, 2, 3, 4, 4, 4, 5, 6, 7, 99])},
            lambda: {"event": "power", "power": self.r.choice([1, 2, 2, 3, 4, 5,
                                                               6, 7]),
                     "reset-count": self.r.choice([1, 1, 1, 1, 2])}])()

    def anything(self, n):
        """A record that may also be an item; n: records so far."""
        return self.r.choice([
            self.driver, self.driver, self.firmware, lambda: self.result(n),
            self.device, self.device, self.happening, self.platform,
            self.notice])()

    def group(self, n):
        items = [self.anything(n) for _ in range(self.r.randint(0, 4))]
        return {"event": self.r.choice(["snapshot", "batch"]), "items": items}

    def machine(self):
        recs = [{"event": "anchor",
                 "secure-boot": self.r.choice([0, 1, 1, 1, 2]),
                 "lockdown": self.r.choice([0, 1, 1, 2])}]
        for _ in range(self.r.randint(0, 6)):
            recs.append(self.group(len(recs)) if self.maybe(0.3) else
                        self.anything(len(recs)))
        if self.maybe():
            at = self.r.randint(1, len(recs))
            recs[at:at] = asks.story(self)
        return {"pcr": 13, "banks": ["sha256"], "records": recs,
                "uncovered": self.r.choice([0, 0, 0, self.r.randint(
                    0, len(recs) - 1)])}

    # --- a policy ---

    def quoted(self, text):
        return json.dumps(text, ensure_ascii=False)

    def words(self, items, unknown=True):
        out = [self.quoted(x) for x in items]
        if unknown and self.maybe(0.3):
            out.append("unknown")
        if self.maybe(0.1) and len(out) == 1:
            return out[0]
        return "[%s]" % ", ".join(out)

    def texts(self, items):
        if self.maybe(0.4):
            patterns = [self.r.choice([x[:2] + "*", "*" + x[-2:], "?" + x[1:],
                                       "*", "*%s*" % x[1:3]]) for x in items]
            return "{ like: [%s] }" % ", ".join(map(self.quoted, patterns))
        return self.words([x for x in items if "*" not in x and "?" not in x
                           and x])

    def condition(self, key, benefit):
        if key in asks.KEYS:
            return asks.condition(self, key, benefit)
        negate = self.maybe(0.35)
        if key == "flags":
            # what the language allows: see 'failed' in policies/README.md
            flags = FLAGS if negate == benefit else \
                [f for f in FLAGS if f not in EXCUSES]
            value = self.words(self.some(flags), False)
        elif key in ("kind", "signer", "origin", "class", "part"):
            value = self.words(self.some({
                "class": CLASSES, "part": PARTS,
                "kind": ["driver", "firmware", "device", "platform"],
                "signer": SIGNERS,
                "origin": ["unmeasured", "file", "memory", "anonymous",
                           "pre-existing", "built-in", "cached",
                           "platform"]}[key], 2), False)
        elif key in ("bus", "id", "name", "path", "author", "license"):
            value = self.texts(self.some({
                "bus": ["pci", "usb", "i2c"], "id": self.pairs(),
                "name": NAMES + ["pci-1", "usb-2", "DSDT"], "path": ["/lib/modules/%s.ko" % n
                                        for n in NAMES],
                "author": self.authors + STRANGERS,
                "license": LICENSES[:-1]}[key]))
        else:
            value = self.words(self.some({
                "digest": ["lab", "vendor"], "vendor": self.vendors,
                "jurisdiction": self.countries, "listed": self.lists}[key]))
        return "%s: %s" % (key, "{ not: %s }" % value if negate else value)

    def pairs(self):
        return ["%s:%s" % (v, d) for s in ("pci", "usb") for v in self.ids[s]
                for d in ("0001", "0002", "abcd")]

    def when(self, benefit, must=()):
        keys = ["kind", "class", "part", "bus", "id", "flags", "signer",
                "origin", "name", "path", "author",
                "license", "digest", "vendor", "jurisdiction", "listed",
                *asks.KEYS]
        keys = list(dict.fromkeys([*must, *self.some(keys, 2)]))
        return "{ %s }" % ", ".join(self.condition(k, benefit) for k in keys)

    def rules(self):
        out, severe = "", []
        for i in range(self.r.randint(1, 5)):
            then = self.r.choice(["admit", "refer", "refuse"])
            out += "  - id: rule-%d\n    when: %s\n    then: %s\n" \
                "    because: A test.\n" % (i, self.when(then == "admit"), then)
            if then != "admit":
                severe.append(i)
        return out, severe

    def machine_of_waiver(self):
        """For which machines a waiver is; some are this one."""
        one = lambda: "{ %s }" % self.r.choice([
            "ak: " + self.ak, "ak: " + self.ak[:-2] + "00",
            "product: " + self.r.choice(["QEMU", "Box"]),
            "manufacturer: QEMU, product: QEMU",
            "ak: %s, product: Box" % self.ak])
        if self.maybe(0.5):
            return "    machine: %s\n" % one()
        return "    lot: [%s]\n" % ", ".join(
            one() for _ in range(self.r.randint(1, 3)))

    def waiver_of_count(self, ident):
        """Most are of a presence that is there, and as they must be."""
        out = "  - id: %s\n    rule: count-%d\n    until: %s\n" \
            "    approved_by: A. Director\n    because: A test.\n" % (
                ident, self.r.randrange(self.counts)
                if self.maybe(0.97) else 7,
                self.r.choice(["2098-12-31", "2098-12-31", "2021-01-01"]))
        if self.maybe(0.02):
            out += "    component: { name: hinic }\n"
        return out + (self.machine_of_waiver() if self.maybe(0.5) else "")

    def waivers(self, severe, start="W"):
        out = ""
        for i in range(self.r.randint(0, 2) if self.counts else 0):
            out += self.waiver_of_count("%s-count-%d" % (start, i))
        for i in range(self.r.randint(1, 2)) if severe else ():
            name = self.quoted(self.r.choice(NAMES))
            more = self.when(True)[1:]
            if "name:" in more:
                more = " }"
            out += "  - id: %s-%d\n    rule: rule-%d\n    component: { name: " \
                "%s%s\n    until: %s\n    approved_by: A. Director\n" \
                "    because: A test.\n" % (
                    start, i, self.r.choice(severe), name,
                    more if more == " }" else "," + more,
                    self.r.choice(["2098-12-31", "2021-01-01"]))
            if self.maybe(0.4):
                out += self.machine_of_waiver()
        return "waivers:\n" + out if out else ""

    def demands(self):
        out = ""
        if self.maybe(0.15):
            out += ", coverage: [%s]" % ", ".join(self.some(NOTICES, 2))
        if self.maybe(0.3):
            out += ", activity: " + self.r.choice(
                ["any", "none", "{ not: %s }" % self.r.choice(ACTIVITIES),
                 "{ not: [%s] }" % ", ".join(self.some(ACTIVITIES, 3))])
        return out

    def files(self):
        """The policy, what it extends, and waivers beside it: {name: text}"""
        text = self.policy()
        self.severe = sorted(set(self.severe))
        files = {"policy.yaml": text}
        if self.maybe(0.3):
            files = {"base.yaml": text, "policy.yaml": self.child(text)}
        waivers = self.waivers(self.severe, "F") if self.maybe(0.3) else ""
        if waivers:
            files["waivers.yaml"] = "waivers_for: %s\nversion: 1\n" \
                "authority: Tests\n%s" % (
                    "rooms" if len(files) > 1 else "differential", waivers)
        return files

    def child(self, text):
        """Extends that policy: random keys, and most of the time it declares
        what is looser in them, as the oracle finds it."""
        parent = policy.read_text(text)
        keys = {
            "requires": "requires: { %s }\n" % ", ".join(self.some([
                self.r.choice(["freshness: 20m", "freshness: 10m"]),
                "identity: any", "secure_boot: any", "lockdown: none",
                "lockdown: integrity", "activity: any", "activity: none",
                "activity: { not: [kexec, bpf] }", "bank: sha256",
                "coverage: [modules, usb]", "secure_boot: on"], 3)),
            "otherwise": "otherwise: { %s }\n" % ", ".join(self.some([
                "%s: %s" % (k, self.r.choice(extend.ORDER))
                for k in ("known", "unknown")], 2)),
            "valid": self.r.choice([
                "valid: { from: 2021-01-01, until: 2090-12-31 }\n",
                "valid: { from: 2019-01-01, until: 2090-12-31 }\n"]),
            "digest_lists": "digest_lists: [ { id: mine, digests: [%s], "
            "known: %s } ]\n" % (mklog.hashlib.sha256(
                self.r.choice(IMAGES).encode()).hexdigest(),
                self.r.choice(["yes", "no"])),
            "rules": self.own_rules(text),
            "waivers": self.waivers(self.severe, "C"),
        }
        keys = {k: v for k, v in keys.items() if self.maybe(0.5)}
        # a map with a key twice is nobody's policy
        if "lockdown: none" in keys.get("requires", "") and \
                "lockdown: integrity" in keys["requires"] or \
                keys.get("requires", "").count("activity") > 1 or \
                keys.get("requires", "").count("secure_boot") > 1:
            del keys["requires"]
        body = "policy: rooms\nversion: 1\nauthority: Tests\n" \
            "extends: base.yaml\n" + "".join(keys.values())
        looser = extend.merge(policy.read_text(body), parent)[1]
        declared = [x for x in sorted(looser) if self.maybe(0.95)]
        if self.maybe(0.2):
            declared.append("rules.rule-%d" % self.r.randrange(6))
        return body + ("loosens: [ %s ]\n" % ", ".join(
            "{ what: %s, because: A test. }" % x
            for x in dict.fromkeys(declared)) if declared else "")

    def own_rules(self, text):
        """New ones, and some of the parent's with another outcome or when."""
        out, ids = "", set()
        for _ in range(self.r.randint(1, 3)):
            then = self.r.choice(extend.ORDER)
            n = self.r.choice([0, 1, 2, 7, 8])
            if n in ids:
                continue
            ids.add(n)
            when = re.search(r"id: rule-%d\n    when: (.*)\n    then: (.*)\n" % n,
                             text)
            same = when and self.maybe(0.7) and "admit" not in (
                then, when.group(2))
            out += "  - id: rule-%d\n    when: %s\n    then: %s\n" \
                "    because: Another.\n" % (
                    n, when.group(1) if same else self.when(then == "admit"),
                    then)
            if then != "admit":
                self.severe.append(n)
            elif n in self.severe:
                self.severe.remove(n)
        return "rules:\n" + out

    def policy(self):
        verdicts = ["admit", "admit", "refer", "refuse"]
        rules, severe = self.rules()
        demands, counted = self.demands(), asks.presence(self)
        self.counts = counted.count("- id: count-")
        more = self.waivers(severe) + counted
        strict = ["any", "pinned"], ["any", "on"], ["none", "integrity"]
        if self.maybe(0.4):	# one question only
            (rules, other), severe = asks.focus(self), []
            verdicts, demands, more = [other], "", ""
            self.counts = 0
            strict = ["any"], ["any"], ["none"]
        self.severe = severe
        digests = [mklog.hashlib.sha256(x.encode()).hexdigest()
                   for x in self.r.sample(IMAGES, 3)]
        return (
            "policy: differential\nversion: 1\nauthority: Tests\n"
            "valid: { from: 2020-01-01, until: 2099-12-31 }\n"
            "requires: { identity: %s, freshness: 10m, secure_boot: %s,\n"
            "  lockdown: %s, measurer: any%s }\n"
            "digest_lists:\n"
            "  - { id: lab, digests: [%s], known: %s }\n"
            "  - { id: vendor, digests: [%s] }\n"
            "component_lists:\n"
            "  - { id: approved, file: approved.csv, known: %s }\n"
            "signers:\n"
            "  - { id: linux, certificates: linux.pem, distribution: yes }\n"
            "  - { id: maker, certificates: maker.pem, distribution: %s }\n"
            "rules:\n%sotherwise: { known: %s, unknown: %s }\n%s" % (
                *map(self.r.choice, strict), demands,
                ", ".join(digests[:2]), self.r.choice(["yes", "no"]),
                digests[2], self.r.choice(["yes", "no", "no"]),
                self.r.choice(["yes", "no"]), rules,
                self.r.choice(verdicts),
                self.r.choice(verdicts), more))


class Damage:
    """Edits of bytes, from one random source."""

    def __init__(self, r):
        self.r = r

    def bytes(self, data):
        data = bytearray(data)
        for _ in range(self.r.choice([1, 1, 2])):
            at, kind = self.r.randrange(len(data) + 1), self.r.randrange(6)
            if kind == 0 and at < len(data):
                data[at] ^= 1 << self.r.randrange(8)
            elif kind == 1 and at < len(data):
                data[at] = self.r.choice([0, 1, 0x7F, 0x80, 0xFF])
            elif kind == 2:
                del data[at:at + self.r.choice([1, 2, 4, 5])]
            elif kind == 3:
                data[at:at] = self.r.randbytes(self.r.choice([1, 2, 5]))
            elif kind == 4:
                data[at:at + 2] = self.r.choice([b"\0\0", b"\0\x21", b"\xff\xff"])
            else:
                data += self.r.randbytes(1)
        return bytes(data)

    def value(self, value):
        value = bytes.fromhex(value)
        return self.r.choice([value + b"\0", value[:-1], b"", value + value,
                              value[:1] + b"\\" + value[2:],
                              self.r.randbytes(len(value))]).hex()

    def fields(self, fields):
        """The fields of one record, measured as they then are."""
        for _ in range(self.r.choice([1, 1, 2])):
            at, kind = self.r.randrange(len(fields)), self.r.randrange(5)
            field = list(fields[at])
            if kind == 0:
                field[0] = self.r.randrange(0x60)
            elif kind in (1, 2):
                field[1] = self.value(field[1])
            fields[at] = field
            if kind == 3:
                fields.insert(at, field)
            if kind == 4 and len(fields) > 1:
                fields.pop(at)
        if self.r.random() < 0.6:
            fields.sort(key=lambda f: f[0])
        return fields

    def log(self, desc):
        """Before it is measured, so that the quote covers the damage."""
        n = self.r.randrange(len(desc["records"]))
        mklog.raw_fields(self.fields)(desc, n)

    def evidence(self, ev, key):
        part = self.r.choice(["attest", "signature", "ak", "pcrs", "claims",
                              "log-measurer", "signed"])
        if part == "signed":
            att = self.bytes(ev["attest"])
            return ev.copy(attest=att, signature=key.sign(att))
        return ev.copy(**{part: self.bytes(ev[part])})


def bundle(maker, key, folder, damage):
    """Write one random bundle."""
    nonce = maker.r.randbytes(32)
    desc = maker.machine()
    hurt = maker.r.choice(["log", "evidence", "bundle"]) if damage else ""
    if hurt == "log":
        damage.log(desc)
    log, extends = mklog.make(desc)
    values = {n: bytes(32) for n in range(16)}
    values[13] = mklog.replay(extends, ["sha256"])["sha256"]
    claims = surgery.cbor.dumps({"agent.version": "1"})
    att, sig = surgery.quote(key, nonce, claims, "sha256", values)
    ev = surgery.Evidence(attest=att, signature=sig, ak=key.public,
                          claims=claims, log_measurer=log,
                          pcrs=surgery.pcrs("sha256", values))
    if hurt == "evidence":
        ev = damage.evidence(ev, key)
    data = damage.bytes(ev.encode()) if hurt == "bundle" else ev.encode()
    at = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
    for name, content in (
            ("evidence.cbor", data), ("ak.pub", key.public),
            *[(n, text.encode()) for n, text in maker.files().items()],
            ("approved.csv", asks.component_list(maker, IMAGES)),
            *[(n + ".pem", s.pem) for n, s in maker.signers.items()],
            ("challenge.json", json.dumps({
                "credence-challenge": 1, "nonce": nonce.hex(),
                "issued": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "expires": (at + datetime.timedelta(minutes=10)).strftime(
                    "%Y-%m-%dT%H:%M:%SZ")}).encode())):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content)


def one(args, registry, maker, key, n):
    """-> (verdict, None or what each says)"""
    folder = tempfile.mkdtemp(prefix="crd-differential-")
    try:
        bundle(maker, key, folder, Damage(maker.r) if args.damage else None)
        files = [os.path.join(folder, f) for f in (
            "evidence.cbor", "challenge.json", "policy.yaml")]
        ak = os.path.join(folder, "ak.pub")
        told = asks.context(maker)
        if maker.maybe(0.3):
            told["as_of"] = maker.day()
        ours = oracle.appraise(files[0], files[1], [ak], files[2], registry,
                               as_of=told.get("as_of"),
                               context=oracle.context_of(told))
        theirs = oracle.ask_program(args.credence, args.registry, folder,
                                    told, [ak])
        if theirs == ours[:3]:
            return ours[1], None
        name = "%s-%d-%d" % ("damage" if args.damage else "differential",
                             args.seed, n)
        kept = os.path.join(os.environ.get("O", "build"), "bundles", name)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        with open(os.path.join(kept, "expect"), "w", encoding="utf-8") as f:
            print("exit=%d" % ours[0], file=f)
            f.writelines("%s=%s\n" % x for x in told.items())
        return ours[1], "%s: program %s, oracle %s" % (name, theirs, ours)
    finally:
        shutil.rmtree(folder)


def with_ends(folder, seed, to):
    """The registry, but a third of the listings has ended."""
    r = random.Random(seed)
    shutil.copytree(folder, to, dirs_exist_ok=True)
    path = os.path.join(to, "listings.csv")
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    for row in rows:
        if r.random() < 0.33:
            row["end_date"] = str(
                datetime.date.fromisoformat(row["effective_date"]) +
                datetime.timedelta(r.choice([0, 1, 30, 1000])))
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return to


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--credence", required=True)
    ap.add_argument("--registry", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=500)
    ap.add_argument("--damage", action="store_true")
    args = ap.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        args.registry = with_ends(args.registry, args.seed, folder)
        return run(args)


def run(args):
    registry = Registry(args.registry)
    key = surgery.SoftKey()
    maker = Maker(args.seed, registry, tpm.Ak(key.public).name.hex())
    seen, bad, batches = {}, 0, (args.count + BATCH - 1) // BATCH
    for b in range(batches):
        wrong = []
        for n in range(b * BATCH, min(args.count, (b + 1) * BATCH)):
            verdict, differs = one(args, registry, maker, key, n)
            seen[verdict] = seen.get(verdict, 0) + 1
            if differs:
                wrong.append(differs)
        print("%sok %d - %d random machines and policies%s, seed %d" % (
            "not " if wrong else "", b + 1, BATCH,
            ", damaged" if args.damage else "", args.seed))
        for line in wrong:
            print("# " + line)
        bad += len(wrong)
    # a generator that only ever makes one verdict tests nothing
    wanted = ["refuse"] if args.damage else ["admit", "refer", "refuse"]
    varied = min(seen.get(v, 0) for v in wanted)
    print("%sok %d - verdicts: %s" % (
        "" if varied * 20 >= args.count else "not ", batches + 1, seen))
    print("1..%d" % (batches + 1))
    return 1 if bad or varied * 20 < args.count else 0


if __name__ == "__main__":
    sys.exit(main())
