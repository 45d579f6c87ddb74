# SPDX-License-Identifier: Apache-2.0
"""Random questions: grades, versions, dates, joins, counts, what it is for."""
import json

import mklog

KERNELS = ["6.1", "6.1.0-56", "6.1.0-57", "6.12", "0x6"]
BOUNDS = ["1.1", "1.9", "1.10", "2", "0x10", "0x2", "0xb4", "1.07", "7.85.17",
          "65550", "3.2"]
TEXTS = {"version": ["1.10", "2.0-k", "0x10", "1.0.2k", "1.10-rc1", "3.2",
                     "0x2", "7.85.17.51968"],
         "manufacturer": ["ACME", "QEMU", "GenuineIntel", "Default string"],
         "product": ["82574L", "Stick", "QEMU", "To be filled by O.E.M."],
         "serial": ["0001", "0002", "001b21ffff112233", "0000000000000000",
                    "None"],
         "port": ["port/0", "port/1", "port/2"],
         "kernel": ["6.1.0-56-amd64", "6.2"],
         "site": ["ottawa", "lab"], "purpose": ["export", "use"]}
STRUCTURES = ["firmware", "system", "board", "chassis", "processor", "slot",
              "memory", "memory-array", "tpm", "other"]
GRADES = ["certified", "measured", "text", "self-reported", "declared",
          "unknown"]
COUNTRIES = ["CA", "CN", "NO"]
DAYS = ["2019-12-31", "2020-03-04", "2020-03-05", "2024-02-29"]
DATES = ["03/04/2020", "02/29/2024", "02/30/2024", "12/31/2019", "3/4/2020",
         "2020-03-04", ""]
JOINS = {"driver": ["name", "flags", "signer", "origin", "version", "license",
                    "digest", "vendor", "path", "author", "kind", "grade"],
         "firmware": ["name", "digest", "path", "kind", "vendor"],
         "device": ["class", "bus", "id", "vendor", "flags", "serial", "grade",
                    "jurisdiction", "name"]}
KEYS = [*TEXTS, "structure", "subsystem", "released", "component_list",
        "grade", "destination", *JOINS]
COLUMNS = ["kind", "id", "subsystem", "name", "serial", "version", "digest",
           "note"]


def words(m, items, unknown=True):
    out = [json.dumps(x, ensure_ascii=False) for x in m.some(items, 2)]
    if unknown and m.maybe(0.3):
        out.append("unknown")
    return "[%s]" % ", ".join(out)


def bounded(m, items, low, high):
    """{ at-least: x, below: y }, or one of them."""
    ends = ["%s: %s" % (k, json.dumps(m.r.choice(items)))
            for k in (low, high)]
    n = m.r.randrange(3)
    return "{ %s }" % ", ".join(ends if n == 2 else [ends[n]])


def versions(m, key):
    bounds = KERNELS if key == "kernel" else BOUNDS
    out = [bounded(m, bounds, "at-least", "below")]
    if m.maybe(0.3):
        out.append(json.dumps(m.r.choice(TEXTS[key])))
    if m.maybe(0.2):
        out.append("unknown")
    return out[0] if len(out) == 1 else "[%s]" % ", ".join(out)


def grades(m):
    if m.maybe():
        return words(m, GRADES, False)
    low, high = sorted(m.r.sample(range(6), 2))
    return m.r.choice([
        "{ at-least: %s }" % GRADES[high], "{ below: %s }" % GRADES[low],
        "{ at-least: %s, below: %s }" % (GRADES[high], GRADES[low])])


def value(m, key):
    if key in ("version", "kernel") and m.maybe(0.7):
        return versions(m, key)
    if key in TEXTS:
        return m.texts(m.some(TEXTS[key], 2))
    if key == "structure":
        return words(m, STRUCTURES, False)
    if key == "subsystem":
        return m.texts(m.some(["%s:0001" % v for v in m.ids["pci"]], 2))
    if key == "released":
        return bounded(m, DAYS, "from", "before") if m.maybe() else \
            words(m, DAYS)
    if key == "component_list":
        return "approved"
    if key == "destination":
        return words(m, COUNTRIES)
    return grades(m)


def join(m, key, benefit):
    if benefit and m.maybe(0.15):
        return "%s: none" % key
    keys = m.some(JOINS[key], m.r.choice([1, 1, 2]))
    return "%s: { %s }" % (key, ", ".join(m.condition(k, benefit)
                                          for k in keys))


def condition(m, key, benefit):
    if key in JOINS:
        return join(m, key, benefit)
    text = value(m, key)
    return "%s: %s" % (key, "{ not: %s }" % text if m.maybe(0.35) else text)


def counts(m):
    """Bounds, and what may be asked: nothing that a record may take away."""
    n = m.r.randrange(3)
    bounds = m.r.choice(["exactly: %d" % n, "at-most: %d" % n,
                         "at-least: %d" % (n + 1),
                         "at-least: 1\n    at-most: %d" % (n + 1)])
    keys = [k for k in m.some(["kind", "class", "part", "bus", "name", "id",
                               "vendor", "signer", "serial", "structure",
                               "version", "grade", "digest"], 2)]
    if m.maybe(0.3):
        keys.append("driver")
    # asked in both directions, so without flags in joins
    when = "{ %s }" % ", ".join(
        "driver: { name: %s }" % json.dumps(m.r.choice(m.names))
        if k == "driver" else m.condition(k, False) for k in keys)
    return "    component: %s\n    %s\n" % (when, bounds)


def presence(m):
    out = ""
    for i in range(m.r.choice([0, 0, 0, 1, 2])):
        out += "  - id: count-%d\n%s    then: %s\n    because: A test.\n" % (
            i, counts(m), m.r.choice(["refer", "refuse"]))
    return "presence:\n" + out if out else ""


def component_list(m, images):
    """A CSV file; each row fits something, or nearly."""
    rows = set()
    for _ in range(m.r.randint(1, 6)):
        kind = m.r.choice(["driver", "firmware", "device", "platform"])
        row = dict.fromkeys(COLUMNS, "")
        row.update(kind=kind, name=m.r.choice(m.names) if m.maybe() else "")
        if kind == "device":
            row.update(id=m.r.choice(m.pairs()) if m.maybe(0.7) else "",
                       serial=m.r.choice(["", "0001"]),
                       subsystem=m.r.choice(
                           ["", "", "%s:0001" % m.r.choice(m.ids["pci"])]))
        if kind == "platform":
            row.update(serial=m.r.choice(["", "0001"]))
        if m.maybe(0.3):
            row["version"] = m.r.choice(TEXTS["version"])
        if m.maybe(0.3) or not any(row[c] for c in ("id", "name", "serial")):
            row["digest"] = mklog.hashlib.sha256(
                m.r.choice(images).encode()).hexdigest()
        rows.add(tuple(row[c].encode() for c in COLUMNS))
    return b"".join(b",".join(b'"%s"' % f if b"," in f else f for f in row) +
                    b"\n" for row in [tuple(c.encode() for c in COLUMNS)] +
                    sorted(rows))


def context(m):
    return {k: m.r.choice(v) for k, v in
            (("site", TEXTS["site"]), ("purpose", TEXTS["purpose"]),
             ("destination", COUNTRIES)) if m.maybe(0.4)}


def story(m):
    """A driver, its device and its firmware; or something is amiss."""
    name, bus, at = m.r.choice(m.names), m.r.choice(["pci", "usb"]), \
        m.r.randrange(3)
    who = {"bus": bus, "device": "%s-%d" % (bus, at)}
    device = {**m.device(), **who, "class": 0x020000}
    device.pop("parent", None)
    parts = [{**m.driver(), "name": name}, device,
             {"event": "bind", **who, "driver": name, "module": name},
             {**m.firmware(), **who, "driver": name, "module": name}]
    if m.maybe(0.4):	# an interface of it
        part = {**device, "device": who["device"] + ":1.0", "interface": 0,
                "parent": "%s/%s" % (bus, who["device"])}
        parts.insert(2, part)
        parts[3]["device"] = m.r.choice([part, device])["device"]
    if m.maybe(0.3):
        parts.insert(0, {**m.driver(), "name": name})
    if m.maybe(0.2):
        parts.append({"event": "device-gone", **who})
    if m.maybe(0.3):
        del parts[m.r.randrange(len(parts))]
    if m.maybe(0.2):
        m.r.shuffle(parts)
    return parts


def focus(m):
    """One rule with one question, so that nothing else decides."""
    benefit = m.maybe()
    key = m.r.choice([*KEYS, *JOINS, *JOINS])
    what = condition(m, key, benefit)
    kind = m.r.choice(["driver", "device", "device", "firmware", "platform"])
    rule = "  - id: %s\n    when: { kind: %s%s }\n    then: %s\n" \
        "    because: A test.\n"
    if benefit:	# all others are let in
        return rule % ("rest", "{ not: %s }" % kind, "", "admit") + \
            rule % ("asked", kind, ", " + what, "admit"), "refer"
    return rule % ("asked", kind, ", " + what,
                   m.r.choice(["refer", "refuse"])), "admit"
