# SPDX-License-Identifier: Apache-2.0
"""Components of a log, and what a policy may ask about each.

From the comment of kmod/uapi/credence.h, policies/README.md and the kernel's
documentation of taint bits and module licences.
"""
import re
import struct
import uuid

import cel
from maker import placeholder

KINDS = ("driver", "firmware", "device", "platform")
ORIGINS = ("unmeasured", "file", "memory", "anonymous", "pre-existing",
           "built-in", "cached", "platform")
PARTS = ("other", "smbios", "smbios-table", "acpi", "esrt", "cpu", "tpm")
SMBIOS_MAKER = {0: 4, 1: 4, 2: 4, 3: 4, 4: 7, 17: 0x17}
# DMTF DSP0134, 7: where the numbers of other strings are
SMBIOS_TEXTS = {
    "product": {0: 5, 1: 5, 2: 5, 4: 0x10, 17: 0x1A},
    "version": {0: 5, 1: 6, 2: 6, 3: 6},
    "serial": {1: 7, 2: 7, 3: 7, 4: 0x20, 17: 0x18},
    "released": {0: 8}, "manufacturer": SMBIOS_MAKER}
STRUCTURES = {0: "firmware", 1: "system", 2: "board", 3: "chassis",
              4: "processor", 9: "slot", 11: "oem-strings",
              16: "memory-array", 17: "memory", 41: "onboard-device",
              43: "tpm"}
# What a part may have a text of; an SMBIOS structure, see above.
PART_TEXTS = {"cpu": {"version", "manufacturer", "product"},
              "tpm": {"version", "manufacturer", "product"},
              "esrt": {"version", "id"}, "acpi": {"version"}}
# (base, subclass, protocol), None: any; the first that fits
PCI_CLASSES = [
    ((0, 1, None), "display"), ((1, None, None), "storage"),
    ((2, 0x80, None), "network wireless"), ((2, None, None), "network"),
    ((3, None, None), "display"), ((4, 0, None), "camera"),
    ((4, None, None), "audio"), ((5, None, None), "memory"),
    ((6, None, None), "bridge"), ((7, None, None), "serial"),
    ((8, None, None), "system"), ((9, 0, None), "input keyboard"),
    ((9, 2, None), "input mouse"), ((9, None, None), "input"),
    ((0x0B, None, None), "processor"), ((0x0C, None, None), "controller"),
    ((0x0D, 0x20, None), "wireless network"),
    ((0x0D, 0x21, None), "wireless network"), ((0x0D, None, None), "wireless"),
    ((0x0F, None, None), "wireless"), ((0x10, None, None), "crypto"),
    ((0x12, None, None), "processor"), ((0x40, None, None), "processor"),
    ((0xFF, None, None), "vendor-specific"), ((None,) * 3, "other")]
USB_CLASSES = [
    ((0, None, None), "composite"), ((1, None, None), "audio"),
    ((2, 6, None), "network"), ((2, 0x0D, None), "network"),
    ((2, 0x0E, None), "network wireless"), ((2, None, None), "serial"),
    ((3, 1, 1), "input keyboard"), ((3, 1, 2), "input mouse"),
    ((3, None, None), "input"), ((6, None, None), "camera"),
    ((7, None, None), "printer"), ((8, None, None), "storage usb-storage"),
    ((9, None, None), "hub"), ((0x0B, None, None), "smartcard"),
    ((0x0E, None, None), "camera"), ((0x10, None, None), "audio camera"),
    ((0xE0, 1, 3), "network"), ((0xE0, None, None), "wireless"),
    ((0xEF, 2, 1), "composite"), ((0xEF, 4, None), "network"),
    ((0xFF, None, None), "vendor-specific"), ((None,) * 3, "other")]
SIGNERS = ("none", "verified", "unverified")
PROPRIETARY, FORCED, STAGING, OUT_OF_TREE, UNSIGNED = (
    1 << n for n in (0, 1, 10, 12, 13))
FREE = {"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL",
        "Dual MIT/GPL", "Dual MPL/GPL"}
EEXIST = 17


def unescape(value):
    """Escaped text of the log -> bytes."""
    return re.sub(rb"\\x([0-9a-f]{2})",
                  lambda m: bytes([int(m.group(1), 16)]), value)


def digest_of(value):
    if value is None or cel.DIGEST_SIZE.get(value[0]) != len(value) - 1:
        return None
    return value[1:].hex()


def author_names(text):
    """As it stands, then without a mail address at its end."""
    text = text.strip(b" ")
    yield text
    found = re.fullmatch(rb"(?s)(.*)<[^<]*>", text)
    if found:
        name = found.group(1).strip(b" ")
        if name.endswith(b","):
            name = name[:-1].strip(b" ")
        if name:
            yield name


class Component:
    def __init__(self, kind, rec, origin, registry):
        self.kind, self.recnum, self.item = kind, rec.recnum, rec.item
        self.fields = fields = rec.fields
        get = fields.get
        self.num = lambda f, default=0: int.from_bytes(
            get(f, default.to_bytes(8, "big")), "big")
        payloads = get(0x15, [])
        self.image = digest_of(get(0x14))
        self.digests = [d for d in (self.image, *map(digest_of, payloads))
                        if d]
        self.payloads = {}
        for value in filter(digest_of, payloads):
            self.payloads.setdefault(value[0], value[1:])
        self.signature = get(0x16)
        self.measured = self.image is not None
        self.status = self.num(0x17)
        self.text = {k: unescape(get(f)) for k, f in
                     (("name", 0x10), ("path", 0x11), ("license", 0x19),
                      ("version", 0x1A)) if f in fields}
        self.authors = [unescape(a) for a in get(0x18, [])]
        self.flags, self.strangers, self.main = set(), False, False
        if kind in ("driver", "firmware"):
            self.loaded(origin)
        if kind == "device":
            self.device()
        if kind == "platform":
            self.platform()
        if self.num(0x3D) & 3:
            self.flags.add("external")
        if self.num(0x6A) == 1:
            self.flags.add("dynamic")
        if self.num(0x7E):
            self.flags.add("deferred")
        self.vendors = list(dict.fromkeys(self.find_vendors(registry)))

    def loaded(self, origin):
        code = self.num(0x12, origin)
        self.origin = ORIGINS[code if code < 8 else 0]
        status = self.status
        self.signer = SIGNERS[status if status < 3 else 2]
        if self.kind == "driver" and self.signer == "verified" and \
                self.num(0x21) & UNSIGNED and self.origin != "built-in":
            self.signer = "unverified"
        self.flags |= self.origin_flags()
        if self.kind == "driver":
            self.flags |= self.signature_flags() | self.driver_flags()

    def device(self):
        self.bus = self.fields.get(0x2E)
        for key, field in (("name", 0x2C), ("bus", 0x2E)):
            self.text.pop(key, None)
            if field in self.fields:
                self.text[key] = unescape(self.fields[field])
        self.pair("id", 0x33, 0x34)
        self.pair("subsystem", 0x35, 0x36)
        self.take(port=0x32, manufacturer=0x39, product=0x3A, serial=0x3B)
        if 0x3C in self.fields and not self.text.get("serial"):
            self.text["serial"] = b"%016x" % self.num(0x3C)
        if 0x38 in self.fields:
            n = self.num(0x38)
            self.text["version"] = b"%x.%02x" % (n >> 8, n & 0xFF) \
                if self.bus == b"usb" else b"0x%x" % n
        self.classes = None
        if 0x37 in self.fields:
            code = self.fields[0x37][1:]
            table = {b"pci": PCI_CLASSES, b"usb": USB_CLASSES}.get(
                self.bus, [((None,) * 3, "")])
            self.classes = next(
                set(words.split()) for want, words in table
                if all(w in (None, c) for w, c in zip(want, code)))

    def take(self, **fields):
        """Texts as they stand in the record."""
        for key, field in fields.items():
            self.text.pop(key, None)
            if field in self.fields:
                self.text[key] = unescape(self.fields[field])

    def pair(self, key, first, second):
        if first in self.fields and second in self.fields:
            self.text[key] = b"%04x:%04x" % (self.num(first),
                                             self.num(second))

    def platform(self):
        code = self.num(0x60)
        self.part = PARTS[code if code < 7 else 0]
        self.structure = STRUCTURES.get(self.num(0x61), "other") \
            if self.part == "smbios" else None
        self.take(manufacturer=0x39, product=0x3A, serial=0x3B)
        if self.part == "smbios" and 0x39 not in self.fields:
            for key in SMBIOS_TEXTS:
                self.text.pop(key, None)
                text = self.smbios_of(SMBIOS_TEXTS[key])
                if text:
                    self.text[key] = text
        get = self.fields.get
        if self.part == "esrt" and 0x6D in self.fields:
            self.text["version"] = b"%d" % self.num(0x6D)
        if self.part == "esrt" and 0x6B in self.fields:
            self.text["id"] = str(uuid.UUID(bytes_le=get(0x6B))).encode()
        for part, field in (("cpu", 0x75), ("acpi", 0x67)):
            if self.part == part and field in self.fields:
                self.text["version"] = b"0x%x" % self.num(field)
        if self.part == "tpm" and 0x76 in self.fields:
            self.text["version"] = b"%d.%d.%d.%d" % struct.unpack(
                ">4H", get(0x76))

    def never_says(self, key):
        """No answer, and no doubt either."""
        if key == "subsystem":
            return self.bus is not None and self.bus != b"pci"
        if self.kind != "platform" or key not in (
                "id", "version", "released", "manufacturer", "product",
                "serial"):
            return False
        if self.part == "smbios":
            return self.num(0x61) not in SMBIOS_TEXTS.get(key, ())
        return key not in PART_TEXTS.get(self.part, ())

    def grades(self):
        """Of what is known of who made it; None: it names nobody."""
        if self.kind == "platform" and not self.vendors and \
                not self.strangers:
            return None
        good = "measured" if self.kind == "device" or (
            self.kind == "platform" and self.part != "smbios") else "text"
        return ([good] if self.vendors else []) + (
            ["unknown"] if self.strangers or not self.vendors else [])

    def origin_flags(self):
        seen = set() if self.measured else {"unmeasured"}
        return {"unmeasured": {"unmeasured"}, "file": seen,
                "memory": seen | {"from-memory"},
                "anonymous": seen | {"from-memory"},
                "cached": seen, "platform": seen,
                "pre-existing": {"pre-existing"},
                "built-in": {"built-in"}}[self.origin]

    def signature_flags(self):
        if self.origin == "built-in":
            return set()
        return {"none": {"unsigned"}, "verified": set(),
                "unverified": {"unverified"}}[self.signer]

    def driver_flags(self):
        taints, out = self.num(0x21), set()
        if taints & OUT_OF_TREE or (self.measured and self.num(0x1D) != 1):
            out.add("out-of-tree")
        said = self.measured or "license" in self.text
        if taints & PROPRIETARY or (said and self.text.get(
                "license", b"").decode("latin-1") not in FREE):
            out.add("proprietary")
        if taints & STAGING:
            out.add("staging")
        if taints & FORCED or self.num(0x22) & 3:
            out.add("forced")
        return out

    def find_vendors(self, registry):
        """Entities; self.strangers: somebody named is not known; self.main:
        of a device, the vendor id itself is known."""
        if self.kind == "driver":
            return self.author_vendors(registry)
        if self.kind == "device":
            return self.id_vendors(registry)
        if self.kind == "firmware":
            entity = registry.firmware(self.text.get("name", b"").decode(
                "utf-8", "replace"))
            return [entity] if entity else []
        return self.maker(registry) if self.kind == "platform" else []

    def author_vendors(self, registry):
        found = []
        for author in self.authors:
            entities = [registry.author(name.decode("utf-8", "replace"))
                        for name in author_names(author)]
            entity = next(filter(None, entities), None)
            found += [entity] if entity else []
            self.strangers |= entity is None
        return found

    def id_vendors(self, registry):
        ids = [0x33] if self.bus == b"usb" else \
            [0x33, 0x35] if self.bus == b"pci" else []
        found = []
        for field in ids if 0x33 in self.fields else []:
            if field not in self.fields:
                continue
            entity = registry.ids.get((self.bus.decode(),
                                       "%04x" % self.num(field)))
            self.strangers |= entity is None
            self.main |= entity is not None and field == 0x33
            found += [entity] if entity else []
        return found

    def smbios_text(self, at):
        """The string whose number stands there; None: there is none."""
        data = self.fields.get(0x63, b"")
        strings = [None, *self.fields.get(0x64, [])]
        n = data[at] if at < len(data) else 0
        text = strings[n] if n < len(strings) else None
        return unescape(text) if text else None

    def smbios_of(self, places):
        at = places.get(self.num(0x61))
        return self.smbios_text(at) if at else None

    def maker(self, registry):
        scheme = {"smbios": "smbios", "cpu": "cpuid", "tpm": "tpm"}.get(
            self.part)
        text = self.fields.get(0x39)
        if scheme == "smbios" and text is None:
            text = self.smbios_of(SMBIOS_MAKER)
        else:
            text = unescape(text or b"")
        text = (text or b"").strip(b" ")
        if not scheme or not text:
            return []
        if scheme == "smbios":
            how, entity = registry.makers.find(self.num(0x61), text)
            if how == "look-alike":
                self.flags.add("look-alike")
        else:
            entity = registry.ids.get((scheme,
                                       text.decode("utf-8", "replace")))
        self.strangers |= entity is None
        return [entity] if entity else []


def result_of(out, rec, registry):
    """MODULE_RESULT: into the driver it speaks of, or one of its own."""
    ref, item = rec.fields.get(0x28), rec.fields.get(0x3F)
    error = int.from_bytes(rec.fields.get(0x29, bytes(4)), "big")
    item = None if item is None else int.from_bytes(item, "big")
    if ref is not None:
        for part in out:
            if part.recnum == int.from_bytes(ref, "big") and \
                    part.item == item and part.kind == "driver":
                part.flags.add("failed")
                return
    again = digest_of(rec.fields.get(0x14))
    if again and error == 2 ** 32 - EEXIST and \
            any(again == p.image and p.kind == "driver" for p in out):
        return	# it is there already, measured
    part = Component("driver", rec, 4 if rec.group == cel.SNAPSHOT else 0,
                     registry)
    part.flags.add("failed")
    out.append(part)


def key_of(fields):
    return fields.get(0x2E), fields.get(0x2C)


def mark_gone(out, rec):
    for part in reversed(out):
        if part.kind == "device" and key_of(part.fields) == key_of(rec.fields):
            part.flags.add("gone")
            part.gone_at = (rec.recnum, rec.item or 0)
            return


IDENTITY = (0x14, 0x2E, 0x33, 0x34, 0x35, 0x36, 0x37, 0x3B, 0x3C)


def mark_devices(out):
    """Two on one port that differ; two at once with one serial number."""
    ports, serials = {}, {}
    for part in out:
        if part.kind != "device":
            continue
        get = part.fields.get
        port = get(0x32)
        if port:
            before = ports.get(port)
            if before and any((before.get(f) or b"") != (get(f) or b"")
                              for f in IDENTITY):
                part.flags.add("re-identified")
            ports[port] = part.fields
        if placeholder(unescape(get(0x3B) or b"")):
            continue
        key = tuple(get(f) or b"" for f in (0x3B, 0x33, 0x34, 0x2E))
        twin = serials.get(key)
        if twin and (twin.fields.get(0x32) or b"") != (port or b"") and \
                getattr(twin, "gone_at", (2 ** 64, 0)) > (part.recnum,
                                                          part.item or 0):
            part.flags.add("same-serial")
            twin.flags.add("same-serial")
        serials[key] = part


def contradictions(out):
    """SMBIOS against what the kernel asked the processor itself."""
    cpus = {(p.num(0x72), p.num(0x73), p.num(0x74)) for p in out
            if p.kind == "platform" and p.part == "cpu" and
            p.fields.get(0x39) in (b"GenuineIntel", b"AuthenticAMD") and
            {0x72, 0x73, 0x74} <= set(p.fields)}
    for part in out:
        if part.kind != "platform" or part.part != "smbios" or \
                part.num(0x61) != 4:
            continue
        data = part.fields.get(0x63, b"")
        word = int.from_bytes(data[8:12], "little")
        if not cpus or len(data) < 16 or not word:
            continue
        if signature(word) not in cpus:
            part.flags.add("contradicted")


def signature(word):
    """Family, model, stepping of CPUID leaf 1, EAX."""
    family, model = word >> 8 & 15, word >> 4 & 15
    if family in (6, 15):
        model += (word >> 16 & 15) << 4
    if family == 15:
        family += word >> 20 & 255
    return family, model, word & 15


def components(records, covered, registry):
    out = []
    kinds = {cel.MODULE: "driver", cel.FIRMWARE: "firmware",
             cel.DEVICE: "device", cel.PLATFORM: "platform"}
    for rec in cel.events(records):
        if rec.event in kinds:
            out.append(Component(kinds[rec.event], rec,
                                 4 if rec.group == cel.SNAPSHOT else 0,
                                 registry))
        elif rec.event == cel.GONE and rec.fields.get(0x2E):
            mark_gone(out, rec)
        elif rec.event == cel.RESULT:
            result_of(out, rec, registry)
    mark_devices(out)
    contradictions(out)
    for part in out:
        if part.recnum >= covered:
            part.flags.add("not-covered")
    return out
