#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Make measurer logs from a description: good ones, and every kind of bad one.

An encoder of its own, written from the comment of kmod/uapi/credence.h, so
that the C parsers are not tested against their own reading of it.

  mklog.py [-d FILE.json] [-c NAME[:N]]... -o LOG [--tcti TCTI] [--digests FILE]
  mklog.py --list

A description is a JSON object; without -d a small ordinary machine is made:

  {"pcr": 13, "banks": ["sha256"], "uncovered": 0,
   "records": [
     {"event": "anchor"},
     {"event": "snapshot", "items": [{"name": "ext4", "origin": 4},
      {"event": "device", "bus": "pci", "device": "0000:00:03.0"}]},
     {"event": "module", "name": "hinic", "path": "/lib/x.ko",
      "author": ["Huawei Technologies CO., Ltd"], "image": "any text"},
     {"event": "firmware", "name": "a.fw", "path": "...", "image": "text"},
     {"event": "module-result", "ref": 2, "name": "hinic", "result": -8}]}

Field names are those of enum crd_field in lower case with "-" for "_".
An item without "event" is a module. "image" stands for size and digest of that
text. Raw values: {"hex": "..."}.
A record may also carry, to break it: recnum, recnum_width, pcr, pcr_width,
magic, format-version, time, content_type, "fields": [[type, "hex"], ...] (whole
content, as is), "extra": [[type, "hex"], ...] (appended), "log-digests":
{bank: hex}, "order" (types of the record's TLVs), "drop" (types left out).

--tcti extends the records that the quote is to cover (all but the last
"uncovered") into that TPM with tpm2_pcrextend, in log order. A corruption
(-c) is applied before extending, so that a real quote covers the bad log,
unless its name begins with "after-": those edit what was extended honestly.
"""
import argparse
import copy
import hashlib
import json
import struct
import subprocess
import sys

CONTENT = 205
MAGIC = 0x4352444E
HASHES = {"sha1": (4, "sha1", 20), "sha256": (11, "sha256", 32),
          "sha384": (12, "sha384", 48), "sha512": (13, "sha512", 64),
          "sm3_256": (18, None, 32), "sha3_256": (0x27, "sha3_256", 32)}
EVENTS = {"anchor": 1, "snapshot": 2, "module": 3, "module-result": 4,
          "firmware": 5, "fault": 6, "log-full": 7, "hook-lost": 8,
          "unload": 9, "batch": 10, "device": 11, "device-gone": 12,
          "bind": 13, "unbind": 14, "platform": 15, "coverage": 16,
          "activity": 17, "power": 18}
GROUPS = ("snapshot", "batch")
# name: (type, kind); kinds: text, path, bytes, hash, banks, uN, iN, and
# a leading "*" for those that repeat
FIELDS = {
    "truncated": (0x03, "bytes"),
    "name": (0x10, "text"), "path": (0x11, "path"), "origin": (0x12, "u1"),
    "size": (0x13, "u8"), "digest": (0x14, "hash"),
    "payload-digest": (0x15, "*hash"), "signature": (0x16, "bytes"),
    "sig-status": (0x17, "u1"), "author": (0x18, "*text"),
    "license": (0x19, "text"), "version": (0x1A, "text"),
    "srcversion": (0x1B, "text"), "vermagic": (0x1C, "text"),
    "intree": (0x1D, "u1"), "firmware": (0x1E, "*text"),
    "description": (0x1F, "text"), "alias-vendor": (0x20, "*text"),
    "taints": (0x21, "u8"), "load-flags": (0x22, "u4"),
    "build-id": (0x23, "bytes"), "pid": (0x24, "u4"), "uid": (0x25, "u4"),
    "comm": (0x26, "text"), "ref": (0x28, "u8"), "result": (0x29, "u4"),
    "reason": (0x2A, "text"), "count": (0x2B, "u8"),
    "device": (0x2C, "text"), "driver": (0x2D, "text"),
    "item": (0x30, "*item"), "pcr-found": (0x40, "*hash"),
    "reset-count": (0x41, "u4"), "restart-count": (0x42, "u4"),
    "clock": (0x43, "u8"), "clock-safe": (0x44, "u1"),
    "boot-id": (0x45, "bytes"), "instance": (0x46, "bytes"),
    "kernel-release": (0x47, "text"), "kernel-version": (0x48, "text"),
    "machine": (0x49, "text"), "lockdown": (0x4A, "u1"),
    "secure-boot": (0x4B, "u1"), "kernel-taint": (0x4C, "u8"),
    "bank": (0x4D, "*banks"), "param": (0x4E, "*text"),
    "hook": (0x4F, "*text"), "measurer-version": (0x50, "text"),
    "file-digest": (0x27, "hash"),
    "bus": (0x2E, "text"), "module": (0x2F, "text"), "parent": (0x31, "text"),
    "port": (0x32, "text"), "vendor-id": (0x33, "u2"),
    "device-id": (0x34, "u2"), "subvendor-id": (0x35, "u2"),
    "subdevice-id": (0x36, "u2"), "class": (0x37, "u4"),
    "revision": (0x38, "u2"), "manufacturer": (0x39, "text"),
    "product": (0x3A, "text"), "serial": (0x3B, "text"), "dsn": (0x3C, "u8"),
    "device-flags": (0x3D, "u4"), "interface": (0x3E, "u1"),
    "ref-item": (0x3F, "u4"), "offset": (0x58, "u8"), "part": (0x60, "u1"),
    "smbios-type": (0x61, "u1"), "handle": (0x62, "u2"),
    "data": (0x63, "bytes"), "string": (0x64, "*text"),
    "oem-id": (0x65, "text"), "oem-table-id": (0x66, "text"),
    "oem-revision": (0x67, "u4"), "creator-id": (0x68, "text"),
    "creator-revision": (0x69, "u4"), "dynamic": (0x6A, "u1"),
    "fw-class": (0x6B, "bytes"), "fw-type": (0x6C, "u4"),
    "fw-version": (0x6D, "u4"), "fw-lowest": (0x6E, "u4"),
    "fw-flags": (0x6F, "u4"), "fw-last-version": (0x70, "u4"),
    "fw-last-status": (0x71, "u4"), "cpu-family": (0x72, "u4"),
    "cpu-model": (0x73, "u4"), "cpu-stepping": (0x74, "u4"),
    "microcode": (0x75, "u4"), "tpm-firmware": (0x76, "u8"),
    "tpm-revision": (0x77, "u4"), "bus-encryption": (0x78, "u1"),
    "seen": (0x7A, "*text"), "not-seen": (0x7B, "*text"),
    "power": (0x7C, "u1"), "activity": (0x7D, "u1"), "deferred": (0x7E, "u1"),
}


def tlv(kind, value):
    return struct.pack(">BI", kind, len(value)) + value


def well_formed(data, at):
    """Length of the well-formed UTF-8 sequence (Unicode table 3-7) or 0."""
    for n in range(1, 5):
        try:
            data[at:at + n].decode("utf-8")
            return n if len(data) >= at + n else 0
        except UnicodeDecodeError:
            continue
    return 0


def escape(text):
    data = text.encode() if isinstance(text, str) else text
    out, at = b"", 0
    while at < len(data):
        n = well_formed(data, at)
        if n == 1 and (data[at] < 0x20 or data[at] in (0x7F, 0x5C)):
            n = 0
        if n:
            out += data[at:at + n]
            at += n
        else:
            out += b"\\x%02x" % data[at]
            at += 1
    return out


def hash_value(value):
    """ "sha256:HEX" -> low byte of the algorithm, then the digest """
    name, _, digest = value.partition(":")
    return bytes([HASHES[name][0]]) + bytes.fromhex(digest)


def encode_value(kind, value):
    if isinstance(value, dict) and "hex" in value:
        return bytes.fromhex(value["hex"])
    if kind in ("text", "path"):
        return escape(value)
    if kind == "bytes":
        return bytes.fromhex(value)
    if kind == "hash":
        return hash_value(value)
    if kind == "banks":
        return struct.pack(">HH", *[HASHES[v][0] for v in value.split(":")])
    if kind == "item":
        return item_of(value)
    width = int(kind[1:])
    return (value & (1 << 8 * width) - 1).to_bytes(width, "big")


def item_of(desc):
    """A record in a group: EVENT, in a batch TIME, the fields. "lead" false
    leaves the first two out; "fields" and "extra" as in a record."""
    if "fields" in desc:
        return b"".join(tlv(t, bytes.fromhex(v)) for t, v in desc["fields"])
    event = desc.get("event", "module")
    out = tlv(1, struct.pack(
        ">H", EVENTS[event] if isinstance(event, str) else event))
    if "time" in desc:
        out += tlv(2, struct.pack(">Q", desc["time"]))
    out = (out if desc.get("lead", True) else b"") + b"".join(fields_of(desc))
    return out + b"".join(tlv(t, bytes.fromhex(v))
                          for t, v in desc.get("extra", []))


def fields_of(desc):
    desc = dict(desc)
    image = desc.pop("image", None)
    if image is not None:
        data = image.encode()
        desc.setdefault("size", len(data))
        desc.setdefault("digest", "sha256:" + hashlib.sha256(data).hexdigest())
    out = []
    for name, value in desc.items():
        if name not in FIELDS:
            continue
        kind, how = FIELDS[name]
        values = value if how[0] == "*" and isinstance(value, list) else [value]
        out += [(kind, tlv(kind, encode_value(how.lstrip("*"), v)))
                for v in values]
    return [t for _, t in sorted(out, key=lambda f: f[0])]


def anchor_defaults(log, rec):
    banks = log["banks"]
    std = {
        "pcr-found": ["%s:%s" % (b, "00" * HASHES[b][2]) for b in banks],
        "reset-count": 1, "restart-count": 0, "clock": 4711, "clock-safe": 1,
        "boot-id": "00112233445566778899aabbccddeeff",
        "instance": "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
        "kernel-release": "6.1.0-56-amd64",
        "kernel-version": "#1 SMP PREEMPT_DYNAMIC Debian", "machine": "x86_64",
        "lockdown": 1, "secure-boot": 1, "kernel-taint": 0,
        "bank": ["%s:%s" % (b, b if HASHES[b][1] else "sha256")
                 for b in banks],
        "param": ["pcr=%d" % log["pcr"], "fail=open"],
        "hook": ["security_kernel_post_read_file",
                 "security_kernel_post_load_data", "module-notifier"],
        "measurer-version": "1", "build-id": "11" * 20,
    }
    for name, value in std.items():
        rec.setdefault(name, value)


def content_of(log, rec):
    """The content TLV: what is hashed."""
    if "fields" in rec:
        body = b"".join(tlv(t, bytes.fromhex(v)) for t, v in rec["fields"])
    else:
        event = rec["event"]
        if event == "anchor" and not rec.get("bare"):
            anchor_defaults(log, rec)
        number = EVENTS[event] if isinstance(event, str) else event
        desc = {k: v for k, v in rec.items() if k != "items"}
        if "items" in rec:
            desc["item"] = rec["items"]
        if event == "batch":
            desc["item"] = [{"time": rec["time"], **i} for i in rec["items"]]
        head = [tlv(0, struct.pack(">IH", rec.get("magic", MAGIC),
                                   rec.get("format-version", 1))),
                tlv(1, struct.pack(">H", number)),
                tlv(2, struct.pack(">Q", rec["time"]))]
        body = b"".join(head + fields_of(desc))
        body += b"".join(tlv(t, bytes.fromhex(v))
                         for t, v in rec.get("extra", []))
    return tlv(rec.get("content_type", CONTENT), body)


def digest_in(bank, content):
    _, name, size = HASHES[bank]
    if name:
        return hashlib.new(name, content).digest()
    return hashlib.sha256(content).digest()[:size].ljust(size, b"\0")


def build(log):
    """-> list of records: {"digests": {bank: bytes}, "parts": {type: tlv},
    "order": [...]}; nothing is checked, the caller wants some of them bad."""
    out = []
    for i, rec in enumerate(log["records"]):
        rec.setdefault("time", 1000000000 + 1000 * i)
        content = content_of(log, rec)
        digests = {b: digest_in(b, content) for b in log["banks"]}
        for bank, value in rec.get("log-digests", {}).items():
            if value is None:
                del digests[bank]
            else:
                digests[bank] = bytes.fromhex(value)
        nested = b"".join(tlv(HASHES[b][0], d) for b, d in digests.items())
        number = rec.get("recnum", i).to_bytes(
            rec.get("recnum_width", 8), "big")
        pcr = rec.get("pcr", log["pcr"]).to_bytes(
            rec.get("pcr_width", 1), "big")
        parts = {0: tlv(0, number), 1: tlv(1, pcr), 3: tlv(3, nested),
                 "content": content}
        drop = rec.get("drop", [])
        order = [t for t in rec.get("order", [0, 1, 3, "content"])
                 if t not in drop]
        out.append({"digests": digests, "parts": parts, "order": order})
    return out


def join(records):
    return b"".join(r["parts"][t] for r in records for t in r["order"])


def default_log():
    return {"pcr": 13, "banks": ["sha256"], "uncovered": 0, "records": [
        {"event": "anchor"},
        {"event": "snapshot", "items": [
            {"name": "ext4", "origin": 4, "size": 983040, "taints": 0},
            {"name": "tpm_tis", "origin": 5}]},
        {"event": "module", "name": "e1000e", "origin": 1, "sig-status": 1,
         "path": "/lib/modules/6.1.0-56-amd64/kernel/e1000e.ko",
         "author": ["Intel Corporation, <linux.nics@intel.com>"],
         "license": "GPL v2", "intree": 1, "taints": 0, "load-flags": 0,
         "image": "e1000e image", "signature": "3082000000",
         "vermagic": "6.1.0-56-amd64 SMP preempt mod_unload modversions ",
         "alias-vendor": ["pci:8086"], "pid": 211, "uid": 0,
         "comm": "modprobe"},
        {"event": "firmware", "name": "carl9170-1.fw", "origin": 1,
         "path": "/lib/firmware/carl9170-1.fw", "image": "carl9170 image",
         "device": "1-1", "driver": "carl9170"},
        {"event": "module", "name": "virtio_net", "origin": 1, "sig-status": 1,
         "path": "/lib/modules/6.1.0-56-amd64/kernel/virtio_net.ko",
         "author": ["Rusty Russell"], "license": "GPL", "intree": 1,
         "image": "virtio_net image", "signature": "3082000000"}]}


# --- corruptions ---------------------------------------------------------
# A corruption edits the description, the built records or the bytes. The
# number after the colon chooses the record (default: the last).

def at(log, n):
    return log["records"][n if n is not None else -1]


def set_in(key, value):
    def edit(log, n):
        at(log, n)[key] = value(log, n) if callable(value) else value
    return edit


def shift(by):
    """recnum of record n and of all after it, moved."""
    def edit(log, n):
        recs = log["records"]
        first = len(recs) - 1 if n is None else n
        for i in range(first, len(recs)):
            recs[i]["recnum"] = i + by
    return edit


def all_numbers(first):
    def edit(log, n):
        for i, rec in enumerate(log["records"]):
            rec["recnum"] = (first + i) % 2 ** 64
    return edit


def second_anchor(log, n):
    log["records"].insert(len(log["records"]) if n is None else n,
                          {"event": "anchor"})


def anchor_last(log, n):
    log["records"].append(log["records"].pop(0))


def no_anchor(log, n):
    log["records"].pop(0)


def raw_fields(edit_list):
    """Edit the list of TLVs inside the content before it is hashed."""
    def edit(log, n):
        rec = at(log, n)
        i = log["records"].index(rec)
        rec.setdefault("time", 1000000000 + 1000 * i)
        body = content_of(log, rec)[5:]
        fields = []
        while body:
            kind, size = struct.unpack(">BI", body[:5])
            fields.append([kind, body[5:5 + size].hex()])
            body = body[5 + size:]
        rec["fields"] = edit_list(fields)
    return edit


def in_group(event, items):
    """Another record of that event, with these items, at the end."""
    def edit(log, n):
        log["records"].append({"event": event, "items": items or [
            {"name": "x"}]})
    return edit


def swap_head(f):
    return [f[1], f[0]] + f[2:]


def swap_tail(f):
    return f[:-2] + [f[-1], f[-2]]


def patch_length(where, value):
    """Overwrite the length of one TLV of a record's encoding; digests that
    are taken over it are taken afterwards when it lies inside the content."""
    def edit(records, n):
        rec = records[n if n is not None else -1]
        part = bytearray(rec["parts"][where])
        old = struct.unpack(">I", part[1:5])[0]
        new = value(old) if callable(value) else value
        part[1:5] = struct.pack(">I", new & 0xFFFFFFFF)
        rec["parts"][where] = bytes(part)
        if where == "content":
            redigest(rec)
    return edit


def redigest(rec):
    rec["digests"] = {b: digest_in(b, rec["parts"]["content"])
                      for b in rec["digests"]}
    rec["parts"][3] = tlv(3, b"".join(tlv(HASHES[b][0], d)
                                      for b, d in rec["digests"].items()))


def inner_length(value):
    """The length of the last field inside the content lies."""
    def edit(records, n):
        rec = records[n if n is not None else -1]
        part = bytearray(rec["parts"]["content"])
        pos = 5
        while True:
            size = struct.unpack(">I", part[pos + 1:pos + 5])[0]
            if pos + 5 + size >= len(part):
                break
            pos += 5 + size
        part[pos + 1:pos + 5] = struct.pack(">I", value(size) & 0xFFFFFFFF)
        rec["parts"]["content"] = bytes(part)
        redigest(rec)
    return edit


def digests_as(make):
    """Replace the nested digests by (type, value) pairs made from them."""
    def edit(records, n):
        rec = records[n if n is not None else -1]
        pairs = make([(HASHES[b][0], d) for b, d in rec["digests"].items()])
        rec["parts"][3] = tlv(3, b"".join(tlv(t, d) for t, d in pairs))
    return edit


def flip_content(records, n):
    """One letter of the content, digest as it was extended."""
    rec = records[n if n is not None else -1]
    part = bytearray(rec["parts"]["content"])
    part[-1] ^= 1
    rec["parts"]["content"] = bytes(part)


def flip_digest(records, n):
    rec = records[n if n is not None else -1]
    part = bytearray(rec["parts"][3])
    part[-1] ^= 1
    rec["parts"][3] = bytes(part)


def cut(count):
    return lambda data, n: data[:-(n if n is not None else count)]


def append(extra):
    return lambda data, n: data + extra


def drop_record(records, n):
    records.pop(n if n is not None else 1)


def swap_records(records, n):
    i = n if n is not None else 1
    records[i], records[i + 1] = records[i + 1], records[i]
    a, b = records[i]["parts"], records[i + 1]["parts"]
    a[0], b[0] = b[0], a[0]


MEASURER, MALFORMED, MISMATCH = "LOG_MEASURER", "MALFORMED", "PCR_MISMATCH"
# name: (phase, function, reason class expected of a verifier, what it is)
# MALFORMED: bytes that are no such log; LOG_MEASURER: a record that is not what
# was measured, or not at its place.
CORRUPTIONS = {
    # record numbers (G01)
    "recnum-gap": ("desc", shift(1), MEASURER, "one number left out"),
    "recnum-repeat": ("desc", shift(-1), MEASURER, "one number twice"),
    "recnum-backwards": ("desc", set_in("recnum", 0), MEASURER, "back to 0"),
    "recnum-first-1": ("desc", all_numbers(1), MEASURER, "first number is 1"),
    "recnum-max": ("desc", set_in("recnum", 2 ** 64 - 1), MEASURER, "2^64-1"),
    "recnum-first-max": ("desc", all_numbers(2 ** 64 - 1), MEASURER,
                         "first number 2^64-1, next 0"),
    "recnum-2-32": ("desc", set_in("recnum", lambda g, n: 2 ** 32 + len(
        g["records"]) - 1), MEASURER, "right number plus 2^32"),
    "recnum-narrow": ("desc", set_in("recnum_width", 1), MALFORMED,
                      "number of 1 byte"),
    "recnum-wide": ("desc", set_in("recnum_width", 9), MALFORMED,
                    "number of 9 bytes"),
    # pcr
    "pcr-other": ("desc", set_in("pcr", 12), MEASURER, "one record, PCR 12"),
    "pcr-wide": ("desc", set_in("pcr_width", 4), MALFORMED, "PCR of 4 bytes"),
    # digests (G02)
    "after-content": ("records", flip_content, MEASURER,
                      "content changed after the extend"),
    "digest-flip": ("records", flip_digest, MEASURER,
                    "digest in the log changed"),
    "digest-short": ("records", digests_as(lambda p: [
        (t, d[:-1]) for t, d in p]), MALFORMED, "digest one byte short"),
    "digest-long": ("records", digests_as(lambda p: [
        (t, d + b"\0") for t, d in p]), MALFORMED, "digest one byte long"),
    "digest-none": ("records", digests_as(lambda p: []), MALFORMED,
                    "no digest at all"),
    "digest-twice": ("records", digests_as(lambda p: p + p[-1:]), MALFORMED,
                     "one bank twice"),
    "digest-many": ("records", digests_as(lambda p: p + [
        (0x40 + i, b"\1" * 32) for i in range(9)]), MALFORMED,
        "more than 8 banks"),
    "bank-missing": ("records", digests_as(lambda p: [
        (0x27, b"\1" * 32)]), MEASURER, "another bank than before"),
    "bank-extra": ("records", digests_as(lambda p: p + [
        (0x27, b"\1" * 32)]), MEASURER, "one bank more than before"),
    # anchor (G07)
    "anchor-missing": ("desc", no_anchor, MEASURER, "no anchor"),
    "anchor-second": ("desc", second_anchor, MEASURER, "a second anchor"),
    "anchor-last": ("desc", anchor_last, MEASURER, "anchor not first"),
    # content
    "event-unknown": ("desc", set_in("event", 77), MEASURER, "event 77"),
    "event-zero": ("desc", set_in("event", 0), MEASURER, "event 0"),
    "magic": ("desc", set_in("magic", 0x4352444D), MALFORMED, "other magic"),
    "version": ("desc", set_in("format-version", 2), MALFORMED,
                "format version 2"),
    "content-type": ("desc", set_in("content_type", 80), MEASURER,
                     "another content type"),
    "field-head": ("desc", raw_fields(swap_head), MALFORMED,
                   "EVENT before FORMAT"),
    "field-order": ("desc", raw_fields(swap_tail), MALFORMED,
                    "last two fields swapped"),
    "field-twice": ("desc", raw_fields(lambda f: f + f[-1:]), MALFORMED,
                    "a field that may not repeat, twice"),
    "field-width": ("desc", raw_fields(lambda f: [
        [t, "00" + v] if t == 2 else [t, v] for t, v in f]), MALFORMED,
        "TIME of 9 bytes"),
    "field-none": ("desc", raw_fields(lambda f: []), MALFORMED,
                   "empty content"),
    "field-many": ("desc", raw_fields(lambda f: [
        x for x in f if x[0] < 0x18] + [[0x18, "41"]] * 17), MALFORMED,
        "17 authors"),
    "item-none": ("desc", in_group("module", []), MALFORMED,
                  "an item in a record that is no group"),
    "item-no-event": ("desc", in_group("snapshot", [
        {"lead": False, "name": "x"}]), MALFORMED, "an item without event"),
    "item-empty": ("desc", in_group("snapshot", [{"fields": []}]), MALFORMED,
                   "an empty item"),
    "item-no-time": ("desc", in_group("batch", [
        {"fields": [[1, "0003"], [0x10, "41"]]}]), MALFORMED,
        "an item of a batch without time"),
    "item-time": ("desc", in_group("snapshot", [{"time": 5, "name": "x"}]),
                  MALFORMED, "an item of a snapshot with a time"),
    "item-anchor": ("desc", in_group("batch", [{"event": "anchor"}]), MEASURER,
                    "an anchor in a group"),
    "item-group": ("desc", in_group("snapshot", [{"event": "snapshot"}]),
                   MEASURER, "a group in a group"),
    "item-unknown": ("desc", in_group("batch", [{"name": "x"}, {"event": 77}]),
                     MEASURER, "an unknown event in a group"),
    "item-nested": ("desc", in_group("snapshot", [
        {"name": "x", "extra": [[0x30, "41"]]}]), MALFORMED,
        "an item in an item"),
    "item-order": ("desc", in_group("snapshot", [
        {"origin": 1, "extra": [[0x10, "41"]]}]), MALFORMED,
        "fields of an item out of order"),
    "text-control": ("desc", set_in("name", {"hex": "610a62"}), MALFORMED,
                     "a bare newline in text"),
    "text-latin1": ("desc", set_in("name", {"hex": "61e962"}), MALFORMED,
                    "text that is not UTF-8"),
    "text-long": ("desc", set_in("name", "n" * 1025), MALFORMED,
                  "a name of 1025 bytes"),
    # order of the four TLVs
    "order-digests": ("desc", set_in("order", [0, 3, 1, "content"]), MALFORMED,
                      "digests before pcr"),
    "order-content": ("desc", set_in("order", ["content", 0, 1, 3]), MALFORMED,
                      "content first"),
    "no-content": ("desc", set_in("drop", ["content"]), MALFORMED,
                   "record without content"),
    "no-digests": ("desc", set_in("drop", [3]), MALFORMED,
                   "record without digests"),
    # lengths (A10 for the log)
    "length-more": ("records", patch_length("content", lambda n: n + 1),
                    MALFORMED, "content claims one byte more"),
    "length-less": ("records", patch_length("content", lambda n: n - 1),
                    MEASURER, "content claims one byte less"),
    "length-huge": ("records", patch_length("content", 0xFFFFFFFF), MALFORMED,
                    "content claims 2^32-1 bytes"),
    "length-digests": ("records", patch_length(3, lambda n: n + 5), MALFORMED,
                       "digests claim 5 bytes more"),
    "length-inner": ("records", inner_length(lambda n: n + 1), MALFORMED,
                     "last field claims one byte more"),
    "length-inner-huge": ("records", inner_length(lambda n: 0xFFFFFFF0),
                          MALFORMED, "last field claims 2^32-16 bytes"),
    "cut": ("bytes", cut(1), MALFORMED, "last byte missing"),
    "tail-byte": ("bytes", append(b"\0"), MALFORMED, "one byte too many"),
    "tail-text": ("bytes", append(b"END OF LOG\n"), MALFORMED, "text after it"),
    "empty": ("bytes", lambda d, n: b"", MEASURER, "a log of 0 bytes"),
    # edits of what was extended honestly
    "after-drop": ("records", drop_record, MEASURER, "one record removed"),
    "after-swap": ("records", swap_records, MISMATCH,
                   "two records exchanged, numbers put right"),
    "after-drop-last": ("records", lambda r, n: r.pop(), MISMATCH,
                        "the last record removed"),
}


def parse_corruption(word):
    name, _, n = word.partition(":")
    if name not in CORRUPTIONS:
        sys.exit("mklog: no corruption '%s'; see --list" % name)
    return name, (int(n) if n else None)


def apply(phase, words, target):
    for word in words:
        name, n = parse_corruption(word)
        how, edit, _, _ = CORRUPTIONS[name]
        if how == phase:
            result = edit(target, n)
            target = result if phase == "bytes" else target
    return target


def make(log, corruptions=()):
    """-> (log bytes, [digests to extend, one {bank: bytes} per record])"""
    log = copy.deepcopy(log)
    apply("desc", corruptions, log)
    records = build(log)
    covered = len(records) - log.get("uncovered", 0)
    honest = [dict(r["digests"]) for r in records]
    apply("records", corruptions, records)
    bad = [dict(r["digests"]) for r in records]
    after = any(c.startswith("after-") for c in corruptions)
    data = apply("bytes", corruptions, join(records))
    return data, (honest if after else bad)[:covered]


def replay(extends, banks, start=None):
    """-> {bank: value of the PCR after these extends}"""
    out = {b: (start or {}).get(b, bytes(HASHES[b][2])) for b in banks}
    for digests in extends:
        for bank, digest in digests.items():
            name = HASHES[bank][1]
            if name and bank in out:
                out[bank] = hashlib.new(name, out[bank] + digest).digest()
    return out


def extend(tcti, pcr, extends):
    """tpm2_pcrextend takes many specifications and keeps their order."""
    specs = ["%d:%s" % (pcr, ",".join("%s=%s" % (b, d.hex())
                                      for b, d in digests.items()))
             for digests in extends]
    for i in range(0, len(specs), 64):
        subprocess.run(["tpm2_pcrextend", "-T", tcti] + specs[i:i + 64],
                       check=True)


def main():
    ap = argparse.ArgumentParser(description="make a measurer log")
    ap.add_argument("-d", "--description", help="JSON file, - for stdin")
    ap.add_argument("-c", "--corrupt", action="append", default=[])
    ap.add_argument("-o", "--output", help="the log; - for stdout")
    ap.add_argument("--tcti", help="extend the covered records here")
    ap.add_argument("--digests", help="write what is extended, as JSON")
    ap.add_argument("--list", action="store_true", help="corruptions, with "
                    "the reason class a verifier should give")
    args = ap.parse_args()
    if args.list:
        for name, (_, _, reason, what) in CORRUPTIONS.items():
            print("%s\t%s\t%s" % (name, reason, what))
        return
    log = default_log()
    if args.description:
        with (sys.stdin if args.description == "-" else
              open(args.description, encoding="utf-8")) as f:
            log.update(json.load(f))
    data, extends = make(log, args.corrupt)
    if args.tcti:
        extend(args.tcti, log["pcr"], extends)
    if args.digests:
        with open(args.digests, "w", encoding="utf-8") as f:
            json.dump([{b: d.hex() for b, d in e.items()} for e in extends], f)
    if args.output == "-":
        sys.stdout.buffer.write(data)
    elif args.output:
        with open(args.output, "wb") as f:
            f.write(data)


if __name__ == "__main__":
    main()
