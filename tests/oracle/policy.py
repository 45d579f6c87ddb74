# SPDX-License-Identifier: Apache-2.0
"""The policy language of policies/README.md, judged a second time.

Reads with PyYAML's BaseLoader, which is YAML 1.1 but leaves every scalar text;
the strictness of the language is for the program and its tests.
"""
import collections
import csv
import os
import re
import uuid

import yaml

import cel
import extend
import facts
import joins
import pkcs7
import versions
from maker import placeholder

ORDER = ["admit", "refer", "refuse"]
Finding = collections.namedtuple("Finding", "verdict reason why")
LOCKDOWN = ["none", "integrity", "confidentiality"]
BANKS = {"sha256": 0x0B, "sha384": 0x0C, "sha512": 0x0D}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DIGEST = re.compile(r"(?i)([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})\b")


LATER = {"failed", "not-covered", "deferred", "gone", "re-identified",
         "same-serial", "contradicted", "look-alike"}

class Loader(yaml.BaseLoader):
    """Scalars that are plain `unknown` differ from quoted ones."""

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        return Plain(value) if node.style is None else value

    def construct_mapping(self, node, deep=False):
        pairs = [(self.construct_object(k, True),
                  self.construct_object(v, True)) for k, v in node.value]
        if len(dict(pairs)) != len(pairs):
            raise ValueError("line %d: a key twice" %
                             (node.start_mark.line + 1))
        return dict(pairs)


class Plain(str):
    pass


Loader.add_constructor("tag:yaml.org,2002:map",
                       lambda loader, node: loader.construct_mapping(node))


def as_list(value):
    return value if isinstance(value, list) else [value]


def digests_in(entry, folder):
    if "file" in entry:
        with open(os.path.join(folder, entry["file"]), encoding="utf-8") as f:
            lines = [x for x in f if not x.startswith("#")]
    else:
        lines = as_list(entry["digests"])
    return {m.group(1).lower() for m in map(DIGEST.match, lines) if m}


def load_signers(tree, folder):
    """Whom the policy knows: {id: distribution?}, and their certificates."""
    listed = tree.get("signers", [])
    tree["signers"] = {e["id"]: e.get("distribution") == "yes" for e in listed}
    tree["certificates"] = []
    for e in listed:
        with open(os.path.join(folder, e["certificates"]), "rb") as f:
            tree["certificates"] += pkcs7.certificates(f.read(), e["id"])


def load_one(path):
    """One file, with what it names."""
    with open(path, encoding="utf-8") as f:
        tree = yaml.load(f, Loader)
    folder = os.path.dirname(path)
    tree["digest_lists"] = {
        e["id"]: (digests_in(e, folder), e.get("known") == "yes")
        for e in tree.get("digest_lists", [])}
    said, tree["component_lists"] = tree.get("component_lists", []), {}
    for e in said:
        with open(os.path.join(folder, e["file"]), encoding="utf-8",
                  newline="") as f:
            tree["component_lists"][e["id"]] = (
                list(csv.DictReader(f, strict=True)), e.get("known") == "yes")
    load_signers(tree, folder)
    return tree


def read_text(text):
    """A policy without files, as far as extend.py needs it."""
    tree = yaml.load(text, Loader)
    tree["digest_lists"] = {
        e["id"]: (digests_in(e, ""), e.get("known") == "yes")
        for e in tree.get("digest_lists", [])}
    tree["signers"] = {e["id"]: e.get("distribution") == "yes"
                       for e in tree.get("signers", [])}
    tree["component_lists"] = {}
    tree["certificates"] = []
    return tree


def load_chain(path):
    tree = load_one(path)
    if "extends" in tree:
        tree = extend.extend(tree, load_chain(
            os.path.join(os.path.dirname(path), tree["extends"])))
    check_waivers(tree)	# though whoever extends it does without them
    return tree


def load_lots(tree, folder):
    for waiver in tree.get("waivers", []):
        lot = waiver.get("lot", [])
        if isinstance(lot, dict):
            with open(os.path.join(folder, lot["file"]),
                      encoding="utf-8") as f:
                lot = [{"ak": x.split()[0]} for x in f
                       if x.strip() and not x.startswith("#")]
        waiver["machines"] = lot or as_list(waiver.get("machine", []))
        waiver["any"] = "lot" not in waiver and "machine" not in waiver


def check_waivers(tree):
    severe = {r["id"] for r in tree["rules"] if r["then"] != "admit"}
    counted = {p["id"] for p in tree.get("presence", [])}
    for waiver in tree.get("waivers", []):
        if waiver["rule"] not in severe | counted:
            raise extend.Bad("nothing to waive: " + waiver["rule"])
        if ("component" in waiver) != (waiver["rule"] in severe):
            raise extend.Bad("of what is " + waiver["id"])


def load(path, waiver_files=()):
    tree = load_chain(path)
    load_lots(tree, os.path.dirname(path))
    for name in waiver_files:
        with open(name, encoding="utf-8") as f:
            more = yaml.load(f, Loader)
        if more["waivers_for"] != tree["policy"]:
            raise extend.Bad("waivers for " + more["waivers_for"])
        load_lots(more, os.path.dirname(name))
        tree["waivers"] = tree.get("waivers", []) + more["waivers"]
    check_waivers(tree)
    match = re.fullmatch(r"(\d+)([smhd])", tree["requires"]["freshness"])
    tree["max_age"] = int(match.group(1)) * UNITS[match.group(2)]
    tree["least_bank"] = BANKS[tree["requires"].get("bank", "sha256")]
    tree["pcr"] = int(tree["requires"].get("pcr", "13"))
    tree["pinned"] = tree["requires"]["identity"] == "pinned"
    return tree


def glob(pattern, text):
    parts = {"*": "(?s:.*)", "?": "(?s:.)"}
    rx = "".join(parts.get(c) or re.escape(c) for c in pattern)
    return re.fullmatch(rx, text.decode("utf-8", "surrogateescape")) is not None


def text_fits(values, text):
    """None: with one of them it cannot be told."""
    answers = []
    for v in values:
        if not isinstance(v, dict):
            answers.append(v.encode() == text)
        elif "like" in v:
            answers.append(any(glob(p, text) for p in as_list(v["like"])))
        else:
            answers.append(versions.within(text, v))
    return True if True in answers else None if None in answers else False


GRADES = ["certified", "measured", "text", "self-reported", "declared",
          "unknown"]


def grades_of(values):
    out = set()
    for v in values:
        if isinstance(v, dict):
            worst = GRADES.index(v.get("at-least", "unknown"))
            out |= set(GRADES[:worst + 1]) - set(
                GRADES[:GRADES.index(v["below"]) + 1] if "below" in v else ())
        else:
            out.add(v)
    return out


LOADED = ("driver", "firmware")
APPLIES = {"signer": ("driver",), "origin": LOADED, "path": LOADED,
           "author": LOADED, "license": LOADED,
           "class": ("device",), "bus": ("device",),
           "id": ("device", "platform"), "subsystem": ("device",),
           "port": ("device",), "part": ("platform",),
           "structure": ("platform",), "released": ("platform",),
           "manufacturer": ("device", "platform"),
           "product": ("device", "platform"),
           "serial": ("device", "platform"),
           "driver": ("device", "firmware"), "device": LOADED,
           "firmware": ("device", "driver")}
TEXTS = ("bus", "id", "subsystem", "name", "port", "path", "license",
         "version", "manufacturer", "product", "serial")


def text_of(part, key):
    """Its text; None: it has none, or one that only fills the field."""
    text = part.text.get(key)
    filled = key in ("manufacturer", "product", "serial") and \
        placeholder(text or b"")
    return None if filled else text


def nothing_to_say(part, key):
    """No answer, and no doubt either."""
    if key == "digest":
        return part.kind not in LOADED and not part.measured
    if key == "structure":
        return part.structure is None
    if part.never_says(key) and text_of(part, key) is None:
        return True
    key = "vendor" if key == "grade" else key
    return key in ("vendor", "jurisdiction", "listed") and \
        part.kind == "platform" and not part.vendors and not part.strangers


class Judge:
    """machine: what it is known by; about: site, destination, purpose and
    kernel, as far as known."""

    def __init__(self, tree, registry, day, machine, about, joined):
        self.tree, self.registry, self.day = tree, registry, day
        self.machine, self.about, self.joined = machine, about, joined

    def answers(self, part, key, values, benefit):
        """For each answer that the evidence gives: is it one of values?
        None: the evidence does not say."""
        if key == "kind":
            return [part.kind in values]
        if key == "class":
            return None if part.classes is None else \
                [bool(part.classes & set(values))]
        if key == "part":
            return [part.part in values]
        if key == "origin":
            return [part.origin in values]
        if key == "flags":	# one question: does it bear any of these?
            return [bool(part.flags & set(values))]
        if key == "digest":
            if not part.measured:
                return None
            return [any(d in self.tree["digest_lists"][v][0]
                        for v in values for d in part.digests)]
        if key == "author":
            return [text_fits(values, a) for a in part.authors] or None
        if key in TEXTS:
            text = text_of(part, key)
            return None if text is None else [text_fits(values, text)]
        if key == "structure":
            return [part.structure in values]
        if key == "released":
            day = versions.day(part.text.get("released", b""))
            return day and [any(versions.day_within(day, v) for v in values)]
        if key == "grade":
            return [g in grades_of(values) for g in part.grades()]
        if key in ("kernel", "site", "destination", "purpose"):
            told = self.about.get(key)
            return told and [text_fits(values, told)]
        return self.vendor_answers(part, key, values, benefit)

    def vendor_answers(self, part, key, values, benefit):
        if not part.vendors or (benefit and part.strangers):
            return None
        reg = self.registry
        if key == "vendor":
            return [bool(set(values) & set(reg.chain(v)))
                    for v in part.vendors]
        if key == "listed":
            return [bool(set(values) & reg.lists_of(v, self.day))
                    for v in part.vendors]
        return [c in values for v in part.vendors
                for c in reg.jurisdictions(v)]

    def signing(self, part):
        """What the certificates make of its signature; None: nothing."""
        if not self.tree["certificates"] or part.signature is None or \
                part.kind != "driver":
            return None, None
        return pkcs7.judge(part.signature, part.payloads,
                           self.tree["certificates"])

    def signer(self, part, values, negate, benefit):
        """The kernel's word, and ours; to admit, ours must be clear."""
        if part.kind != "driver":
            return False
        result, cert = self.signing(part)
        words = {part.signer, result}
        if result == "valid":
            words = {part.signer, cert.owner}
            if self.tree["signers"][cert.owner]:
                words.add("distribution")
        if words & set(values):
            return not negate
        doubt = result in (None, "unreadable") and part.status != 0 and \
            set(values) - {"none", "verified", "unverified"}
        return negate and not (benefit and doubt)

    def listed_component(self, part, values, negate, benefit):
        fits = [self.row_fits(part, row) for v in values
                for row in self.tree["component_lists"][v][0]]
        if True in fits:
            return not negate
        return negate and not (benefit and None in fits)

    def row_fits(self, part, row):
        """None: it may, but does not say."""
        out = True
        if row["kind"] != part.kind:
            return False
        for key in ("id", "subsystem", "name", "serial", "version"):
            if not row[key]:
                continue
            text = text_of(part, key)
            if text is not None and row[key].encode() != text:
                return False
            if key == "id" and text is None and part.never_says(key):
                return False
            out = out if text is not None else None
        if row["digest"] and not part.measured:
            out = None
        elif row["digest"] and row["digest"] not in part.digests:
            return False
        return out

    def join(self, part, key, wanted, benefit):
        others = self.joined.of(part, key)
        if wanted == "none":
            return not others
        if not benefit:
            return any(self.holds(o, wanted, False) for o, _ in others)
        return all(self.holds(o, wanted, True) for o, _ in others) and \
            any(ok and not o.flags & joins.LOST for o, ok in others)

    def condition(self, part, key, wanted, benefit):
        if part.kind not in APPLIES.get(key, facts.KINDS) or \
                nothing_to_say(part, key):
            return False
        if key in ("driver", "firmware", "device"):
            return self.join(part, key, wanted, benefit)
        negate = isinstance(wanted, dict) and "not" in wanted
        values = as_list(wanted["not"] if negate else wanted)
        if key == "signer":
            return self.signer(part, values, negate, benefit)
        if key == "component_list":
            return self.listed_component(part, values, negate, benefit)
        if key == "grade":	# unknown is one of them
            found = self.answers(part, key, values, benefit)
            fits = [f != negate for f in found]
            return all(fits) if benefit else any(fits)
        unknown = any(isinstance(v, Plain) and v == "unknown" for v in values)
        values = [v for v in values
                  if not (isinstance(v, Plain) and v == "unknown")]
        found = self.answers(part, key, values, benefit)
        silent = not benefit and not unknown if negate else unknown
        if found is None:
            return silent
        fits = [silent if f is None else f != negate for f in found]
        return all(fits) if benefit else any(fits)

    def holds(self, part, when, benefit):
        return all(self.condition(part, k, v, benefit) for k, v in when.items())

    def is_one_of(self, machines):
        return any(all(self.machine.get(k) == v for k, v in m.items())
                   for m in machines)

    def waivers_of(self, entry):
        """Of that rule or presence: those in force on this machine."""
        return [w for w in self.tree.get("waivers", [])
                if w["rule"] == entry["id"] and
                w.get("from", self.tree["valid"]["from"]) <= self.day <=
                w["until"] and (w["any"] or self.is_one_of(w["machines"]))]

    def waived(self, part, rule):
        return any(self.holds(part, w["component"], True)
                   for w in self.waivers_of(rule))

    def vouched(self, part):
        result, _ = self.signing(part)
        if result in ("valid", "wrong"):
            return result == "valid"
        return part.kind == "driver" and part.signer == "verified"

    def known(self, part):
        return (part.main if part.kind == "device" else
                part.kind != "firmware" and bool(part.vendors)) or self.vouched(part) or \
            any(known and set(part.digests) & digests
                for digests, known in self.tree["digest_lists"].values()) or \
            any(known and True in [self.row_fits(part, r) for r in rows]
                for rows, known in self.tree["component_lists"].values())

    @staticmethod
    def asks_later(when):
        """For what a record may say that comes after the component?"""
        flags = when.get("flags", [])
        flags = as_list(flags["not"] if isinstance(flags, dict) else flags)
        return bool(LATER & set(flags) or
                    {"driver", "firmware", "device"} & set(when))

    def component(self, part):
        """-> (verdict, why)"""
        verdicts, spoke, settled = [], False, False
        for rule in self.tree["rules"]:
            benefit = rule["then"] == "admit"
            if self.holds(part, rule["when"], benefit):
                if benefit or not self.waived(part, rule):
                    verdicts.append((rule["then"], rule["id"]))
                    spoke = True
                    settled |= benefit or not self.asks_later(rule["when"])
        word = "known" if self.known(part) else "unknown"
        other = self.tree["otherwise"][word], "otherwise " + word
        if not spoke:
            return other
        if not settled:	# "Records only lower trust"
            verdicts.append(other)
        return max(verdicts, key=lambda v: ORDER.index(v[0]))


def required(tree, anchor):
    """What the anchor must say of the start."""
    need = tree["requires"]
    get = anchor.fields.get
    if need["secure_boot"] == "on" and get(0x4B) != b"\1":
        yield "Secure Boot is not on"
    level = int.from_bytes(get(0x4A, b"\xff"), "big")
    least = LOCKDOWN.index(need["lockdown"])
    if least and not least <= level <= 2:
        yield "lockdown %d" % level
    if need["measurer"] == "reference" and get(0x23, b"").hex() not in {
            m["build_id"] for m in tree["references"]["measurers"]}:
        yield "the measurer is not on the reference list"


ACTIVITIES = {1: "kexec", 2: "kexec", 3: "kexec", 4: "bpf", 5: "livepatch",
              6: "kprobe", 7: "ftrace"}


def required_events(tree, events, covered):
    """What the measurer must see, and what must not have happened."""
    need = tree["requires"]
    seen = {unescaped.split(b":")[0].decode("utf-8", "replace")
            for rec in events if rec.event == cel.COVERAGE and
            rec.recnum < covered for unescaped in rec.fields.get(0x7A, [])}
    lacks = set(need.get("coverage", [])) - seen
    if lacks:
        yield "not watched: %s" % ", ".join(sorted(lacks))
    wanted = need.get("activity", "any")
    for rec in events:
        if rec.event != cel.ACTIVITY or wanted == "any":
            continue
        word = ACTIVITIES.get(int.from_bytes(rec.fields.get(0x7D, b"\0"),
                                             "big"))
        if wanted == "none" or word is None or word in as_list(wanted["not"]):
            yield "activity %s" % word


def in_force(tree, day):
    return tree["valid"]["from"] <= day <= tree["valid"]["until"]


FILLERS = re.compile(r"(?i)\W*(to be filled by o\W*e\W*m|default string|"
                     r"not specified|unknown|none|0+|f{2,}|x{2,})?\W*")


def machine_of(parts, ak):
    """What the machine is known by: its key, and SMBIOS type 1."""
    systems = [p for p in parts if p.kind == "platform" and
               p.part == "smbios" and p.num(0x61) == 1 and 0x63 in p.fields and
               not p.flags & {"not-covered", "deferred", "contradicted"}]
    machine = {"ak": ak.hex()}
    if len(systems) != 1:
        return machine
    data = systems[0].fields[0x63]
    for key, at in (("manufacturer", 4), ("product", 5), ("serial", 7)):
        text = systems[0].smbios_text(at)
        if text is not None:
            text = text.rstrip(b" ").decode("utf-8", "surrogateescape")
            if not FILLERS.fullmatch(text):
                machine[key] = text
    if len(data) >= 24:
        machine["uuid"] = str(uuid.UUID(bytes_le=data[8:24]))
    return machine


WATCHED = {"driver": ["modules"], "firmware": ["firmware"]}
PART_WORDS = {"smbios": "smbios", "smbios-table": "smbios", "acpi": "acpi",
              "esrt": "esrt", "cpu": "cpu", "tpm": "tpm"}


def said(when, key, all_of):
    """The words that a condition leaves, of all that there are."""
    wanted = when.get(key)
    if wanted is None:
        return set(all_of)
    if isinstance(wanted, dict):
        return set(all_of) - set(as_list(wanted["not"]))
    return set(as_list(wanted))


def must_watch(when):
    """Words that a coverage record must have, for nothing to be nothing."""
    kinds = said(when, "kind", facts.KINDS)
    for key in when:
        kinds &= set(APPLIES.get(key, facts.KINDS))
    words = {w for k in kinds for w in WATCHED.get(k, [])}
    if "device" in kinds:
        bus = as_list(when.get("bus", {}))
        plain = all(isinstance(v, str) and not (
            isinstance(v, Plain) and v == "unknown") for v in bus)
        words |= set(bus) if plain else {"pci", "usb"}
    if "platform" in kinds:
        parts = said(when, "part", PART_WORDS)
        if "structure" in when:
            parts &= {"smbios"}
        words |= {PART_WORDS[p] for p in parts if p in PART_WORDS}
    return words


def coverage(events, covered):
    """What it says that it sees; and whether all of the start was recorded."""
    words, whole = set(), True
    for rec in events:
        if rec.event != cel.COVERAGE:
            continue
        if rec.recnum < covered:
            words |= {t.split(b":")[0] for t in rec.fields.get(0x7A, [])
                      if b":" in t}
        whole &= not any(t.startswith(b"snapshot:")
                         for t in rec.fields.get(0x7B, []))
    return words, whole


def count(decide, when, benefit, parts):
    """Each once: a USB device with its interfaces."""
    return len({id(decide.joined.root(p)) for p in parts
                if decide.holds(p, when, benefit) and
                not (benefit and p.flags & joins.LOST)})


def presence(tree, decide, parts, events, covered):
    words, whole = coverage(events, covered)
    for want in tree.get("presence", []):
        if decide.waivers_of(want):
            continue
        least = int(want.get("exactly", want.get("at-least", 0)))
        most = want.get("exactly", want.get("at-most"))
        when = want["component"]
        if most is not None and \
                count(decide, when, False, parts) > int(most):
            yield want["then"], "POLICY_RULE", "%s: too many" % want["id"]
        elif count(decide, when, True, parts) < least:
            yield want["then"], "POLICY_RULE", "%s: too few" % want["id"]
        elif most is not None and not (
                whole and {w.encode() for w in must_watch(when)} <= words):
            yield want["then"], None, "%s: not watched" % want["id"]


def judge(tree, records, covered, parts, registry, day, ak,
          context=None):
    events = list(cel.events(records))
    for why in required(tree, records[0]):
        yield Finding("refuse", "REQUIRED_EVENT", why)
    for why in required_events(tree, events, covered):
        yield Finding("refuse", "REQUIRED_EVENT", why)
    about = {k: v.encode() for k, v in (context or {}).items()}
    about["kernel"] = records[0].fields.get(0x47)
    decide = Judge(tree, registry, day, machine_of(parts, ak), about,
                   joins.Joins(records, covered, parts, registry))
    for part in parts:
        verdict, why = decide.component(part)
        if verdict != "admit":
            yield Finding(verdict, "POLICY_RULE", "%s in record %d: %s" % (
                part.text.get("name", b"?").decode("utf-8", "replace"),
                part.recnum, why))
    for found in presence(tree, decide, parts, events, covered):
        yield Finding(*found)
