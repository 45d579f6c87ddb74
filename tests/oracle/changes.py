# SPDX-License-Identifier: Apache-2.0
"""What changed between two machines, and what to think of it: the rules of
credence-diff(1), written a second time."""
from things import (BAD, ID, LOOSE, PLACE, SERIAL, STEM, VOID,
                    age, both, word_age)
import versions

CLASSES = {
    "tolerated": "slot address own-serial own-key placeholder asset-tag "
                 "placed-table",
    "update": "kernel-newer follows-kernel driver-newer driver-loaded "
              "not-loaded bound firmware-newer follows-firmware "
              "measurer-newer raised",
    "repair": "like-for-like taken-out"}
ORDER = ["tolerated", "update", "repair", "suspicion"]
CLASS = {rule: name for name, rules in CLASSES.items()
         for rule in rules.split()}
DATA = {"storage", "network", "wireless", "input", "keyboard", "mouse",
        "usb-storage", "camera", "audio", "serial", "smartcard"}
HOLDS = {"storage", "crypto", "smartcard"}
SINGLE = {("start", 0), ("smbios-table", 0), ("cpu", 0), ("tpm", 0),
          *(("smbios", n) for n in range(4))}


class Ambiguous(Exception):
    """Several would do, and nothing says which."""


def class_of(rule):
    return CLASS.get(rule, "suspicion")


def keys(thing):
    """For each rule of pairing; None: it cannot be paired by that."""
    t = thing
    stem = t.of(STEM)
    return [
        (t.kind, t.content, t.serial, t.place),
        (t.kind, t.content, t.serial) if t.serial else None,
        (t.kind, t.content, t.place), (t.kind, t.content),
        (t.kind, t.id, t.serial) if t.serial else None,
        (t.kind, t.id, t.place), (t.kind, t.id),
        (t.kind, t.place) if t.place else None,
        (t.kind, stem) if stem else None,
        t.kind if t.kind in SINGLE else None]


def alike(things):
    return len({(t.content, t.serial, t.place, t.of(LOOSE, VOID))
                for t in things}) == 1


def pair(before, after):
    """-> [(earlier, later)], and those without"""
    pairs, left, right = [], list(before), list(after)
    keyed = {id(t): keys(t) for t in left + right}
    for rule in range(10):
        groups = {}
        for side, things in enumerate((left, right)):
            for t in things:
                key = keyed[id(t)][rule]
                if key is not None:
                    groups.setdefault(key, ([], []))[side].append(t)
        for a, b in groups.values():
            if not a or not b:
                continue
            if (len(a) > 1 and not alike(a)) or (
                    len(b) > 1 and not alike(b)):
                raise Ambiguous
            pairs += zip(a, b)
        done = {id(t) for p in pairs for t in p}
        left = [t for t in left if id(t) not in done]
        right = [t for t in right if id(t) not in done]
    return pairs, left, right


def by_age(how, newer, same):
    return {"older": "downgrade", "newer": newer}.get(how, same)


class View:
    def __init__(self, before, after, lot):
        self.before, self.after, self.lot = before, after, lot
        self.kernel = self.age_of("start", ("kernel", None), (
            "kernel build", lambda a, b: word_age(a, b, b" ", 2)))
        self.board = self.age_of("smbios", (
            "date", lambda a, b: age(a, b, versions.day)), ("version", None))
        self.signers, self.names = set(), set()
        for t in before.things:
            if t.sort == "driver" and self.is_signed(t):
                name, key = t.text("signer"), t.text("signing key")
                self.signers.add((name, key))
                self.names.add(name)

    def age_of(self, sort, *ways):
        a, b = self.before.first(sort), self.after.first(sort)
        if not a or not b:
            return "other" if a or b else "same"
        return both(*((how or age)(a.text(what), b.text(what))
                      for what, how in ways))

    @staticmethod
    def is_signed(t):
        return not t.flags & {"unsigned", "unverified"} and bool(
            t.text("signer") or t.text("signing key"))

    def vouched(self, t):
        if t.flags & BAD or not self.is_signed(t):
            return False
        name = t.text("signer")
        return (self.kernel != "same" and name and name in self.names) or \
            (name, t.text("signing key")) in self.signers

    def follows_board(self, otherwise):
        return "follows-firmware" if self.board == "newer" else otherwise


class Difference:
    """One trait of a pair. old, new: None if it says none."""

    def __init__(self, view, a, b, what):
        self.v, self.a, self.b, self.what = view, a, b, what
        said = [t.traits.get(what, (None, None)) for t in (a, b)]
        self.roles = [r for r, _ in said]
        self.void = self.roles == [VOID, VOID] and said[0] != said[1]
        self.old, self.new = (None if r == VOID else v for r, v in said)
        self.role = self.roles[1] if self.new is not None else self.roles[0]
        self.came = b.flags - a.flags
        self.gone = a.flags - b.flags

    def rule(self):
        if self.void:
            return "placeholder"
        if self.old == self.new or self.role == STEM:
            return None
        if self.role == PLACE:
            return "slot"
        if self.role == LOOSE:
            return {"address": "address", "asset tag": "asset-tag",
                    "attestation key": "own-key"}.get(self.what,
                                                      "placed-table")
        if self.role == SERIAL:
            return "own-serial" if self.v.lot else "identity-changed" \
                if self.b.kind == ("smbios", 1) else "like-for-like"
        return getattr(self, "of_" + self.b.sort.replace("-", "_"))()

    def age(self, what="version"):
        return age(self.a.text(what), self.b.text(what))

    def marks(self):
        if "same-serial" in self.came:
            return "serial-twice"
        if self.came & BAD:
            return "new-mark"
        return "raised" if self.gone & BAD else None

    def of_start(self):
        what, kernel = self.what, self.v.kernel
        if what in ("kernel", "kernel build"):
            return by_age(kernel, "kernel-newer", "unexplained")
        if what == "Secure Boot":
            return "raised" if self.new == "on" else "lowered"
        if what == "lockdown":
            words = ["none", "integrity", "confidentiality"]
            old, new = (words.index(w) if w in words else -1
                        for w in (self.old, self.new))
            return "raised" if new > old else "lowered"
        if what in ("measurer", "measurer's build", "measurer's hooks"):
            how = self.age("measurer")
            same = "same-version" if what != "measurer's hooks" else \
                "unexplained"
            return by_age(how, "measurer-newer", "follows-kernel"
                          if how == "same" and kernel != "same" else same)
        return "key-changed" if what == "attestation key" else "unexplained"

    def of_device(self):
        if self.what in ("id", "subsystem id"):
            same = self.old and self.new and self.old[:4] == self.new[:4]
            return "another-model" if same else "another-maker"
        if self.what in ("version", "digest"):
            usb = self.b.text("address").startswith(b"usb/")
            return by_age(self.age(), "firmware-newer" if usb else
                          "like-for-like", "unexplained"
                          if self.what == "version" else "same-version")
        if self.what == "driver":
            return "another-driver" if self.old and self.new else "bound"
        if self.what == "marks":
            return self.marks() or ("taken-out" if "gone" in self.came
                                    else "bound")
        return {"class": "another-kind", "manufacturer": "says-otherwise",
                "product": "says-otherwise"}.get(self.what, "unexplained")

    def of_driver(self):
        kernel = self.v.kernel
        own = "out-of-tree" not in self.a.flags | self.b.flags
        follows = kernel != "same" and own
        if self.what in ("version", "source version", "digest"):
            return self.driver_content(follows)
        if self.what == "signature":
            return "raised" if self.new == "verified" else "signer-lost"
        if self.what in ("signer", "signing key"):
            if self.old and not self.new:
                return "signer-lost"
            if not self.old:
                return "raised"
            name = self.a.text("signer")
            return "follows-kernel" if self.what == "signing key" and \
                kernel != "same" and name and \
                name == self.b.text("signer") else "signer-changed"
        if self.what in ("author", "path"):
            return "follows-kernel" if follows else {
                "author": "another-maker", "path": "another-path"}[self.what]
        return self.driver_marks()

    def driver_content(self, follows):
        if self.what == "digest" and not self.new:
            return "unseen"
        if self.what == "digest" and not self.old:
            return "raised"
        if follows or (self.v.kernel != "same" and self.age() == "same" and
                       self.a.text("source version") ==
                       self.b.text("source version")):
            return "follows-kernel"
        return by_age(self.age(), "driver-newer", "same-version")

    def driver_marks(self):
        rule = self.marks()
        if rule and rule != "raised":
            return rule
        if "failed" in self.gone:
            return "driver-loaded" if self.v.vouched(self.b) else "new-driver"
        if "failed" in self.came:
            return "not-loaded"
        return rule or ("follows-kernel" if self.v.kernel != "same"
                        else "bound")

    def of_firmware(self):
        how = word_age(self.a.text("name"), self.b.text("name"), b"-_/", 1)
        if self.what == "digest":
            return "unseen" if not self.new else by_age(
                how, "firmware-newer", "same-version" if self.old
                else "raised")
        if self.what == "marks":
            return self.marks() or "bound"
        return by_age(how, "firmware-newer", "another-path"
                      if self.what == "path" else "unexplained")

    def of_smbios(self):
        if self.what == "manufacturer":
            return "another-maker"
        if self.b.number == 0:
            return by_age(self.v.board, "firmware-newer", "same-version")
        if self.what == "product":
            return "another-model"
        if self.what == "marks":
            return self.marks() or "unexplained"
        return self.v.follows_board("another-model" if self.what == "version"
                                    else "unexplained")

    def of_acpi(self):
        if self.what == "marks":
            return "new-mark" if self.new else "raised"
        if self.what == "manufacturer":
            return self.v.follows_board("another-maker")
        return self.v.follows_board(by_age(self.age(), "same-version",
                                           "same-version"))

    def of_esrt(self):
        if self.what == "version":
            return by_age(self.age(), "firmware-newer", "unexplained")
        if self.what == "lowest version":
            return "raised" if not self.old or age(
                self.old, self.new or b"") == "newer" else "lowered"
        return "unexplained"

    def of_cpu(self):
        if self.what == "version":
            return by_age(self.age(), "firmware-newer", "unexplained")
        return {"manufacturer": "another-maker", "count": "unexplained"}.get(
            self.what, "another-model")

    def of_tpm(self):
        if self.what == "version":
            return by_age(self.age(), "firmware-newer", "unexplained")
        if self.what == "data":
            return by_age(self.age(), "firmware-newer", "tpm-changed")
        if self.what == "bus encryption":
            if self.new == "on":
                return "raised"
            return "lowered" if self.old == "on" or \
                self.v.kernel == "same" else "follows-kernel"
        return "tpm-changed"

    def of_other(self):
        return "unexplained"


def of_kernel(view, t):
    return view.kernel != "same" and "built-in" in t.flags


def added(v, t):
    if t.sort == "device":
        return "new-device" if (t.part.classes or set()) & DATA else "new-part"
    if t.sort == "driver":
        if of_kernel(v, t):
            return "follows-kernel"
        return "driver-loaded" if v.vouched(t) else "new-driver"
    if t.sort == "acpi" or (t.sort == "smbios" and t.number != 17):
        return v.follows_board("new-part")
    return {"firmware": "new-firmware", "tpm": "tpm-changed"}.get(
        t.sort, "new-part")


def removed(v, t):
    if t.sort == "device":
        return "missing-part" if (t.part.classes or set()) & HOLDS else \
            "taken-out"
    if t.sort == "driver":
        return "follows-kernel" if of_kernel(v, t) else "not-loaded"
    if t.kind == ("smbios", 17):
        return "taken-out"
    if t.sort in ("acpi", "smbios"):
        return v.follows_board("missing-part")
    return {"firmware": "not-loaded", "tpm": "tpm-changed"}.get(
        t.sort, "missing-part")


class Change:
    def __init__(self, thing, kind, rules, details=()):
        self.where, self.kind, self.details = thing.where, kind, list(details)
        self.cls = max(map(class_of, rules), key=ORDER.index)
        self.rules = {r for r in rules if class_of(r) == self.cls}

    def key(self):
        return (str(self.where), self.kind, self.cls, sorted(self.details))


class Diff:
    def __init__(self, before, after, lot=False):
        self.v = View(before, after, lot)
        self.tolerated, self.changes, moves = {}, [], []
        pairs, left, right = pair(before.things, after.things)
        self.compared = len(pairs)
        for a, b in pairs:
            self.pair(a, b, moves)
        for t in left:
            self.changes.append(Change(t, "removed", [removed(self.v, t)]))
        known = {t.content for t in before.things}
        for t in right + [t for t in after.later if t.content not in known]:
            self.add(t, before, after)
        self.swaps(moves)

    def pair(self, a, b, moves):
        details, rules, replaced = [], [], False
        for what in {**a.traits, **b.traits}:
            d = Difference(self.v, a, b, what)
            rule = d.rule()
            if not rule:
                continue
            rules.append(rule)
            replaced |= rule == "like-for-like" or (
                d.role == ID and b.sort not in ("firmware", "start"))
            if class_of(rule) == "tolerated":
                self.tolerated[rule] = self.tolerated.get(rule, 0) + 1
            if class_of(rule) != "tolerated" or rule == "slot":
                details.append((what if what != "stem" else "name", rule))
        if not details:
            return
        kind = "replaced" if replaced else "moved" if "slot" in rules else \
            "changed"
        self.changes.append(Change(b, kind, rules, details))
        if kind == "moved":
            moves.append((a, b, self.changes[-1]))

    def add(self, t, before, after):
        like = any(o.kind == t.kind and o.id == t.id for o in before.things)
        n = t.uncovered + sum(
            o.kind == t.kind and (o.id, o.serial) == (t.id, t.serial)
            for o in after.things) if t.serial else 0
        self.changes.append(Change(
            t, "doubled" if like else "added",
            ["serial-twice" if n > 1 else added(self.v, t)]))

    @staticmethod
    def swaps(moves):
        ways = {(b.sort, a.place, b.place) for a, b, _ in moves}
        for a, b, change in moves:
            if (b.sort, b.place, a.place) in ways:
                change.kind = "swapped"

    @property
    def cls(self):
        return max([c.cls for c in self.changes], key=ORDER.index,
                   default="tolerated")
