# SPDX-License-Identifier: Apache-2.0
"""Which driver serves which device with which firmware, pair by pair."""
import cel
import facts
from cel import Record

LOST = {"not-covered", "gone", "failed"}


def unseen(module, driver, recnum, covered, registry):
    """A driver that is named and has no record."""
    fields = {0x10: module or driver, 0x12: b"\0" if module else b"\5",
              0x17: b"\2" if module else b"\0"}
    part = facts.Component("driver", Record(
        recnum=recnum, item=None, group=None, event=cel.MODULE,
        fields=fields), 0, registry)
    if not covered:
        part.flags.add("not-covered")
    return part


def parent_key(fields):
    bus, slash, name = fields.get(0x31, b"").partition(b"/")
    return (bus, name) if slash and bus else None


class Joins:
    def __init__(self, records, covered, parts, registry):
        self.registry = registry
        self.parts = parts
        place = {(p.recnum, p.item): p for p in parts}
        last = {}	# (bus, name) -> device, as of now
        self.bindings = []	# (device, module, driver, recnum, covered)
        self.owner, self.one = {}, {}
        for rec in cel.events(records):
            key = (rec.fields.get(0x2E), rec.fields.get(0x2C, b""))
            part = place.get((rec.recnum, rec.item))
            names = (rec.fields.get(0x2F, b""), rec.fields.get(0x2D))
            ok = rec.recnum < covered
            if rec.event == cel.DEVICE:
                above = last.get(parent_key(rec.fields))
                if key[0]:
                    last[key] = part
                if above and 0x3E in rec.fields:
                    self.one[id(part)] = above
                if names[1] is not None:
                    self.bindings.append((part, *names, rec.recnum, ok))
            elif rec.event == cel.BIND and key[0] and key in last:
                self.bindings.append((last[key], *names, rec.recnum, ok))
            elif rec.event == cel.FIRMWARE:
                owner = last.get(key) if key[0] else None
                self.owner[id(part)] = owner or last.get(
                    parent_key(rec.fields))

    def root(self, device):
        """A USB device and its interfaces are one."""
        return self.one.get(id(device), device)

    def named(self, module):
        return [p for p in self.parts if p.kind == "driver" and
                p.fields.get(0x10) == module]

    def drivers(self, module, driver, recnum, covered):
        found = self.named(module) if module else []
        seen = any(not p.flags & {"not-covered", "failed"} for p in found)
        if (module and not seen) or (not module and driver is not None):
            found = found + [unseen(module, driver, recnum, covered,
                                    self.registry)]
        return [(p, covered) for p in found]

    def of(self, part, key):
        """-> [(other, does the quote cover that they are joined?)]"""
        module = part.fields.get(0x10, b"") if part.kind == "driver" else None
        if key == "driver" and part.kind == "device":
            return [x for d, m, n, rec, ok in self.bindings if d is part
                    for x in self.drivers(m, n, rec, ok)]
        if key == "driver":
            get = part.fields.get
            return self.drivers(get(0x2F, b""), get(0x2D), part.recnum,
                                "not-covered" not in part.flags)
        if part.kind == "driver" and not module:
            return []
        if key == "device" and part.kind == "driver":
            return [(d, ok) for d, m, _, _, ok in self.bindings if m == module]
        if key == "firmware" and part.kind == "driver":
            return [(p, True) for p in self.parts if p.kind == "firmware" and
                    p.fields.get(0x2F) == module]
        owner = part if part.kind == "device" else self.owner[id(part)]
        if owner is None:
            return []
        if key == "device":
            return [(p, True) for p in self.parts if p.kind == "device" and
                    self.root(p) is self.root(owner)]
        return [(p, True) for p in self.parts if p.kind == "firmware" and
                self.owner[id(p)] is not None and
                self.root(self.owner[id(p)]) is self.root(owner)]
