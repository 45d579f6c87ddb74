# SPDX-License-Identifier: Apache-2.0
"""Components of a log, and what a policy may ask about each.

From the comment of kmod/uapi/credence.h, policies/README.md and the kernel's
documentation of taint bits and module licences.
"""
import re

import cel

KINDS = ("driver", "firmware")
ORIGINS = ("unmeasured", "file", "memory", "anonymous", "pre-existing",
           "built-in")
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
        fields = rec.fields
        get = fields.get
        self.num = lambda f, default=0: int.from_bytes(
            get(f, default.to_bytes(8, "big")), "big")
        code = self.num(0x12, origin)
        self.origin = ORIGINS[code if code < 6 else 0]
        payloads = get(0x15, [])
        self.image = digest_of(get(0x14))
        self.digests = [d for d in (self.image, *map(digest_of, payloads))
                        if d]
        self.payloads = {}
        for value in filter(digest_of, payloads):
            self.payloads.setdefault(value[0], value[1:])
        self.signature = get(0x16)
        self.measured = self.image is not None
        text = {k: unescape(get(f)) for k, f in
                (("name", 0x10), ("path", 0x11), ("license", 0x19),
                 ("version", 0x1A)) if f in fields}
        self.text = text
        self.authors = [unescape(a) for a in get(0x18, [])]
        self.status = status = self.num(0x17)
        self.signer = SIGNERS[status if status < 3 else 2]
        if kind == "driver" and self.signer == "verified" and \
                self.num(0x21) & UNSIGNED and self.origin != "built-in":
            self.signer = "unverified"
        self.flags = self.origin_flags()
        if kind == "driver":
            self.flags |= self.signature_flags() | self.driver_flags()
        self.vendors = self.find_vendors(registry)

    def origin_flags(self):
        seen = set() if self.measured else {"unmeasured"}
        return {"unmeasured": {"unmeasured"}, "file": seen,
                "memory": seen | {"from-memory"},
                "anonymous": seen | {"from-memory"},
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
        """Entities of its authors; self.strangers if some are not known."""
        found, self.strangers = [], False
        for author in self.authors if self.kind == "driver" else []:
            entities = [registry.author(name.decode("utf-8", "replace"))
                        for name in author_names(author)]
            entity = next(filter(None, entities), None)
            found += [entity] if entity else []
            self.strangers |= entity is None
        return list(dict.fromkeys(found))


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
    part = Component("driver", rec, 0, registry)
    part.flags.add("failed")
    out.append(part)


def components(records, covered, registry):
    out = []
    for rec in cel.events(records):
        if rec.event == cel.MODULE:
            out.append(Component("driver", rec,
                                 4 if rec.group == cel.SNAPSHOT else 0,
                                 registry))
        elif rec.event == cel.FIRMWARE:
            out.append(Component("firmware", rec, 4 if rec.group ==
                                 cel.SNAPSHOT else 0, registry))
        elif rec.event == cel.RESULT:
            result_of(out, rec, registry)
    for part in out:
        if part.recnum >= covered:
            part.flags.add("not-covered")
    return out
