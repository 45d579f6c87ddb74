# SPDX-License-Identifier: Apache-2.0
"""Devices judged by their number, their driver and what is known of them: one
too many, one too few, one seen twice (J07), numbers that were copied (J14),
serial numbers that are none (J06)."""
import os

import surgery
from cases_devices import INTEL, NET, OFFICE, SEEN, evidence, gone, log_of, \
    pci, usb

BASE = open(os.path.join(os.path.dirname(__file__), "admit.yaml"),
            encoding="utf-8").read()
HEAD, TAIL = BASE[:BASE.index("rules:")], BASE[BASE.index("otherwise:"):]
CARD = pci("06.0", INTEL, 0x10D3, NET, serial="S-1")
TWIN = pci("07.0", INTEL, 0x10D3, NET, serial="S-1")
STRANGER = pci("08.0", 0xF00D, 1, NET)
RADIO = usb("1-5", 0x0CF3, 0x9170, 0xE00101)
DRIVEN = {"driver": "e1000e", "module": "e1000e"}


def rule(when):
    return "rules:\n  - { id: asked, when: { %s }, then: refuse, because: A " \
        "test. }\n" % when


def presence(component, bounds):
    return "presence:\n  - { id: counted, component: { %s }, %s, then: " \
        "refuse, because: A test. }\n" % (component, bounds) + \
        rule("name: never-there")


def module(name, status):
    return {"event": "module", "name": name, "origin": 1, "image": name,
            "sig-status": status, "license": "GPL", "intree": 1, "taints": 0}


def bind(device):
    return {"event": "bind", "bus": device["bus"],
            "device": device["device"], **DRIVEN}


FILLED = ["", "Not Specified", "Unknown", "To be filled by O.E.M.", "00000000",
          "FFFFFFFF"]
NUMBERED = presence("kind: device, class: network, serial: { not: unknown }",
                    "at-least: 1")
UNNUMBERED = rule("class: network, serial: unknown")
DRIVES = rule("kind: driver, device: { serial: { not: S-1 } }")
ONE_CARD = presence("kind: device, serial: S-1", "exactly: 1")
NO_RADIO = presence("kind: device, class: wireless", "at-most: 0")
SIGNED = rule("class: network, driver: { signer: [none, unverified] }")
KNOWN = rule("kind: device, class: network, grade: { below: measured }")
PROVEN = rule("kind: device, class: network, grade: { below: certified }")
BAD = "POLICY_RULE"

# case, what, policy, snapshot, later records, what is seen, exit, reason
CASES = [
    ("J06-%d-%s" % (i, name), "%r where %s" % (serial, what), policy,
     [pci("06.0", INTEL, 0x10D3, NET, serial=serial)], later, SEEN, exit_code,
     BAD if exit_code else None)
    for i, serial in enumerate(FILLED) for name, what, policy, later, exit_code
    in (("required", "a serial number is required", NUMBERED, [], 3),
        ("none", "none is forbidden", UNNUMBERED, [], 3),
        ("itself", "that is what is asked for",
         rule("class: network, serial: \"%s\"" % (serial or "-")), [], 0),
        ("joined", "the driver's device must have one", DRIVES,
         [module("e1000e", 1), bind(CARD)], 3),
        ("free", "nobody asks", KNOWN, [], 0))
] + [
    ("J07-once", "one approved serial number", ONE_CARD, [CARD], [], SEEN, 0,
     None),
    ("J07-twice", "the same, seen twice", ONE_CARD, [CARD, TWIN], [], SEEN, 3,
     BAD),
    ("J07-none", "it is missing", ONE_CARD, [], [], SEEN, 3, BAD),
    ("J07-left", "it was there, and left", ONE_CARD, [CARD], [gone(CARD)],
     SEEN, 3, BAD),
    ("J07-back", "it left, and came again", ONE_CARD, [CARD],
     [gone(CARD), CARD], SEEN, 3, BAD),
    ("J07-quiet", "no radio", NO_RADIO, OFFICE, [], SEEN, 0, None),
    ("J07-radio", "a radio, for a moment", NO_RADIO, OFFICE,
     [RADIO, gone(RADIO)], SEEN, 3, BAD),
    ("J07-blind", "no radio that one would have seen", NO_RADIO, OFFICE, [],
     [s for s in SEEN if not s.startswith("usb")], 3, None),
    ("J14-known", "numbers of a known vendor", KNOWN, [CARD], [], SEEN, 0,
     None),
    ("J14-unknown", "numbers of nobody", KNOWN, [STRANGER], [], SEEN, 3, BAD),
    ("J14-proven", "numbers alone, where proof is wanted", PROVEN, [CARD], [],
     SEEN, 3, BAD),
    ("Q02-signed", "a card with a signed driver", SIGNED, [CARD],
     [module("e1000e", 1), bind(CARD)], SEEN, 0, None),
    ("Q02-unsigned", "a card with an unsigned one", SIGNED, [CARD],
     [module("e1000e", 0), bind(CARD)], SEEN, 3, BAD),
    ("Q02-before", "a card that had an unsigned one before", SIGNED, [CARD],
     [module("e1000e", 0), bind(CARD), module("e1000e", 1), bind(CARD)], SEEN,
     3, BAD),
    ("Q02-unseen", "a card whose driver nobody saw", SIGNED, [CARD],
     [bind(CARD)], SEEN, 3, BAD),
]


def judge(ctx, key, case, text, log, exit_code, reason):
    path = ctx.write("counts.yaml", (HEAD + text + TAIL).encode())
    data = evidence(key, ctx.challenge(), log)
    ctx.keep(case, data, key.public, exit_code, reason, policy=path)
    done = ctx.verify(data, key.public, policy=path)
    if done.exit != exit_code or (reason and reason not in done.reasons()):
        return "%s, not exit %d %s" % (done, exit_code, reason)
    said = str(done.json.get("findings"))
    if case == "J14-proven" and "identifier only" not in said:
        return "the report does not say how little it proves"
    return None


def run(ctx, wanted):
    key = surgery.SoftKey()
    for case, what, text, there, later, seen, exit_code, reason in CASES:
        if wanted(case):
            ctx.case(case, what, lambda c=case, t=text, e=exit_code, r=reason,
                     g=log_of(there, later, seen): judge(ctx, key, c, t, g, e,
                                                         r))
