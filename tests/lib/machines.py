#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Machines to be compared: an office computer, and every way that it changes.

  machines.py --list			case, exit, class, change, rule
  machines.py -o DIR [CASE...]		DIR/base.evidence and DIR/CASE.evidence
	[--key FILE]			their key, made if it is not there
	[--challenge FILE]		what they answer; else nobody's nonce
  machines.py --lot N -o DIR [CASE...]	N machines of one delivery, of which
					the last are those cases

All of one machine's bundles are signed by one software key. A case is a row:
(name, exit of diff, kind of the change looked for, class, rule, edit); edit
changes the records of a good machine.
"""
import argparse
import copy
import functools
import hashlib
import json
import os
import sys

from cryptography.hazmat.primitives import serialization

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../attacks")]
import mklog  # noqa: E402
import signing  # noqa: E402
import surgery  # noqa: E402

INTEL, DELL, KINGSTON = 0x8086, 0x413C, 0x0951
KERNEL = "6.1.0-56-amd64"
NEWER = "6.1.0-57-amd64"


@functools.lru_cache(None)
def signer(name, serial):
    return signing.Signer(name, "p256", serial)


@functools.lru_cache(None)
def signature(name, serial):
    return signer(name, serial).sign(b"any module").hex()


def pci(slot, vendor, device, code, **more):
    return {"event": "device", "bus": "pci", "device": "0000:00:%s" % slot,
            "port": "0000:00/%s" % slot, "vendor-id": vendor,
            "device-id": device, "subvendor-id": 0x1028,
            "subdevice-id": 0x085A, "class": code, "revision": 3,
            "device-flags": 0, **more}


def usb(name, vendor, model, code, **more):
    return {"event": "device", "bus": "usb", "device": name,
            "port": "0000:00/14.0/usb/" + name.replace("-", "/"),
            "vendor-id": vendor, "device-id": model, "class": code,
            "revision": 0x0110, "image": "descriptors of %x" % model,
            **more}


def smbios(kind, size, strings, numbers=(), handle=0):
    """strings: {offset: text}; numbers: {offset: bytes}"""
    data = bytearray([kind, size, handle & 255, handle >> 8] +
                     [0] * (size - 4))
    for i, at in enumerate(strings, 1):
        data[at] = i
    for at, value in dict(numbers).items():
        data[at:at + len(value)] = value
    return {"event": "platform", "part": 1, "smbios-type": kind,
            "handle": handle, "data": data.hex(),
            "string": list(strings.values())}


def dimm(slot, serial, maker="Samsung", part="M471A1K43DB1", size=8192):
    return smbios(17, 40, {0x10: "DIMM %d" % slot, 0x11: "BANK %d" % slot,
                           0x17: maker, 0x18: serial, 0x19: "Not Specified",
                           0x1A: part},
                  {0x0C: size.to_bytes(2, "little")}, 0x1100 + slot)


def bios(version="1.20.0", date="03/14/2025"):
    return smbios(0, 24, {0x04: "Dell Inc.", 0x05: version, 0x08: date})


def system(serial, uuid):
    return smbios(1, 27, {0x04: "Dell Inc.", 0x05: "OptiPlex 7060",
                          0x06: "To be filled by O.E.M.", 0x07: serial,
                          0x19: "085A", 0x1A: "OptiPlex"},
                  {0x08: uuid, 0x18: b"\6"}, 1)


def acpi(name, image, **more):
    return {"event": "platform", "part": 3, "name": name, "oem-id": "DELL",
            "oem-table-id": "CBX3", "oem-revision": 1, "image": image, **more}


def driver(name, image=None, key=("Linux key", 7), **more):
    out = {"event": "module", "name": name, "origin": 1, "sig-status": 1,
           "path": "/lib/modules/%s/kernel/drivers/%s.ko" % (KERNEL, name),
           "license": "GPL", "intree": 1, "author": ["An author"],
           "image": image or name + " image", "srcversion": "A1" + name}
    if key:
        out["signature"] = signature(*key)
    out.update(more)
    return out


def firmware(name, image, **more):
    return {"event": "firmware", "name": name, "origin": 1,
            "path": "/lib/firmware/" + name, "image": image,
            "bus": "pci", "device": "0000:00:14.3", "driver": "iwlwifi",
            **more}


def office(n=0):
    """Number n of a delivery: its serial numbers and UUID are its own."""
    uuid = hashlib.sha256(b"uuid %d" % n).digest()[:16]
    return [
        {"event": "anchor", "kernel-release": KERNEL, "kernel-version":
         "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)"},
        {"event": "snapshot", "items": [
            pci("00.0", INTEL, 0x3EC2, 0x060000),
            pci("02.0", INTEL, 0x3E92, 0x030000),
            pci("14.0", INTEL, 0xA36D, 0x0C0330, driver="xhci_hcd"),
            pci("14.3", INTEL, 0xA370, 0x028000),
            pci("17.0", INTEL, 0xA352, 0x010601),
            pci("1f.6", INTEL, 0x15BB, 0x020000, dsn=0x8CEC4B0000000000 + n),
            usb("1-1", DELL, 0x2113, 0, manufacturer="Dell",
                product="Dell KB216"),
            usb("1-1:1.0", DELL, 0x2113, 0x030101, interface=0),
            usb("1-2", DELL, 0x301A, 0, manufacturer="Dell",
                product="Dell MS116"),
            usb("1-2:1.0", DELL, 0x301A, 0x030102, interface=0),
            {"event": "platform", "part": 2, "image": "table %d" % n},
            bios(), system("SN%05d" % n, uuid),
            smbios(2, 15, {0x04: "Dell Inc.", 0x05: "0NC2VH", 0x06: "A00",
                           0x07: "/BOARD%05d/" % n}, {}, 2),
            smbios(3, 22, {0x04: "Dell Inc.", 0x07: "SN%05d" % n}, {}, 3),
            dimm(1, "D1%06d" % n), dimm(2, "D2%06d" % n),
            dimm(3, "[Empty]", "[Empty]", "[Empty]", 0),
            acpi("DSDT", "dsdt"), acpi("FACP", "facp %d" % (n % 7)),
            acpi("SSDT", "ssdt one"), acpi("SSDT", "ssdt two"),
            {"event": "platform", "part": 4, "fw-class": "22" * 16,
             "fw-type": 1, "fw-version": 0x10014, "fw-lowest": 0x10000},
            {"event": "platform", "part": 5, "manufacturer": "GenuineIntel",
             "product": "Intel(R) Core(TM) i5-8500", "cpu-family": 6,
             "cpu-model": 0x9E, "cpu-stepping": 10, "microcode": 0xF4,
             "count": 6},
            {"event": "platform", "part": 6, "manufacturer": "NTC",
             "product": "NPCT75x", "tpm-firmware": 0x700020002,
             "tpm-revision": 138, "bus-encryption": 1}]},
        {"event": "coverage", "seen": ["pci: x", "usb: x", "modules: x",
                                       "firmware: x", "smbios: x"],
         "not-seen": ["dma: x"]},
        driver("ahci"), {"event": "bind", "bus": "pci", "driver": "ahci",
                         "device": "0000:00:17.0", "module": "ahci"},
        driver("e1000e", version="3.2.6-k"),
        {"event": "bind", "bus": "pci", "driver": "e1000e",
         "device": "0000:00:1f.6", "module": "e1000e"},
        driver("iwlwifi"),
        {"event": "bind", "bus": "pci", "driver": "iwlwifi",
         "device": "0000:00:14.3", "module": "iwlwifi"},
        firmware("iwlwifi-9000-pu-b0-jf-b0-46.ucode", "radio firmware 46"),
        driver("vendorlink", key=("Vendor key", 9), intree=0, version="2.1.0",
               path="/lib/modules/%s/updates/vendorlink.ko" % KERNEL)]


# --- edits ---------------------------------------------------------------

def items(log):
    return log[1]["items"]


def find(log, **want):
    """The record or item that has all of this."""
    for rec in items(log) + log[2:]:
        if all(rec.get(k.replace("_", "-")) == v for k, v in want.items()):
            return rec
    raise KeyError(want)


def change(want, **values):
    """Values of None are taken out."""
    def edit(log):
        rec = log[0] if want == "anchor" else find(log, **want)
        for key, value in values.items():
            key = key.replace("_", "-")
            if value is None:
                rec.pop(key, None)
            else:
                if key == "image":
                    rec.pop("digest", None)
                rec[key] = value
    return edit


def readdress(want, address, **values):
    """Another address, for the driver that it is bound to as well."""
    def edit(log):
        bind = [r for r in log if r["event"] == "bind" and
                r["device"] == want["device"]]
        change(want, device=address, **values)(log)
        for rec in bind:
            rec["device"] = address
    return edit


def swap(a, b, keys):
    def edit(log):
        x, y = find(log, **a), find(log, **b)
        for key in keys:
            x[key], y[key] = y[key], x[key]
    return edit


def remove(**want):
    def edit(log):
        rec = find(log, **want)
        if rec in items(log):
            items(log).remove(rec)
        else:
            log.remove(rec)
    return edit


def add(*records):
    def edit(log):
        log.extend(copy.deepcopy(records))
    return edit


def put(*records):
    def edit(log):
        items(log).extend(copy.deepcopy(records))
    return edit


def replace(want, record):
    def edit(log):
        items(log)[items(log).index(find(log, **want))] = record
    return edit


def all_of(*edits):
    def edit(log):
        for one in edits:
            one(log)
    return edit


def new_kernel(release=NEWER, build="6.1.193-1", key=("Linux key", 7)):
    """Each driver is another file then; the vendor's was made again."""
    def edit(log):
        log[0]["kernel-release"] = release
        log[0]["kernel-version"] = \
            "#1 SMP PREEMPT_DYNAMIC Debian %s (2026-12-01)" % build
        for rec in log:
            if rec["event"] != "module":
                continue
            rec["image"] += " of " + release
            rec["path"] = rec["path"].replace(KERNEL, release)
            if rec["name"] != "vendorlink":
                rec["srcversion"] += "B"
                rec["signature"] = signature(*key)
    return edit


def reorder(log):
    items(log).reverse()
    log[3:] = log[5:] + log[3:5]


def again(log):
    """A mouse that is pulled out and put back, and firmware asked for twice."""
    mouse = find(log, device="1-2")
    inner = find(log, device="1-2:1.0")
    log += [{**inner, "event": "device-gone"}, {**mouse, "event":
                                                "device-gone"},
            copy.deepcopy(mouse), copy.deepcopy(inner),
            copy.deepcopy(find(log, event="firmware")),
            {**firmware("iwlwifi-9000-pu-b0-jf-b0-46.ucode", "x"),
             "origin": 6, "image": None}]
    log[-1].pop("image")


NIC, RADIO = {"device": "0000:00:1f.6"}, {"device": "0000:00:14.3"}
DISK, MOUSE, KEYS = {"device": "0000:00:17.0"}, {"device": "1-2"}, \
    {"device": "1-1"}
E1000E, VENDOR = {"name": "e1000e"}, {"name": "vendorlink"}
UCODE = {"event": "firmware"}
DIMM2 = {"handle": 0x1102}
BOARD, SYSTEM = {"smbios_type": 2}, {"smbios_type": 1}
TPM, CPU, ESRT = {"part": 6}, {"part": 5}, {"part": 4}
DSDT = {"name": "DSDT"}
STICK = usb("1-4", KINGSTON, 0x1666, 0, serial="E0D55E6")
STICK_DISK = usb("1-4:1.0", KINGSTON, 0x1666, 0x080650, interface=0)
CARD = pci("1b.0", 0x10EC, 0x8168, 0x020000, dsn=0x1234)
PLACE = ("port", "device")

S, R, U, T = "suspicion", "repair", "update", "tolerated"
CASES = [
    # what may vary
    ("same", 0, None, T, None, lambda log: None),
    ("order", 0, None, T, None, reorder),
    ("again", 0, None, T, None, again),
    ("address", 0, None, T, "address",
     readdress(NIC, "0000:03:00.0")),
    ("placeholder", 0, None, T, "placeholder",
     change(SYSTEM, string=["Dell Inc.", "OptiPlex 7060", "Default string",
                            "SN00000", "085A", "OptiPlex"])),
    ("acpi-address", 0, None, T, "placed-table",
     change({"name": "FACP"}, image="facp x")),
    ("asset-tag", 0, None, T, "asset-tag",
     change(DIMM2, string=["DIMM 2", "BANK 2", "Samsung", "D2000000",
                           "Room 12", "M471A1K43DB1"])),
    # J07: count and place
    ("moved", 0, "moved", T, "slot",
     readdress(NIC, "0000:01:00.0", port="0000:00/1c.0/00.0")),
    ("swapped", 0, "swapped", T, "slot", swap(MOUSE, KEYS, PLACE)),
    ("swapped-dimms", 0, "swapped", T, "slot",
     all_of(replace({"handle": 0x1101}, dimm(1, "D2000000")),
            replace(DIMM2, dimm(2, "D1000000")))),
    ("removed", 0, "removed", R, "taken-out", remove(**MOUSE)),
    ("removed-disk", 4, "removed", S, "missing-part", remove(**DISK)),
    ("removed-tpm", 4, "removed", S, "tpm-changed", remove(**TPM)),
    ("removed-dimm", 0, "removed", R, "taken-out", remove(**DIMM2)),
    ("added", 4, "added", S, "new-device", put(CARD)),
    ("added-later", 4, "added", S, "new-device", add(CARD)),
    ("added-stick", 4, "added", S, "new-device", add(STICK, STICK_DISK)),
    ("added-part", 4, "added", S, "new-part",
     put(pci("1b.0", 0x10EC, 0x5287, 0xFF0000))),
    ("added-dimm", 4, "doubled", S, "new-part", put(dimm(4, "D4000000"))),
    ("doubled", 4, "doubled", S, "new-device",
     put(pci("1b.0", INTEL, 0x15BB, 0x020000, dsn=0x8CEC4B0000000077))),
    ("doubled-serial", 4, "doubled", S, "serial-twice",
     put(pci("1b.0", INTEL, 0x15BB, 0x020000, dsn=0x8CEC4B0000000000))),
    ("doubled-unnumbered", 4, "doubled", S, "new-device",
     put(pci("1b.0", INTEL, 0x15BB, 0x020000, dsn=0),
         pci("1c.0", INTEL, 0x15BB, 0x020000, dsn=0))),
    ("doubled-dimm", 4, "doubled", S, "serial-twice",
     put(dimm(4, "D2000000"))),
    # like for like
    ("dimm", 0, "replaced", R, "like-for-like",
     replace(DIMM2, dimm(2, "E7777777"))),
    ("card", 0, "replaced", R, "like-for-like",
     change(NIC, dsn=0x8CEC4B0000009999)),
    ("board", 0, "replaced", R, "like-for-like",
     change(BOARD, string=["Dell Inc.", "0NC2VH", "A00", "/OTHER/"])),
    # J14 and its relatives: identity
    ("another-maker", 4, "replaced", S, "another-maker",
     replace(DIMM2, dimm(2, "D2000000", "Hynix"))),
    ("another-model", 4, "replaced", S, "another-model",
     change(NIC, device_id=0x15BC)),
    ("another-vendor", 4, "replaced", S, "another-maker",
     change(RADIO, vendor_id=0x19E5)),
    ("subsystem", 4, "changed", S, "another-maker",
     change(NIC, subvendor_id=0x19E5)),
    ("another-kind", 4, "replaced", S, "another-kind",
     change({"device": "1-2:1.0"}, **{"class": 0x080650})),
    ("says-otherwise", 4, "changed", S, "says-otherwise",
     change(MOUSE, product="Optical mouse")),
    ("clone", 4, "changed", S, "same-version",
     change(MOUSE, image="descriptors of a copy")),
    ("device-older", 4, "changed", S, "downgrade",
     change(MOUSE, revision=0x0100)),
    ("device-newer", 0, "changed", U, "firmware-newer",
     change(MOUSE, revision=0x0120, image="descriptors, newer")),
    ("changeling", 4, "changed", S, "new-mark",
     add({**find(office(), device="1-2:1.0"), "event": "device-gone"},
         {**find(office(), device="1-2"), "event": "device-gone"},
         {**STICK, "device": "1-2", "port": "0000:00/14.0/usb/1/2"},
         {**STICK, "device": "1-2", "port": "0000:00/14.0/usb/1/2",
          "event": "device-gone"}, find(office(), device="1-2"))),
    ("external", 4, "changed", S, "new-mark", change(NIC, device_flags=1)),
    ("identity", 4, "changed", S, "identity-changed",
     replace(SYSTEM, system("SN77777", hashlib.sha256(b"uuid 0").digest()[
         :16]))),
    ("uuid", 4, "changed", S, "identity-changed",
     replace(SYSTEM, system("SN00000", b"u" * 16))),
    ("uuid-placeholder", 4, "changed", S, "identity-changed",
     all_of(replace(SYSTEM, system("SN00000", b"u" * 16)),
            change(SYSTEM, string=["Dell Inc.", "OptiPlex 7060",
                                   "Default string", "SN00000", "085A",
                                   "OptiPlex"]))),
    ("tpm", 4, "replaced", S, "tpm-changed", change(TPM, manufacturer="IFX")),
    ("tpm-older", 4, "changed", S, "downgrade",
     change(TPM, tpm_firmware=0x700020001)),
    ("tpm-bus", 4, "changed", S, "lowered", change(TPM, bus_encryption=0)),
    ("cpu", 4, "replaced", S, "another-model", change(CPU, cpu_model=0x9F)),
    ("cpu-count", 4, "changed", S, "unexplained", change(CPU, count=4)),
    # drivers
    ("driver-kernel", 0, "changed", U, "follows-kernel", new_kernel()),
    ("kernel", 0, "changed", U, "kernel-newer", new_kernel()),
    ("kernel-older", 4, "changed", S, "downgrade",
     new_kernel("6.1.0-55-amd64", "6.1.190-1")),
    ("kernel-rebuilt", 0, "changed", U, "kernel-newer",
     new_kernel(KERNEL, "6.1.193-1")),
    ("kernel-build-older", 4, "changed", S, "downgrade",
     new_kernel(KERNEL, "6.1.192-1")),
    ("kernel-tail", 4, "changed", S, "unexplained",
     change("anchor", kernel_release="6.1.0-56-other")),
    ("kernel-contradicts", 4, "changed", S, "unexplained",
     new_kernel(NEWER, "6.1.191-1")),
    ("kernel-time", 4, "changed", S, "unexplained",
     change("anchor", kernel_version=
            "#1 SMP PREEMPT_DYNAMIC Mon Nov 30 10:00:00 UTC 2026")),
    ("kernel-key", 0, "changed", U, "follows-kernel",
     new_kernel(key=("Linux key", 8))),
    ("kernel-signer", 4, "changed", S, "signer-changed",
     new_kernel(key=("Somebody", 7))),
    ("driver-newer", 0, "changed", U, "driver-newer",
     change(VENDOR, version="2.10.0", image="newer", srcversion="C")),
    ("driver-letter", 4, "changed", S, "same-version",
     change(VENDOR, version="2.1.0a", image="newer?", srcversion="C")),
    ("driver-older", 4, "changed", S, "downgrade",
     change(VENDOR, version="2.0.9", image="older", srcversion="0")),
    ("same-version", 4, "changed", S, "same-version",
     change(E1000E, image="something else")),
    ("signer-lost", 4, "changed", S, "signer-lost",
     change(E1000E, signature=None, sig_status=0)),
    ("signer-unverified", 4, "changed", S, "signer-lost",
     change(E1000E, sig_status=2)),
    ("signer-changed", 4, "changed", S, "signer-changed",
     change(VENDOR, version="2.10.0", image="newer",
            signature=signature("Somebody", 9))),
    ("signer-key", 4, "changed", S, "signer-changed",
     change(E1000E, signature=signature("Linux key", 8))),
    ("path", 4, "changed", S, "another-path",
     change(E1000E, path="/tmp/e1000e.ko")),
    ("path-packed", 0, None, T, None,
     change(E1000E, path="/usr/lib/modules/%s/kernel/drivers/e1000e.ko.xz" %
            KERNEL)),
    ("author", 4, "changed", S, "another-maker",
     change(E1000E, author=["Huawei"])),
    ("from-memory", 4, "changed", S, "new-mark",
     change(E1000E, origin=2)),
    ("unseen", 4, "changed", S, "unseen",
     change(E1000E, image=None, origin=4, size=1)),
    ("driver-loaded", 0, "added", U, "driver-loaded", add(driver("tun"))),
    ("driver-unused", 0, "removed", U, "not-loaded", remove(**VENDOR)),
    ("driver-new", 4, "added", S, "new-driver",
     add(driver("tun", key=("Somebody", 1)))),
    ("driver-unsigned", 4, "added", S, "new-driver",
     add(driver("tun", key=None, **{"sig-status": 0}))),
    ("driver-twice", 4, "doubled", S, "new-driver",
     add(driver("ahci", "another ahci", key=("Somebody", 1)))),
    ("bound", 0, "changed", U, "bound",
     remove(event="bind", driver="iwlwifi")),
    ("another-driver", 4, "changed", S, "another-driver",
     change({"event": "bind", "driver": "iwlwifi"}, driver="vfio-pci")),
    # firmware
    ("image", 4, "changed", S, "same-version", change(UCODE, image="other")),
    ("image-newer", 0, "changed", U, "firmware-newer",
     change(UCODE, image="47", name="iwlwifi-9000-pu-b0-jf-b0-47.ucode",
            path="/lib/firmware/iwlwifi-9000-pu-b0-jf-b0-47.ucode")),
    ("image-older", 4, "changed", S, "downgrade",
     change(UCODE, image="9", name="iwlwifi-9000-pu-b0-jf-b0-9.ucode",
            path="/lib/firmware/iwlwifi-9000-pu-b0-jf-b0-9.ucode")),
    ("image-model", 4, "changed", S, "unexplained",
     change(UCODE, image="b1", name="iwlwifi-9000-pu-b1-jf-b0-46.ucode",
            path="/lib/firmware/iwlwifi-9000-pu-b1-jf-b0-46.ucode")),
    ("image-new", 4, "added", S, "new-firmware",
     add(firmware("rtl_nic/rtl8168g-2.fw", "x"))),
    ("image-unused", 0, "removed", U, "not-loaded", remove(**UCODE)),
    ("bios-newer", 0, "changed", U, "firmware-newer",
     all_of(replace({"smbios_type": 0}, bios("1.21.0", "01/02/2026")),
            change(DSDT, image="dsdt, newer"), change(ESRT, fw_version=0x10015),
            change(CPU, microcode=0xF8))),
    ("bios-follows", 0, "changed", U, "follows-firmware",
     all_of(replace({"smbios_type": 0}, bios("1.21.0", "01/02/2026")),
            change(DSDT, image="dsdt, newer"))),
    ("bios-letters", 0, "changed", U, "firmware-newer",
     replace({"smbios_type": 0}, bios("F.21", "01/02/2026"))),
    ("bios-undated", 0, "changed", U, "firmware-newer",
     replace({"smbios_type": 0}, bios("1.21.0", "03/14/25"))),
    ("bios-letters-undated", 4, "changed", S, "same-version",
     replace({"smbios_type": 0}, bios("1.20.0a"))),
    ("bios-contradicts", 4, "changed", S, "same-version",
     replace({"smbios_type": 0}, bios("1.9.0", "01/02/2026"))),
    ("bios-older", 4, "changed", S, "downgrade",
     replace({"smbios_type": 0}, bios("1.9.0", "12/31/2024"))),
    ("bios-same", 4, "changed", S, "same-version",
     change({"smbios_type": 0}, data="0018" + "0000" + "0102" + "ff" * 2 +
            "03" + "00" * 15)),
    ("dsdt", 4, "changed", S, "same-version", change(DSDT, image="evil")),
    ("acpi-new", 4, "added", S, "new-part", put(acpi("WPBT", "program"))),
    ("esrt-older", 4, "changed", S, "downgrade", change(ESRT,
                                                        fw_version=0x10013)),
    ("esrt-lowest", 4, "changed", S, "lowered", change(ESRT, fw_lowest=1)),
    ("microcode-older", 4, "changed", S, "downgrade",
     change(CPU, microcode=0xF0)),
    # the start
    ("secure-boot", 4, "changed", S, "lowered",
     change("anchor", secure_boot=0)),
    ("lockdown", 4, "changed", S, "lowered", change("anchor", lockdown=0)),
    ("lockdown-raised", 0, "changed", U, "raised",
     change("anchor", lockdown=2)),
    ("settings", 4, "changed", S, "unexplained",
     change("anchor", param=["pcr=13", "fail=open", "unloadable=1"])),
    ("measurer", 4, "changed", S, "same-version",
     change("anchor", build_id="12" * 20)),
    ("measurer-newer", 0, "changed", U, "measurer-newer",
     change("anchor", build_id="12" * 20, measurer_version="2")),
    ("measurer-other", 4, "changed", S, "same-version",
     all_of(new_kernel(), change("anchor", build_id="12" * 20,
                                 measurer_version="other"))),
    ("hooks", 4, "changed", S, "unexplained",
     change("anchor", hook=["module-notifier"])),
]


def case(name):
    return next(c for c in CASES if c[0] == name)


def log_of(name=None, n=0):
    log = office(n)
    if name:
        case(name)[5](log)
    return log


def bundle(key, records, uncovered=0, nonce=b"n" * 32):
    log = {"pcr": 13, "banks": ["sha256"], "records": copy.deepcopy(records)}
    data, extends = mklog.make(log)
    values = {i: bytes(32) for i in range(16)}
    if uncovered:
        extends = extends[:-uncovered]
    values[13] = mklog.replay(extends, ["sha256"])["sha256"]
    claims = surgery.cbor.dumps({})
    att, sig = surgery.quote(key, nonce, claims, "sha256", values)
    return surgery.Evidence(attest=att, signature=sig, ak=key.public,
                            claims=claims, log_measurer=data,
                            pcrs=surgery.pcrs("sha256", values)).encode()


def key_of(path):
    """A software key that outlives this run."""
    pem = serialization.Encoding.PEM
    if path and os.path.exists(path):
        with open(path, "rb") as f:
            return surgery.SoftKey(
                key=serialization.load_pem_private_key(f.read(), None))
    key = surgery.SoftKey()
    if path:
        with open(path, "wb") as f:
            f.write(key.key.private_bytes(
                pem, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))
    return key


def write(folder, name, data):
    with open(os.path.join(folder, name + ".evidence"), "wb") as f:
        f.write(data)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--list", action="store_true")
    p.add_argument("--lot", type=int, default=0)
    p.add_argument("-o", dest="out")
    p.add_argument("--key")
    p.add_argument("--challenge")
    p.add_argument("cases", nargs="*")
    a = p.parse_args()
    if a.list:
        for name, code, kind, what, rule, _ in CASES:
            print(name, code, what, kind or "-", rule or "-")
        return
    os.makedirs(a.out, exist_ok=True)
    if a.lot:
        for n in range(a.lot):
            late = n - (a.lot - len(a.cases))
            name = a.cases[late] if late >= 0 else None
            write(a.out, "m%04d" % n, bundle(surgery.SoftKey(),
                                             log_of(name, n)))
        return
    key, nonce = key_of(a.key), b"n" * 32
    if a.challenge:
        with open(a.challenge, encoding="utf-8") as f:
            nonce = bytes.fromhex(json.load(f)["nonce"])
    write(a.out, "base", bundle(key, office(), nonce=nonce))
    with open(os.path.join(a.out, "base.ak"), "wb") as f:
        f.write(key.public)
    for name in a.cases or [c[0] for c in CASES]:
        write(a.out, name, bundle(key, log_of(name), nonce=nonce))


if __name__ == "__main__":
    main()
