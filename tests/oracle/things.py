# SPDX-License-Identifier: Apache-2.0
"""What a machine is made of, as credence-diff(1) has it under Components: each
thing once, with what it says of itself and what a change of that would mean."""
import cel
import facts
import pkcs7
import versions
from maker import placeholder

ID, CONTENT, SERIAL, PLACE, LOOSE, VOID, STEM = (
    "identity", "contents", "serial", "place", "varies", "void", "stem")
PASSING = {"not-covered", "deferred", "look-alike"}
BAD = {"unsigned", "unverified", "out-of-tree", "proprietary", "staging",
       "unmeasured", "from-memory", "forced", "re-identified", "same-serial",
       "contradicted", "external", "dynamic"}
# DMTF DSP0134: where strings are numbered, and what else is not compared
MAKER, PRODUCT, VERSION = "manufacturer", "product", "version"
NUMBER, TAG = "serial number", "asset tag"
SMBIOS = {
    0: {4: (MAKER, ID), 5: (VERSION, CONTENT), 8: ("date", CONTENT)},
    1: {4: (MAKER, ID), 5: (PRODUCT, ID), 6: (VERSION, CONTENT),
        7: (NUMBER, SERIAL)},
    2: {4: (MAKER, ID), 5: (PRODUCT, ID), 6: (VERSION, CONTENT),
        7: (NUMBER, SERIAL), 10: ("place", PLACE), 8: (TAG, LOOSE)},
    3: {4: (MAKER, ID), 6: (VERSION, CONTENT), 7: (NUMBER, SERIAL),
        8: (TAG, LOOSE)},
    4: {7: (MAKER, ID), 16: (PRODUCT, ID), 0x22: (VERSION, CONTENT),
        0x20: (NUMBER, SERIAL), 4: ("place", PLACE), 0x21: (TAG, LOOSE)},
    17: {0x17: (MAKER, ID), 0x1A: (PRODUCT, ID), 0x18: (NUMBER, SERIAL),
         0x10: ("place", PLACE), 0x19: (TAG, LOOSE)}}
PASSED = {1: [*range(8, 24), 24], 2: [11, 12, *range(15, 256)],
          3: range(9, 13), 4: [22, 23, *range(26, 32)],
          17: [*range(4, 8), 17]}
PLACED = {b"FACP", b"RSDT", b"XSDT", b"BGRT", b"FPDT", b"UEFI", b"TPM2"}


class Thing:
    def __init__(self, sort, part=None, number=0):
        self.sort, self.part, self.number = sort, part, number
        self.traits, self.flags, self.driver = {}, set(), None
        self.uncovered = self.cached = False
        self.where = 0
        if part:
            self.flags = part.flags - PASSING
            self.uncovered = "not-covered" in part.flags
            self.where = part.recnum if part.item is None else \
                (part.recnum, part.item)

    def add(self, what, role, value):
        if value not in (None, b"", ""):
            self.traits[what] = (role, value)

    def add_said(self, what, role, value):
        self.add(what, VOID if value and placeholder(value) else role, value)

    def number_of(self, what, field, role=CONTENT):
        if field in self.part.fields:
            self.add(what, role, b"0x%x" % self.part.num(field))

    def text(self, what):
        return self.traits.get(what, (None, b""))[1]

    def of(self, *roles):
        """All that it says in these roles."""
        return tuple(sorted((k, v) for k, (r, v) in self.traits.items()
                            if r in roles))

    @property
    def kind(self):
        return self.sort, self.number

    @property
    def id(self):
        return self.of(ID)

    @property
    def content(self):
        return self.of(ID, CONTENT)

    @property
    def serial(self):
        return self.of(SERIAL)

    @property
    def place(self):
        return self.of(PLACE)

    def marks(self):
        self.add("marks", CONTENT, " ".join(sorted(self.flags)))

    def path(self, release):
        path = self.part.text.get("path", b"")
        for end in (b".xz", b".zst", b".gz"):
            path = path[:-len(end)] if path.endswith(end) else path
        path = path[4:] if path.startswith(b"/usr/") else path
        if release:
            path = path.replace(release, b"*", 1)
        self.add("path", CONTENT, path)


def start(records, key, lot):
    t, get = Thing("start"), records[0].fields.get
    t.add("name", ID, b"start")
    for what, field in (("kernel", 0x47), ("kernel build", 0x48),
                        ("architecture", 0x49), ("measurer", 0x50)):
        t.add(what, CONTENT, facts.unescape(get(field, b"")))
    for what, field, words in (
            ("Secure Boot", 0x4B, ("off", "on", "no EFI")),
            ("lockdown", 0x4A, ("none", "integrity", "confidentiality"))):
        if get(field):
            n = int.from_bytes(get(field), "big")
            t.add(what, CONTENT, words[n] if n < 3 else "unknown")
    t.add("measurer's build", CONTENT, get(0x23))
    t.add("measurer's settings", CONTENT, b", ".join(get(0x4E, [])))
    t.add("measurer's hooks", CONTENT, b", ".join(get(0x4F, [])))
    t.add("attestation key", LOOSE if lot else CONTENT, key)
    return t


def signer_of(data):
    """Who signed, with which key."""
    try:
        found = pkcs7.Signature(data)
    except Exception:	# malformed, or what nobody can read
        return None, None
    if found.key_id is not None:
        return None, found.key_id
    return found.issuer, found.serial


def driver(part, release):
    t = Thing("driver", part)
    t.add("name", ID, part.text.get("name"))
    t.add(VERSION, CONTENT, part.text.get("version"))
    t.add("source version", CONTENT, part.fields.get(0x1B))
    t.add("digest", CONTENT, part.image)
    if part.origin != "built-in":
        t.add("signature", CONTENT, "none" if "unsigned" in t.flags else
              "not verified" if "unverified" in t.flags else "verified")
    if part.signature:
        name, key = signer_of(part.signature)
        t.add("signer", CONTENT, name)
        t.add("signing key", CONTENT, key)
    t.add("author", CONTENT, part.authors[0] if part.authors else None)
    t.path(release)
    t.marks()
    return t


def image(part, release):
    t = Thing("firmware", part)
    name = part.text.get("name", b"")
    t.add("name", ID, name)
    t.add("digest", CONTENT, part.image)
    t.path(release)
    t.marks()
    out = b""
    for i in range(len(name)):
        digit = name[i:i + 1].isdigit()
        if not digit:
            out += name[i:i + 1]
        elif not (i and name[i - 1:i].isdigit()):
            out += b"#"
    t.add("stem", STEM, out)
    t.cached = not part.image and part.origin == "cached"
    return t


def device(part, bound):
    t = Thing("device", part)
    hub = part.num(0x3D) & 16
    t.add("id", ID, part.text.get("id"))
    if 0x37 in part.fields or 0x3E in part.fields:
        t.add("class", ID, "%s/%s" % (part.fields.get(0x37, b"").hex(),
                                      part.fields.get(0x3E, b"").hex()))
    sub = [part.fields[f].hex() for f in (0x35, 0x36) if f in part.fields]
    t.add("subsystem id", CONTENT, ":".join(sub) if 0x35 in part.fields
          else None)
    if not hub:
        for what, field in ((MAKER, 0x39), (PRODUCT, 0x3A)):
            t.add_said(what, CONTENT, facts.unescape(
                part.fields.get(field, b"")))
        t.number_of(VERSION, 0x38)
        t.add("digest", CONTENT, part.image)
        t.add_said(NUMBER, SERIAL, facts.unescape(
            part.fields.get(0x3B, b"")))
    t.add_said("device serial number", SERIAL,
               part.fields.get(0x3C, b"").hex().encode())
    t.marks()
    t.add("driver", CONTENT, bound)
    get = lambda f: part.fields.get(f, b"")
    at = get(0x2E) + b"/" + get(0x2C)
    t.add("place", PLACE, get(0x32) or at)
    t.add("address", LOOSE, at)
    return t


def smbios(part):
    number, data = part.num(0x61), part.fields.get(0x63, b"")
    t, layout = Thing("smbios", part, number), SMBIOS.get(number, {})
    if number == 17 and len(data) > 13 and data[12:14] == b"\0\0":
        return None
    told, rest = set(), bytearray(data)
    for at, (what, role) in layout.items():
        if at < len(data):
            t.add_said(what, role, part.smbios_text(at))
            told.add(data[at])
            rest[at] = 0
    for at in PASSED.get(number, ()):
        if at < len(data):
            rest[at] = 0
    if number == 17 and len(data) > 17:
        told.add(data[17])
    rest[2:4] = b"\0\0"
    t.add("data", CONTENT, bytes(rest))
    t.add("texts", CONTENT, b", ".join(
        s for i, s in enumerate(part.fields.get(0x64, []), 1)
        if i not in told and not placeholder(facts.unescape(s))))
    if number == 1 and len(data) >= 24 and len(set(data[8:24])) > 1:
        t.add("UUID", SERIAL, data[8:24])
    if "contradicted" in t.flags:
        t.add("marks", CONTENT, "contradicted")
    return t


def acpi(part):
    t, get = Thing("acpi", part), part.fields.get
    name = part.text.get("name", b"")
    t.add("name", ID, name)
    t.add("id", ID, get(0x66))
    t.add(MAKER, CONTENT, get(0x65))
    t.number_of(VERSION, 0x67)
    t.number_of("size", 0x13)
    t.add("digest", LOOSE if name in PLACED else CONTENT, part.image)
    if "dynamic" in t.flags:
        t.add("marks", CONTENT, "dynamic")
    return t


def platform(part):
    get = part.fields.get
    if part.part == "smbios":
        return smbios(part)
    if part.part == "acpi":
        return acpi(part)
    t = Thing(part.part, part, number=0)
    if part.part == "smbios-table":
        t.add("digest", LOOSE, part.image)
    if part.part in ("cpu", "tpm"):
        t.add(MAKER, ID, get(0x39))
        t.add(PRODUCT, ID, get(0x3A))
    if part.part == "cpu":
        t.add("id", ID, tuple(part.num(f) for f in (0x72, 0x73, 0x74)))
        t.number_of(VERSION, 0x75)
        t.number_of("count", 0x2B)
    if part.part == "tpm":
        t.number_of(VERSION, 0x76)
        t.number_of("data", 0x77)
        if 0x78 in part.fields:
            t.add("bus encryption", CONTENT, ["off", "on", "not possible"][
                part.num(0x78)])
    if part.part == "esrt":
        t.add("id", ID, get(0x6B))
        t.number_of(VERSION, 0x6D)
        t.number_of("lowest version", 0x6E)
    return t


def bound_drivers(records, parts):
    """{id of a device: name of the driver that has it now}"""
    place = {(p.recnum, p.item): p for p in parts}
    last, out = {}, {}
    for rec in cel.events(records):
        key = facts.key_of(rec.fields)
        if rec.event == cel.DEVICE:
            last[key] = place[rec.recnum, rec.item]
            out[id(last[key])] = rec.fields.get(0x2D)
        elif rec.event in (cel.BIND, cel.UNBIND) and key in last:
            out[id(last[key])] = rec.fields.get(0x2D) \
                if rec.event == cel.BIND else None
    return out


def without_repeats(things):
    """Of what is told more than once the last counts, but what the quote
    covers before what it does not."""
    images = {t.id for t in things if t.sort == "firmware" and not t.cached}
    out, seen = [], {}
    for t in things:
        if t.cached and (t.id in images):
            continue
        key = (t.sort, t.id if t.sort == "device" else t.content, t.place,
               t.serial)
        if t.sort not in ("device", "driver", "firmware"):
            out.append(t)
        elif key not in seen:
            seen[key] = len(out)
            out.append(t)
        elif not t.uncovered:
            out[seen[key]] = t
    return out


class Machine:
    def __init__(self, records, covered, key, registry, lot=False):
        self.key = key
        parts = facts.components(records, covered, registry)
        release = facts.unescape(records[0].fields.get(0x47, b""))
        drivers = bound_drivers(records, parts)
        made = [start(records, key, lot)]
        for part in parts:
            if part.kind == "device":
                made.append(device(part, drivers.get(id(part))))
            elif part.kind == "platform":
                made.append(platform(part))
            else:
                made.append((driver if part.kind == "driver" else image)(
                    part, release))
        things = without_repeats([t for t in made if t])
        self.things = [t for t in things if not t.uncovered]
        self.later = [t for t in things if t.uncovered]

    def first(self, sort):
        return next((t for t in self.things + self.later
                     if t.kind == (sort, 0)), None)


def age(old, new, read=None):
    """older, same, newer, other"""
    if old == new:
        return "same"
    if read:
        a, b = read(old), read(new)
    else:
        a, b = versions.read(old), versions.read(new)
        if a and b and a[0] == b[0]:
            n = max(len(a[1]), len(b[1]))
            a, b = versions.key(a, n), versions.key(b, n)
        else:
            a = b = None
    if a is None or b is None:
        return "other"
    return "same" if a == b else "newer" if a < b else "older"


def word_age(old, new, between, numbers):
    """Of the first word in which they differ."""
    if old == new:
        return "same"
    at = word = 0
    while at < min(len(old), len(new)) and old[at] == new[at]:
        at += 1
        if old[at - 1:at] in between:
            word = at
    for text in (old[word:], new[word:]):
        read = versions.read(text)
        if not read or len(read[1]) < numbers:
            return "other"
    return age(old[word:], new[word:])


def both(a, b):
    """Two ages of one thing."""
    tell = ("older", "newer")
    if a == b or (a in tell and b not in tell):
        return a
    return b if b in tell and a not in tell else "other"
