# SPDX-License-Identifier: Apache-2.0
"""Machines made of devices, under the policies that ship: a good one must be
admitted, whatever an ordinary machine has; one with a single bad part must
not. The evidence is signed by a software key, as only the log matters."""
import copy
import os
import re

import mklog
import surgery

POLICIES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../../policies")
SEEN = ["modules: x", "firmware: x", "pci: x", "usb: x", "kexec: x",
        "power: x", "smbios: x"]
INTEL, NET, BRIDGE = 0x8086, 0x020000, 0x060000


def policy(name):
    """One that ships, whole in one file, and this measurer is trusted."""
    with open(os.path.join(POLICIES, name + ".yaml"), encoding="utf-8") as f:
        text = f.read()
    text = re.sub(r"file: digests/[^,]*", "digests: [%s]" % ("0" * 64), text)
    text = text.replace("signers/debian.pem", "debian.pem")
    return text.replace("0" * 40, "11" * 20)


def pci(slot, vendor, device, code, **more):
    return {"event": "device", "bus": "pci", "device": "0000:00:%s" % slot,
            "port": "0000:00/%s" % slot, "vendor-id": vendor,
            "device-id": device, "class": code, "revision": 0,
            "device-flags": 0, **more}


def usb(name, vendor, product, code, **more):
    return {"event": "device", "bus": "usb", "device": name,
            "port": "0000:00/04.0/usb/" + name, "vendor-id": vendor,
            "device-id": product, "class": code, **more}


def smbios(kind, at, *strings):
    data = bytearray([kind, 27, 0, 1] + [0] * 23)
    data[at] = 1
    return {"event": "platform", "part": 1, "smbios-type": kind,
            "handle": kind, "data": data.hex(), "string": list(strings)}


PLATFORM = [
    {"event": "platform", "part": 2, "image": "table"},
    smbios(9, 4, "PCIe slot 1"),
    {"event": "platform", "part": 3, "name": "DSDT", "oem-id": "BOCHS",
     "image": "dsdt"},
    {"event": "platform", "part": 5, "manufacturer": "GenuineIntel",
     "product": "A processor", "cpu-family": 6, "cpu-model": 0x9E,
     "cpu-stepping": 10, "microcode": 0xF4, "count": 4},
    {"event": "platform", "part": 6, "manufacturer": "IBM",
     "product": "SW  TPM", "bus-encryption": 2}]
# Debian's stock kernel on QEMU's q35
VIRTUAL = [
    pci("00.0", INTEL, 0x29C0, BRIDGE, **{"subvendor-id": 0x1AF4}),
    pci("01.0", 0x1234, 0x1111, 0x030000, **{"subvendor-id": 0x1AF4}),
    pci("02.0", 0x1AF4, 0x1000, NET, driver="virtio-pci"),
    pci("04.0", 0x1B36, 0x000D, 0x0C0330, driver="xhci_hcd"),
    pci("1f.2", INTEL, 0x2922, 0x010601, driver="ahci"),
    pci("1f.3", INTEL, 0x2930, 0x0C0500),
    usb("usb1", 0x1D6B, 2, 0x090001, **{"device-flags": 16}),
    usb("1-1", 0x0627, 1, 0), usb("1-1:1.0", 0x0627, 1, 0x030002,
                                  interface=0),
    smbios(0, 4, "SeaBIOS"), smbios(1, 4, "QEMU"), *PLATFORM]
# an office computer with a keyboard
OFFICE = [
    pci("00.0", INTEL, 0x3E30, BRIDGE), pci("02.0", INTEL, 0x3E98, 0x030000),
    pci("1f.6", INTEL, 0x15BB, NET, driver="e1000e", module="e1000e"),
    usb("usb1", 0x1D6B, 2, 0x090001), usb("1-1", 0x413C, 0x2113, 0),
    usb("1-1:1.0", 0x413C, 0x2113, 0x030101, interface=0),
    smbios(0, 4, "Dell Inc."), smbios(1, 4, "Dell Inc."), *PLATFORM]
HUAWEI = pci("05.0", 0x19E5, 0x1822, NET)
STICK = usb("1-2", 0x0951, 0x1666, 0)
DISK = usb("1-2:1.0", 0x0951, 0x1666, 0x080650, interface=0)
KEYS = usb("1-2:1.0", 0x0951, 0x1667, 0x030101, interface=0)


def gone(device):
    return {**device, "event": "device-gone"}


def cpu_of(eax):
    part = smbios(4, 7, "Intel(R) Corporation")
    data = bytearray.fromhex(part["data"])
    data[8:12] = eax.to_bytes(4, "little")
    part["data"] = data.hex()
    return part


def activity(kind):
    return {"event": "activity", "activity": kind}


def power(kind, resets=1):
    return {"event": "power", "power": kind, "reset-count": resets}


L, C = "laboratory", "chancery"
# (case, what, policy, devices, later records, exit, reason)
CASES = [
    ("virtual", "a stock virtual machine", L, VIRTUAL, [], 0, None),
    ("office", "an office computer", L, OFFICE, [], 0, None),
    ("office-strict", "the same, strictly", C, OFFICE, [], 0, None),
    ("slept", "it slept, and loaded BPF", C, OFFICE,
     [activity(4), power(1), power(2)], 0, None),
    ("moved", "a stick that moves", L, OFFICE,
     [STICK, gone(STICK), {**STICK, "port": "other"}], 0, None),
    ("cpu", "SMBIOS and processor agree", C, OFFICE + [cpu_of(0x906EA)], [], 0,
     None),
    ("listed", "a listed supplier's card", L, OFFICE + [HUAWEI], [], 3,
     "POLICY_RULE"),
    ("listed-late", "plugged in later", C, OFFICE, [HUAWEI], 3, "POLICY_RULE"),
    ("listed-left", "and out again", L, OFFICE, [HUAWEI, gone(HUAWEI)], 3,
     "POLICY_RULE"),
    ("listed-batch", "in a batch", L, OFFICE,
     [{"event": "batch", "items": [HUAWEI]}], 3, "POLICY_RULE"),
    ("listed-subsystem", "its board, another's chip", L,
     OFFICE + [pci("06.0", INTEL, 0x10D3, NET, **{"subvendor-id": 0x19E5})],
     [], 3, "POLICY_RULE"),
    ("listed-bridge", "its bridge", L,
     OFFICE + [pci("06.0", 0x19E5, 0x371A, 0x060400)], [], 3, "POLICY_RULE"),
    ("listed-board", "its board", L, OFFICE + [smbios(2, 4, "Huawei")], [], 3,
     "POLICY_RULE"),
    ("stranger", "a vendor that nobody knows", L,
     OFFICE + [pci("07.0", 0xF00D, 1, NET)], [], 4, "POLICY_RULE"),
    ("stranger-strict", "the same, strictly", C,
     OFFICE + [pci("07.0", 0xF00D, 1, NET)], [], 3, "POLICY_RULE"),
    ("no-id", "a device that says nothing", L,
     OFFICE + [{"event": "device", "bus": "pci"}], [], 4, "POLICY_RULE"),
    ("wireless", "a radio", C, OFFICE + [pci("08.0", INTEL, 0x2723, 0x028000)],
     [], 3, "POLICY_RULE"),
    ("bluetooth", "a radio on USB", C, OFFICE, [usb(
        "1-3:1.0", INTEL, 0x0029, 0xE00101)], 3, "POLICY_RULE"),
    ("stick", "a storage stick", C, OFFICE, [STICK, DISK], 3, "POLICY_RULE"),
    ("changeling", "a stick that comes back as a keyboard", L, OFFICE,
     [STICK, DISK, gone(DISK), gone(STICK), {**STICK, "device-id": 0x1667},
      KEYS], 4, "POLICY_RULE"),
    ("changeling-interface", "only its interface changes", L, OFFICE,
     [STICK, DISK, gone(DISK), KEYS], 4, "POLICY_RULE"),
    ("twins", "two with one serial number", C, OFFICE,
     [usb("1-5", 0x413C, 1, 0, serial="1"),
      usb("1-6", 0x413C, 1, 0, serial="1")], 3, "POLICY_RULE"),
    ("left", "a device that left", C, OFFICE,
     [usb("1-5", 0x413C, 1, 0), gone(usb("1-5", 0x413C, 1, 0))], 4,
     "POLICY_RULE"),
    ("cpu-lie", "SMBIOS names another processor", L,
     OFFICE + [cpu_of(0x806EA)], [], 4, "POLICY_RULE"),
    ("dynamic", "an ACPI table that comes later", C, OFFICE,
     [{"event": "platform", "part": 3, "name": "SSDT", "image": "x",
       "dynamic": 1}], 4, "POLICY_RULE"),
    ("kexec", "another kernel loaded", C, OFFICE, [activity(1)], 3,
     "REQUIRED_EVENT"),
    ("livepatch", "a live patch", L, OFFICE, [activity(5)], 3,
     "REQUIRED_EVENT"),
    ("hibernated", "hibernation", L, OFFICE, [power(3), power(4, 2)], 3,
     "ROLLBACK"),
    ("falling-asleep", "on its way to sleep", L, OFFICE, [power(1)], 4,
     "LOG_GAP"),
]


def log_of(devices, later, seen):
    return {"pcr": 13, "banks": ["sha256"], "records": [
        {"event": "anchor"},
        {"event": "snapshot", "items": devices},
        {"event": "coverage", "seen": seen, "not-seen": ["dma: x"]},
        *later]}


def evidence(key, nonce, log):
    data, extends = mklog.make(copy.deepcopy(log))
    values = {n: bytes(32) for n in range(16)}
    values[13] = mklog.replay(extends, ["sha256"])["sha256"]
    claims = surgery.cbor.dumps({})
    att, sig = surgery.quote(key, nonce, claims, "sha256", values)
    return surgery.Evidence(attest=att, signature=sig, ak=key.public,
                            claims=claims, log_measurer=data,
                            pcrs=surgery.pcrs("sha256", values)).encode()


def judge(ctx, key, case, name, log, exit_code, reason):
    path = ctx.write(name + ".yaml", policy(name).encode())
    with open(os.path.join(POLICIES, "signers/debian.pem"), "rb") as f:
        signers = ctx.write("debian.pem", f.read())
    data = evidence(key, ctx.challenge(), log)
    ctx.keep(case, data, key.public, exit_code, reason, policy=path,
             files=[signers])
    done = ctx.verify(data, key.public, policy=path)
    if done.exit == exit_code and (reason is None or reason in done.reasons()):
        return None
    return "%s, not exit %d %s" % (done, exit_code, reason)


def run(ctx, wanted):
    key = surgery.SoftKey()
    rows = [(c, w, p, log_of(d, later, SEEN), e, r)
            for c, w, p, d, later, e, r in CASES]
    rows += [("unseen-" + word.split(":")[0], "not watched: " + word, C,
              log_of(OFFICE, [], [s for s in SEEN if s != word]), 3,
              "REQUIRED_EVENT") for word in SEEN[:-1]]
    for case, what, name, log, exit_code, reason in rows:
        case = "Q01-" + case
        if wanted(case):
            ctx.case(case, what, lambda c=case, n=name, l=log, e=exit_code,
                     r=reason: judge(ctx, key, c, n, l, e, r))
