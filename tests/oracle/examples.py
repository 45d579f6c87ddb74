#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Examples at random in policies at random: policy test and the oracle,
written from policies/README.md, must say the same of each.

  examples.py --credence PROGRAM --registry DIR [--seed N] [--count N]
"""
import json
import os
import sys
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import program  # noqa: E402
import asks  # noqa: E402
import cel  # noqa: E402
import differential  # noqa: E402
import extend  # noqa: E402
import facts  # noqa: E402
import joins  # noqa: E402
import policy  # noqa: E402
from program import mklog  # noqa: E402
from registry import Registry  # noqa: E402

ORDINARY = b"\x0b" + b"an example's contents".ljust(32, b"\0")
STATED = {"origin": {"unmeasured", "pre-existing", "built-in", "from-memory"},
          "driver": {"unsigned", "unverified"}, "license": {"proprietary"}}
STRUCTURES = {v: k for k, v in facts.STRUCTURES.items()}
BY_US = ("wrong", "unknown-key", "unreadable")


def entries(value):
    return value if isinstance(value, list) else [value]


# --- examples as a machine, from what the language says they mean ---

class Part:
    """One component of an example; said: its keys."""

    def __init__(self, said, number, device=None, own=None):
        self.said, self.device = said, device
        self.kind, self.own = said["kind"], own or {}
        self.name = said.get("name", "example-%d" % number)
        self.flags = set(entries(said.get("flags", [])))
        self.signers = set(entries(said.get("signer", [])))

    def origin(self):
        if "origin" in self.said:
            return self.said["origin"]
        return next((o for f, o in (("pre-existing", "pre-existing"),
                                    ("built-in", "built-in"),
                                    ("from-memory", "memory"))
                     if f in self.flags), "file")

    def digest(self, lists):
        value = self.said.get("digest")
        if value in lists:
            value, = lists[value][0]
        return value and b"\x0b" + bytes.fromhex(value)

    def kernel(self):
        """What the kernel says of the signature."""
        for i, flag in enumerate(("unsigned", None, "unverified")):
            if facts.SIGNERS[i] in self.signers and i != 1 or \
                    flag in self.flags:
                return i
        return 1

    def record(self, number, lists):
        fields = {"driver": self.loaded, "firmware": self.loaded,
                  "device": self.of_device,
                  "platform": self.of_platform}[self.kind](lists)
        events = {"driver": cel.MODULE, "firmware": cel.FIRMWARE,
                  "device": cel.DEVICE, "platform": cel.PLATFORM}
        return cel.Record(recnum=number, item=None, group=None,
                          event=events[self.kind], fields={
                              k: v for k, v in fields.items()
                              if v is not None})

    def text(self, key):
        value = self.said.get(key)
        return None if value is None else mklog.escape(value)

    def loaded(self, lists):
        origin = self.origin()
        digest = self.digest(lists) or ORDINARY
        if "unmeasured" in self.flags or origin in (
                "built-in", "pre-existing", "unmeasured"):
            digest = None
        author = [mklog.escape(a) for a in entries(
            self.said.get("author", []))]
        out = {0x10: mklog.escape(self.name), 0x11: self.text("path"),
               0x12: bytes([facts.ORIGINS.index(origin)]), 0x14: digest,
               0x18: author or None, 0x19: self.text("license"),
               0x1A: self.text("version")}
        if self.kind == "driver":
            out.update({0x17: bytes([self.kernel()]), 0x1D: b"\1"})
            out[0x19] = out[0x19] or b"GPL"
        elif self.device:
            out[0x2C] = mklog.escape(self.device.name)
            out[0x2E] = self.device.bus()
            if "driver" in self.device.own:
                out[0x2F] = mklog.escape(self.device.own["driver"].name)
        return out

    def bus(self):
        return mklog.escape(self.said.get("bus", "pci"))

    def of_device(self, lists):
        out = {0x2C: mklog.escape(self.name), 0x2E: self.bus(),
               0x14: self.digest(lists), 0x32: self.text("port"),
               0x39: self.text("manufacturer"), 0x3A: self.text("product"),
               0x3B: self.text("serial")}
        if "driver" in self.own:
            out[0x2D] = out[0x2F] = mklog.escape(self.own["driver"].name)
        for key, field in (("id", 0x33), ("subsystem", 0x35)):
            if key in self.said:
                first, second = self.said[key].split(":")
                out[field] = bytes.fromhex(first)
                out[field + 1] = bytes.fromhex(second)
        version = self.said.get("version", "")
        if "." in version:
            high, low = version.split(".")
            out[0x38] = bytes([int(high, 16), int(low, 16)])
        elif version:
            out[0x38] = int(version, 16).to_bytes(2, "big")
        return out

    def of_platform(self, lists):
        get = self.said.get
        part = get("part", "smbios" if "structure" in self.said else "other")
        out = {0x60: bytes([facts.PARTS.index(part)]), 0x10: self.text("name"),
               0x14: self.digest(lists)}
        if part == "smbios":
            return {**out, **self.of_smbios(get("structure", "firmware"))}
        out.update({0x39: self.text("manufacturer"),
                    0x3A: self.text("product")})
        if part == "esrt" and "id" in self.said:
            out[0x6B] = uuid.UUID(get("id")).bytes_le
        if "version" in self.said:
            out[{"esrt": 0x6D, "cpu": 0x75, "acpi": 0x67, "tpm": 0x76}[
                part]] = self.number(part)
        return out

    def number(self, part):
        version = self.said["version"]
        if part == "tpm":
            return b"".join(int(n).to_bytes(2, "big")
                            for n in version.split("."))
        return int(version, 10 if part == "esrt" else 16).to_bytes(4, "big")

    def of_smbios(self, structure):
        """The number of a string where its structure has one."""
        kind = min(k for k, v in {**facts.STRUCTURES, 5: "other"}.items()
                   if v == structure)
        data, strings = bytearray([kind, 40, 0, 0] + [0] * 36), []
        for key, places in facts.SMBIOS_TEXTS.items():
            if key in self.said and kind in places:
                strings.append(self.text(key))
                data[places[kind]] = len(strings)
        return {0x61: bytes([kind]), 0x63: bytes(data), 0x64: strings}


class Component(facts.Component):
    """As the log would have it, with what is stated beside."""

    def __init__(self, part, rec, registry, tree):
        super().__init__(part.kind, rec, 0, registry)
        said, self.example = part.said, part
        computed = STATED["origin"] | STATED.get(part.kind, set()) | (
            STATED["license"] if "license" in said else set())
        self.flags = (self.flags & computed) | part.flags
        if part.kind == "device":
            self.classes = set(entries(said["class"])) if "class" in said \
                else None
        if said.get("vendor") == "unknown":
            self.vendors, self.strangers, self.main = [], True, False
        elif "vendor" in said:
            self.vendors, self.strangers = [said["vendor"]], False
            self.main = True
        self.result = self.find_signer(part, tree)

    def find_signer(self, part, tree):
        """What the verifier is to have found of its signature."""
        for word in BY_US:
            if word in part.signers:
                return word, None
        for cert in tree["certificates"]:
            if cert.owner in part.signers or (
                    "distribution" in part.signers and
                    tree["signers"][cert.owner]):
                return "valid", cert
        return None, None

    def grades(self):
        if "grade" in self.example.said:
            return [self.example.said["grade"]]
        return super().grades()


class Judge(policy.Judge):
    def signing(self, part):
        return getattr(part, "result", (None, None))

    def deciders(self, part):
        """-> (verdict, who decides), and which rules hold"""
        holds = [r for r in self.tree["rules"]
                 if self.holds(part, r["when"], r["then"] == "admit")]
        verdict, why = self.component(part)
        if why.startswith("otherwise "):
            return verdict, {"otherwise"}, holds
        return verdict, {r["id"] for r in holds if r["then"] == verdict and (
            verdict == "admit" or not self.waived(part, r))}, holds


def parts_of(example, first):
    """All parts, with those that are joined to one; first: of them all."""
    out = []

    def add(said, device=None):
        part = Part(said, first + len(out), device)
        out.append(part)
        for kind in ("driver", "firmware"):
            if part.kind == "device" and kind in said:
                part.own[kind] = add({**said[kind], "kind": kind}, part)
        return part

    for said in example.get("components") or [example["component"]]:
        add(said)
    order = ["platform", "driver", "device", "firmware"]
    return sorted(out, key=lambda p: order.index(p.kind))


def judge(tree, parts, example, registry):
    """-> (verdict, ids of what decided, ids of what it touched)"""
    records = [p.record(i, tree["digest_lists"])
               for i, p in enumerate(parts, 1)]
    made = [Component(p, rec, registry, tree)
            for p, rec in zip(parts, records)]
    joined = joins.Joins(records, len(records) + 2, made, registry)
    joined.bindings = [(d, m, n, at, "not-covered" not in d.flags)
                       for d, m, n, at, _ in joined.bindings]
    about = {k: v.encode() for k, v in example.get("context", {}).items()}
    about["kernel"] = example["kernel"].encode() if "kernel" in example \
        else None
    day = example.get("as_of", tree["valid"]["from"])
    decide = Judge(tree, registry, day, example.get("machine", {}), about,
                   joined)
    found, touched = [], set()
    for c in made:
        verdict, who, holds = decide.deciders(c)
        found.append((verdict, who))
        touched |= {r["id"] for r in holds}
    for want in tree.get("presence", []):
        if counted(decide, want, made, "components" in example):
            touched.add(want["id"])
            if not decide.waivers_of(want):
                found.append((want["then"], {want["id"]}))
    worst = max((v for v, _ in found), key=policy.ORDER.index)
    return worst, {w for v, who in found if v == worst for w in who}, touched


def counted(decide, want, parts, whole):
    """Is there too much of it, or in a machine too little?"""
    least = int(want.get("exactly", want.get("at-least", 0)))
    most = want.get("exactly", want.get("at-most"))
    when = want["component"]
    if most is not None and \
            policy.count(decide, when, False, parts) > int(most):
        return True
    return whole and policy.count(decide, when, True, parts) < least


# --- at random ---

class Maker(differential.Maker):
    def example(self, n):
        out = {"name": "example %d" % n}
        kinds = ["driver", "firmware", "device", "device", "platform"]
        if self.maybe(0.6):
            out["component"] = self.part(self.r.choice(kinds))
        else:
            out["components"] = [self.part(self.r.choice(kinds))
                                 for _ in range(self.r.randint(1, 4))]
        if self.maybe(0.3):
            out["as_of"] = self.r.choice(["2020-01-01", "2024-06-01",
                                          "2021-01-02"])
        if self.maybe(0.4):
            told = asks.context(self)
            out.update({"context": told} if told else {})
        if self.maybe(0.3):
            out["kernel"] = self.r.choice(asks.TEXTS["kernel"])
        if self.maybe(0.4):
            out["machine"] = self.r.choice([
                {"ak": self.ak}, {"ak": self.ak, "product": "Box"},
                {"product": "QEMU"}, {"product": "Box"},
                {"manufacturer": "QEMU", "product": "QEMU"}])
        return out

    def part(self, kind, joined=False):
        out = {} if joined else {"kind": kind}
        getattr(self, "of_" + kind)(out)
        if self.maybe(0.3):
            out["flags"] = self.some([f for f in differential.FLAGS
                                      if f != "look-alike"], 2)
        if self.maybe(0.2):
            out["flags"] = [self.r.choice(sorted(STATED["origin"]))]
        if self.maybe(0.4):
            out["vendor"] = self.r.choice(self.vendors) \
                if self.maybe(0.7) else "unknown"
        if self.maybe(0.3):
            out["digest"] = self.r.choice(["vendor", mklog.hashlib.sha256(
                self.r.choice(differential.IMAGES).encode()).hexdigest()])
        if out.get("vendor", "unknown") != "unknown" and self.maybe(0.2):
            out["grade"] = self.r.choice(
                [g for g in asks.GRADES if g != "declared"])
        return out

    def put(self, out, chance=0.4, **values):
        for key, value in values.items():
            if self.maybe(chance):
                out[key] = self.r.choice(value)

    def of_software(self, out):
        self.put(out, name=differential.NAMES, license=[
            x for x in differential.LICENSES if x],
            version=differential.VERSIONS, origin=[
                "file", "memory", "anonymous", "pre-existing", "built-in",
                "cached", "platform", "unmeasured"])
        self.put(out, path=["/lib/modules/%s.ko" % n
                            for n in differential.NAMES])
        if self.maybe():
            out["author"] = [self.author().strip(" ") for _ in range(
                self.r.randint(1, 2))]

    def of_driver(self, out):
        self.of_software(out)
        if self.maybe():
            out["signer"] = self.some(differential.SIGNERS, 2)

    def of_firmware(self, out):
        self.of_software(out)
        if self.maybe():
            out["name"] = self.r.choice(self.images)

    def of_device(self, out):
        self.put(out, bus=["pci", "usb"], name=["pci-1", "usb-2"],
                 port=asks.TEXTS["port"], product=asks.TEXTS["product"],
                 manufacturer=["ACME"], serial=asks.TEXTS["serial"],
                 id=self.pairs())
        bus = out.get("bus", "pci")
        self.put(out, version=["0x2", "0x10"] if bus == "pci" else
                 ["1.07", "1.10"])
        if bus == "pci":
            self.put(out, subsystem=["%s:0001" % v for v in self.ids["pci"]])
        if self.maybe(0.7):
            out["class"] = self.some(differential.CLASSES, 2)
        for kind in ("driver", "firmware"):
            if self.maybe(0.4):
                out[kind] = self.part(kind, True)

    def of_platform(self, out):
        part = self.r.choice(["smbios", "smbios", "cpu", "tpm", "esrt",
                              "acpi"])
        if part != "smbios" or self.maybe():
            out["part"] = part
        if part == "smbios":
            self.of_structure(out)
            return
        if part == "acpi":
            self.put(out, name=["DSDT", "SSDT"])
        if part == "esrt":
            self.put(out, id=["00112233-4455-6677-8899-aabbccddeeff"])
        if part in ("cpu", "tpm"):
            self.put(out, product=["QEMU", "Box"], manufacturer=[
                "Unknown CPU",
                *self.ids["cpuid" if part == "cpu" else "tpm"]])
        self.put(out, version={"cpu": ["0xb4", "0xb3"], "esrt": ["65550"],
                               "acpi": ["0x1", "0x10"],
                               "tpm": ["7.85.17.51968"]}[part])

    def of_structure(self, out):
        out["structure"] = self.r.choice(list(asks.STRUCTURES))
        kind = STRUCTURES.get(out["structure"], 5)
        values = {"manufacturer": ["QEMU", *self.ids["smbios"]],
                  "product": ["82574L", "QEMU"], "serial": ["0001", "0002"],
                  "version": ["1.10", "2.0-k"],
                  "released": ["2020-03-04", "2024-02-29"]}
        for key, places in facts.SMBIOS_TEXTS.items():
            if kind in places and not (kind == 0 and key == "product"):
                self.put(out, **{key: values[key]})


def case(maker, asked, registry):
    files = {"approved.csv": asks.component_list(maker, differential.IMAGES),
             **{n + ".pem": s.pem for n, s in maker.signers.items()}}
    for name, content in files.items():
        asked.file(name, content)
    text = maker.policy()
    path = asked.file("policy.yaml", text)
    try:
        tree = policy.load(path)
    except extend.Bad:	# waives what is not there
        return "none", None
    want, touched, n_parts = [], set(), 0
    listed = [maker.example(n) for n in range(maker.r.randint(1, 6))]
    for e in listed:
        parts = parts_of(e, n_parts)
        n_parts += len(parts)
        verdict, who, holds = judge(tree, parts, e, registry)
        touched |= holds
        e["expect"] = verdict if maker.maybe(0.8) else \
            maker.r.choice(policy.ORDER)
        if maker.maybe(0.3):
            e["rule"] = maker.r.choice(sorted(who) + ["otherwise"])
        want.append((verdict, sorted(who), e["expect"] == verdict and
                     e.get("rule", "") in {"", *who}))
    text += "examples:\n" + "".join(
        "  - %s\n" % json.dumps(e, ensure_ascii=False) for e in listed
    ).replace('"vendor": "unknown"', '"vendor": unknown')
    code, report = asked.run("policy", "test", asked.file("p.yaml", text),
                             "--registry", asked.registry, "--format", "json")
    if "examples" not in report:
        return "none", [code, report, text]
    known = [x["id"] for x in tree["rules"] + tree.get("presence", [])]
    got = [(e["verdict"], sorted((e.get("decided_by") or "").split(", ")),
            e["passed"]) for e in report["examples"]]
    bad = ["example %d: %s here, %s there" % (i, a, b)
           for i, (a, b) in enumerate(zip(want, got)) if a != b]
    untouched = [k for k in known if k not in touched]
    if report["summary"]["untouched_rules"] != untouched:
        bad.append("untouched: %s here, %s there" % (
            untouched, report["summary"]["untouched_rules"]))
    if code != (0 if all(x[2] for x in want) else 6):
        bad.append("exit %d" % code)
    return str(code), bad and [*bad, text]


def main():
    args = program.arguments(__doc__, count=200)
    asked, registry = program.Program(args), Registry(args.registry)
    maker = Maker(args.seed, registry, "000b" + "00" * 32)
    tap = program.Tap("policies with examples", args.count, 50)
    try:
        return tap.end(tap.run(lambda n: case(maker, asked, registry)),
                       ["0", "6"])
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main())
