# SPDX-License-Identifier: Apache-2.0
"""What was declared against what was measured, from policies/README.md, Bids:
which part is which, and what is missing, extra, different or cannot be told."""
import re

import cel
import facts
import joins
from maker import placeholder

NOT, ONLY, CLASS, WORD, MODEL, SERIAL, IDS = range(7)
CARRIERS = {"bridge", "hub", "system", "controller"}
ON_CHIP = CARRIERS | {"memory", "processor", "serial", "crypto", "other"}
GATES = {"network", "wireless", "storage", "camera", "input", "crypto",
         "smartcard"}
ROOT_HUB, VIRTUAL = 16, 4
UNPLUGGED = {"usbdevice", "modem", "wwan", "bluetooth", "storage", "disk",
             "drive", "harddisk", "hdd", "ssd", "usbstorage", "display",
             "camera", "webcam", "input", "keyboard", "mouse", "printer",
             "smartcard", "smartcardreader", "hub"}


def spell(text):
    """Words of letters and digits; None: it says nothing."""
    if not text or placeholder(text):
        return None
    words = re.findall(rb"[a-z0-9\x80-\xff]+", text.lower())
    return words or None


def same(a, b):
    return bool(a and b) and b"".join(a) == b"".join(b)


class Declared:
    """A part of the bill. said: a bids.Part."""
    late = False

    def __init__(self, said, line):
        item = self.item = said.item
        self.said, self.line, self.mate, self.how = said, line, None, NOT
        self.kind, self.sort = said.kind, (said.part, said.smbios)
        self.bus = item.bus if said.kind == "device" else ""
        own = said.kind == "device"
        self.numbers = (item.subvendor, item.subdevice, item.revision) \
            if own else (None,) * 3
        self.vendor, self.device = (item.vendor, item.device) if own else \
            (None, None)
        self.classes, self.vendors = said.classes or set(), said.vendors
        model = item.name
        if said.kind in ("driver", "firmware"):
            model = model.rsplit("/", 1)[-1]
        if self.sort == ("smbios", 0) and item.version:
            model = item.version
        self.model = spell(model.encode())
        self.other = spell(item.part_number.encode())
        self.serial = spell(item.serial.encode()) if item.quantity == 1 and \
            said.kind in ("device", "platform") else None
        # found only if it is on a bus that is measured, and plugged in
        self.perhaps = item.key in UNPLUGGED or (
            not item.key and not (item.bus and item.vendor is not None))
        self.text = {"version": item.version.encode()}
        self.digest = item.digest


class Measured:
    """A component of the log."""
    line = None

    def __init__(self, part, classes):
        self.part, self.mate, self.how = part, None, NOT
        self.kind, self.text = part.kind, part.text
        self.sort = (getattr(part, "part", None),
                     part.num(0x61) if getattr(part, "part", "") == "smbios"
                     else None)
        self.late = "not-covered" in part.flags
        get = lambda f: part.num(f) if f in part.fields else None
        self.bus = (getattr(part, "bus", None) or b"").decode()
        self.vendor, self.device = get(0x33), get(0x34)
        self.numbers = get(0x35), get(0x36), get(0x38)
        self.classes, self.vendors = classes, part.vendors
        model = part.text.get("product", b"")
        if part.kind in ("driver", "firmware"):
            model = part.text.get("name", b"").rsplit(b"/", 1)[-1]
        self.model, self.other = spell(model), None
        if self.sort == ("smbios", 1):
            self.other = spell(part.smbios_text(6) or b"")
        self.serial = spell(part.text.get("serial", b"")) \
            if self.bus != "pci" or part.fields.get(0x3B) else None
        address = part.text.get("name", b"") if part.kind == "device" else b""
        self.slot = address[:-2]
        self.root = len(address) == 12 and address[5:8] == b"00:"
        self.code = part.num(0x37)


def empty(part):
    data = part.fields.get(0x63, b"")
    if part.num(0x61) == 17:
        return len(data) > 13 and data[12:14] == b"\0\0"
    return part.num(0x61) == 4 and len(data) > 24 and not data[24] & 0x40


def is_part(part):
    if part.flags & {"gone", "failed"}:
        return False
    if part.kind == "platform":
        return part.part == "tpm" or (
            part.part == "smbios" and part.num(0x61) in (0, 1, 2, 3, 4, 17)
            and not empty(part))
    return part.kind != "device" or not (
        part.num(0x3D) & (ROOT_HUB | VIRTUAL) or 0x3E in part.fields)


def measured(parts, joined):
    classes = {id(p): set(p.classes or ()) for p in parts
               if p.kind == "device"}
    for p in parts:
        root = joined.root(p)
        if p.kind == "device" and root is not p:
            classes[id(root)] |= classes[id(p)]
    return [Measured(p, classes.get(id(p), set())) for p in parts
            if is_part(p)]


def shares(d, m):
    return bool(set(d.vendors) & set(m.vendors))


def agree(d, m):
    return not d.vendors or not m.vendors or shares(d, m)


def same_model(d, m):
    return same(d.model, m.model) or same(d.other, m.model) or \
        same(d.model, m.other)


def model_word(d, m):
    words = [w for w in d.model or () if len(w) > 2 and re.search(rb"\d", w)]
    return bool(words) and max(words, key=len) in (
        (m.model or []) + (m.other or []))


def same_class(d, m):
    return bool(d.classes) and d.classes <= m.classes and \
        ("wireless" in d.classes) == ("wireless" in m.classes)


def of_device(d, m):
    if d.bus and d.bus != m.bus:
        return NOT
    if d.vendor is not None and d.device is not None:
        return IDS if (d.vendor, d.device) == (m.vendor, m.device) else NOT
    if d.vendor is not None:
        return CLASS if d.vendor == m.vendor and same_class(d, m) else NOT
    if not agree(d, m):
        return NOT
    if same(d.serial, m.serial):
        return SERIAL
    if not shares(d, m):
        return NOT
    if same_model(d, m):
        return MODEL
    if m.model and model_word(d, m):
        return WORD
    return CLASS if same_class(d, m) and not (m.model and d.model) else NOT


def of_platform(d, m):
    if d.sort != m.sort or d.sort[0] == "other":
        return NOT
    if not agree(d, m):
        return ONLY
    if same(d.serial, m.serial):
        return SERIAL
    if same_model(d, m):
        return MODEL
    if model_word(d, m):
        return WORD
    return CLASS if shares(d, m) and not (d.model and m.model) else ONLY


def ground(d, m):
    if d.kind != m.kind or m.late:
        return NOT
    if d.kind == "device":
        return of_device(d, m)
    if d.kind == "platform":
        return of_platform(d, m)
    return MODEL if same(d.model, m.model) else NOT


def contradicts(d, m):
    return any(None not in (a, b) and a != b
               for a, b in zip(d.numbers, m.numbers)) or (
        bool(d.serial and m.serial) and not same(d.serial, m.serial))


def match(declared, log):
    for wanted in range(IDS, NOT, -1):
        for strict, new_card in ((1, 1), (1, 0), (0, 1), (0, 0)):
            for d in declared:
                if not d.mate:
                    take(d, log, wanted, strict, new_card)


def take(d, log, wanted, strict, new_card):
    taken = {m.slot for m in log if m.mate and not m.root}
    for m in log:
        if m.mate or ground(d, m) != wanted or (strict and contradicts(d, m)):
            continue
        if new_card and m.bus == "pci" and not m.root and m.slot in taken:
            continue
        d.mate, m.mate, d.how, m.how = m, d, wanted, wanted
        return


def digests_differ(d, m):
    """None: they cannot be compared."""
    if not d.digest:
        return False
    alg, value = d.digest.split(":")
    number = {"sha256": 0x0B, "sha384": 0x0C, "sha512": 0x0D}[alg]
    values = [v for v in (m.part.fields.get(0x14),
                          *m.part.fields.get(0x15, [])) if v]
    of_alg = [v[1:].hex() for v in values if v[0] == number]
    return None if not of_alg else value not in of_alg


def differ(d, m):
    """-> (differs?, why it cannot be compared)"""
    if d.how == ONLY:
        if not (d.model and m.model) and (
                not d.vendors or not m.vendors or shares(d, m)):
            return False, ["identity"]
        return True, ["digest"] if digests_differ(d, m) is None else []
    out = any(None not in (a, b) and a != b
              for a, b in zip(d.numbers, m.numbers))
    out |= bool(d.serial and m.serial) and not same(d.serial, m.serial)
    version = m.text.get("version", b"")
    out |= d.kind == "driver" and bool(d.text["version"]) and \
        bool(version) and d.text["version"] != version
    wrong = digests_differ(d, m)
    return out or bool(wrong), ["digest"] if wrong is None else []


def blind(d, words):
    """Why one that was not found is not missing; None: it is."""
    if d.kind != "device":
        return None
    if d.vendor is not None:
        return None if d.bus in words else "perhaps"
    if d.perhaps:
        return "perhaps"
    return None if d.vendors and d.classes else "identity"


def tolerated(m, declared, log, lists_bridges):
    """Why it is no extra one; None: it is."""
    if m.kind in ("driver", "firmware"):
        return "not listed"
    if m.kind == "platform":
        return None if any(d.kind == "platform" and d.sort == m.sort
                           for d in declared) else "not listed"
    if m.bus == "pci" and not m.root and any(
            o.mate and o.bus == "pci" and o.slot == m.slot and
            o.vendor == m.vendor and
            (o.device == m.device or not m.classes & GATES) for o in log):
        return "same card"
    words = m.classes - {"composite"}
    if lists_bridges or not words:
        return None
    if words <= CARRIERS or m.root and (words <= ON_CHIP or (
            words == {"storage"} and m.code >> 8 != 0x0108)):
        return "chipset"
    return None


def first_coverage(records):
    for rec in cel.events(records):
        if rec.event == cel.COVERAGE:
            return {t.split(b":")[0].decode("latin-1")
                    for t in rec.fields.get(0x7A, []) if b":" in t}
    return set()


class Comparison:
    """All of it: lists of places, and how many."""

    def __init__(self, declared, never, records, covered, registry):
        parts = facts.components(records, covered, registry)
        log = measured(parts, joins.Joins(records, covered, parts, registry))
        match(declared, log)
        self.missing, self.extra, self.different = {}, [], []
        self.found = {h: sum(d.how == h for d in declared)
                      for h in (IDS, SERIAL, MODEL, WORD, CLASS)}
        self.blind = {"never": never, "perhaps": 0, "identity": 0,
                      "digest": 0}
        self.tolerated = {"chipset": 0, "same card": 0, "not listed": 0}
        self.pairs(declared)
        self.lost(declared, first_coverage(records))
        bridges = any(d.bus == "pci" and "bridge" in d.classes
                      for d in declared)
        for m in log:
            if not m.mate:
                why = tolerated(m, declared, log, bridges)
                if why:
                    self.tolerated[why] += 1
                else:
                    self.extra.append(place(m.part))

    def pairs(self, declared):
        for d in declared:
            if d.mate:
                differs, why = differ(d, d.mate)
                for w in why:
                    self.blind[w] += 1
                if differs:
                    self.different.append((d.item.place, place(d.mate.part)))

    def lost(self, declared, words):
        lines = {}
        for d in declared:
            lines.setdefault(d.line, []).append(d)
        for parts in lines.values():
            lost, d = [p for p in parts if not p.mate], parts[0]
            if not lost:
                continue
            why = blind(d, words)
            if why:
                self.blind[why] += 1
            else:
                self.missing[d.item.place] = (len(parts) - len(lost),
                                              len(parts))


def place(part):
    return part.recnum if part.item is None else (part.recnum, part.item)
