# SPDX-License-Identifier: Apache-2.0
"""J07 and J14: parts added, removed, moved, swapped and doubled, and parts
that bear another's name. Each machine's evidence is sound; what must be seen
is how it differs from the one that was accepted, or from the others of a lot.

A row: (case, what, edit of tests/lib/machines.py, exit of `diff`, class, kind
of change, rule). A copy that is perfect, ids, texts and serial number, in the
place of the true one is none that software can tell: it is "the same", by
identifiers only, as credence-diff(1) says.
"""
import machines
import surgery

CASES = [
    ("J07-added", "a card more", "added", 4, "suspicion", "added",
     "new-device"),
    ("J07-added-late", "plugged in later", "added-later", 4, "suspicion",
     "added", "new-device"),
    ("J07-removed", "a mouse less", "removed", 0, "repair", "removed",
     "taken-out"),
    ("J07-removed-disk", "a disk less", "removed-disk", 4, "suspicion",
     "removed", "missing-part"),
    ("J07-moved", "a card in another slot", "moved", 0, "tolerated", "moved",
     "slot"),
    ("J07-swapped", "two that changed places", "swapped", 0, "tolerated",
     "swapped", "slot"),
    ("J07-doubled", "one more of its like", "doubled", 4, "suspicion",
     "doubled", "new-device"),
    ("J07-serial-twice", "one approved serial number, seen twice",
     "doubled-serial", 4, "suspicion", "doubled", "serial-twice"),
    ("J07-memory-twice", "a memory module's, seen twice", "doubled-dimm", 4,
     "suspicion", "doubled", "serial-twice"),
    ("J14-vendor", "a donor's place, another's id", "another-vendor", 4,
     "suspicion", "replaced", "another-maker"),
    ("J14-descriptors", "a donor's ids, descriptors of its own", "clone", 4,
     "suspicion", "changed", "same-version"),
    ("J14-name", "a donor's ids, a name of its own", "says-otherwise", 4,
     "suspicion", "changed", "says-otherwise"),
    ("J14-changeling", "it was another in between", "changeling", 4,
     "suspicion", "changed", "new-mark"),
    ("J14-outside", "a donor's ids, behind an outer port", "external", 4,
     "suspicion", "changed", "new-mark"),
    ("J14-perfect", "ids, texts, serial number and place of the donor",
     "same", 0, "tolerated", None, None),
]


def judge(ctx, key, row):
    case, _, edit, code, kind_class, kind, rule = row
    before = ctx.write(case + ".before", machines.bundle(key,
                                                         machines.office()))
    after = ctx.write(case + ".after",
                      machines.bundle(key, machines.log_of(edit)))
    done = ctx.credence("diff", "--format", "json", "--ak",
                        key.name.hex(), before, after)
    found = [(c["change"], c["class"], c["rule"])
             for c in done.json.get("changes", [])]
    right = done.exit == code and done.json.get("class") == kind_class
    if kind:
        right = right and (kind, kind_class, rule) in found
    else:
        right = right and not found
    return None if right else "%s %s" % (done, found)


def lot(ctx, edits, code, expect):
    """Machines of one lot, the last of them edited."""
    files = []
    for n in range(4):
        late = n - (4 - len(edits))
        log = machines.log_of(edits[late] if late >= 0 else None, n)
        files.append(ctx.write("lot%d.evidence" % n,
                               machines.bundle(surgery.SoftKey(), log)))
    done = ctx.credence("lot", "--format", "json", *files)
    right = done.exit == code and expect(done.json)
    return None if right else "%s %s" % (done, done.out[:2000])


def cloned(answer):
    """A serial number in two machines is named with both, and the part."""
    return [t for t in answer["seen_twice"] if len(t["machines"]) == 2 and
            t["same"] == "serial" and "8cec4b" in t["what"]]


def one_key(ctx):
    """Two machines that sign with one key: one of them is a copy."""
    key = surgery.SoftKey()
    files = [ctx.write("key%d.evidence" % n,
                       machines.bundle(key, machines.office(n)))
             for n in range(2)]
    done = ctx.credence("lot", "--format", "json", *files)
    twins = [t["same"] for t in done.json.get("seen_twice", [])]
    return None if done.exit == 4 and twins == ["key"] else str(done)


def run(ctx, wanted):
    key = surgery.SoftKey()
    for row in CASES:
        if wanted(row[0]):
            ctx.case(row[0], row[1], lambda r=row: judge(ctx, key, r))
    if wanted("J07-lot-alike"):
        ctx.case("J07-lot-alike", "a lot of which one has a part elsewhere",
                 lambda: lot(ctx, ["moved"], 0,
                             lambda o: o["sum"]["alike"] == 4))
    if wanted("J07-lot-serial"):
        ctx.case("J07-lot-serial", "a serial number of another machine",
                 lambda: lot(ctx, ["doubled-serial"], 4, cloned))
    if wanted("J14-lot-key"):
        ctx.case("J14-lot-key", "two machines with one key",
                 lambda: one_key(ctx))
