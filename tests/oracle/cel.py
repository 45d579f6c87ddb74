# SPDX-License-Identifier: Apache-2.0
"""The measurer log, from the comment of kmod/uapi/credence.h.

Malformed: bytes that are no such log. BadLog: a record that is not what was
measured, or not at its place (reason class LOG_MEASURER). The log is read from
its first record on, and the first thing wrong decides.
"""
import re
import struct
from types import SimpleNamespace as Record

from cbor import Malformed
from tpm import HASH, digest

CONTENT, MAGIC, VERSION = 205, 0x4352444E, 1
MAX_CONTENT, MAX_BANKS, MAX_REPEAT, MAX_ITEMS = 256 * 1024, 8, 16, 4096
MAX_TEXT, MAX_PATH, MAX_SIGNATURE = 1024, 4096, 16384
MAX_STRINGS, MAX_DATA, MAX_PAYLOADS = 64, 256, 2
ANCHOR, SNAPSHOT, MODULE, RESULT, FIRMWARE, FAULT, FULL, LOST, UNLOAD, BATCH, \
    DEVICE, GONE, BIND, UNBIND, PLATFORM, COVERAGE, ACTIVITY, POWER = \
    range(1, 19)
GROUPS = (SNAPSHOT, BATCH)
MAX_BUILD_ID = 64
DIGEST_SIZE = {4: 20, 11: 32, 12: 48, 13: 64}
REPEATS = {0x15: MAX_PAYLOADS, 0x64: MAX_STRINGS, 0x7A: MAX_STRINGS,
           0x7B: MAX_STRINGS, 0x18: MAX_REPEAT, 0x1E: MAX_REPEAT, 0x20: MAX_REPEAT,
           0x30: MAX_ITEMS, 0x40: MAX_BANKS, 0x4D: MAX_BANKS, 0x4E: None,
           0x4F: None}
WIDTHS = {0x12: 1, 0x13: 8, 0x17: 1, 0x1D: 1,
          0x21: 8, 0x22: 4, 0x24: 4, 0x25: 4, 0x28: 8, 0x29: 4, 0x2B: 8,
          0x41: 4, 0x42: 4, 0x43: 8, 0x44: 1, 0x45: 16, 0x46: 16, 0x4A: 1,
          0x4B: 1, 0x4C: 8, 0x4D: 4,
          0x33: 2, 0x34: 2, 0x35: 2, 0x36: 2, 0x37: 4, 0x38: 2, 0x3C: 8,
          0x3D: 4, 0x3E: 1, 0x3F: 4, 0x58: 8, 0x60: 1, 0x61: 1, 0x62: 2,
          0x67: 4, 0x69: 4, 0x6A: 1, 0x6B: 16, 0x6C: 4, 0x6D: 4, 0x6E: 4,
          0x6F: 4, 0x70: 4, 0x71: 4, 0x72: 4, 0x73: 4, 0x74: 4, 0x75: 4,
          0x76: 8, 0x77: 4, 0x78: 1, 0x7C: 1, 0x7D: 1, 0x7E: 1}
HASHES = (0x14, 0x15, 0x27, 0x40)
TEXTS = {0x10, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1E, 0x1F, 0x20, 0x26, 0x2A,
         0x2C, 0x2D, 0x47, 0x48, 0x49, 0x4E, 0x4F, 0x50,
         0x2E, 0x2F, 0x31, 0x32, 0x39, 0x3A, 0x3B, 0x64, 0x65, 0x66, 0x68,
         0x7A, 0x7B}
PATH, SIGNATURE, ITEM = 0x11, 0x16, 0x30
KNOWN = set(WIDTHS) | set(HASHES) | TEXTS | {PATH, ITEM, 3, SIGNATURE, 0x23,
                                                      0x63}
BYTES = {3: 255, 0x63: MAX_DATA, SIGNATURE: MAX_SIGNATURE, 0x23: MAX_BUILD_ID}


class BadLog(Exception):
    pass


def tlvs(data, base=0):
    """[(type, value, offset)]; base is where data begins, for messages."""
    out, pos = [], 0
    while pos < len(data):
        if len(data) - pos < 5:
            raise Malformed("log, offset %d: cut short" % (base + pos))
        kind, size = struct.unpack_from(">BI", data, pos)
        if size > len(data) - pos - 5:
            raise Malformed("log, offset %d: length %d, %d bytes left" %
                            (base + pos, size, len(data) - pos - 5))
        out.append((kind, data[pos + 5:pos + 5 + size], base + pos))
        pos += 5 + size
    return out


def read_digests(value, at):
    out = {}
    for kind, bits, where in tlvs(value, at + 5):
        if kind in out:
            raise Malformed("log, offset %d: bank twice" % where)
        if not bits or DIGEST_SIZE.get(kind, len(bits)) != len(bits) or \
                len(bits) > 64:
            raise Malformed("log, offset %d: size of digest" % where)
        out[kind] = bits
    if not 1 <= len(out) <= MAX_BANKS:
        raise Malformed("log, offset %d: %d banks" % (at, len(out)))
    return out


def read_text(value, limit):
    if len(value) > limit:
        raise Malformed("text of %d bytes" % len(value))
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("text is not UTF-8") from None
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):
        raise Malformed("a bare control character in text")
    if "\\" in re.sub(r"\\x[0-9a-f]{2}", "", text):
        raise Malformed("a bare backslash in text")
    return text


def check_field(kind, value):
    if kind in WIDTHS and len(value) != WIDTHS[kind]:
        raise Malformed("field 0x%02x of %d bytes" % (kind, len(value)))
    if kind in HASHES and (not 2 <= len(value) <= 65 or
                           DIGEST_SIZE.get(value[0], len(value) - 1) !=
                           len(value) - 1):
        raise Malformed("field 0x%02x: size of digest" % kind)
    if kind in TEXTS:
        read_text(value, MAX_TEXT)
    if kind == PATH:
        read_text(value, MAX_PATH)
    if kind in BYTES and not 1 <= len(value) <= BYTES[kind]:
        raise Malformed("field 0x%02x of %d bytes" % (kind, len(value)))


def lead(value, at, wanted):
    """The values of the leading TLVs, and what follows them."""
    out = []
    for kind, size in wanted:
        if value[:5] != struct.pack(">BI", kind, size) or len(value) < 5 + size:
            raise Malformed("offset %d: field 0x%02x missing" % (at, kind))
        out.append(value[5:5 + size])
        value, at = value[5 + size:], at + 5 + size
    return out, value, at


def read_item(value, at, group):
    """A record in a group."""
    wanted = ((1, 2), (2, 8)) if group == BATCH else ((1, 2),)
    heads, value, at = lead(value, at, wanted)
    return Record(event=int.from_bytes(heads[0], "big"),
                  fields=read_fields(value, at))


def read_fields(value, at, group=None):
    """{type: value, or [values] where it may repeat}; group: the event, if
    this may hold items."""
    out, last = {}, -1
    for kind, bits, where in tlvs(value, at):
        once = kind in KNOWN and kind not in REPEATS
        if kind < last or (kind == last and once):
            raise Malformed("offset %d: field 0x%02x out of order" %
                            (where, kind))
        if kind < 3 or (kind == ITEM and not group):
            raise Malformed("offset %d: field 0x%02x has no place here" %
                            (where, kind))
        last = kind
        check_field(kind, bits)
        if kind == ITEM:
            bits = read_item(bits, where + 5, group)
        if kind not in REPEATS:
            out[kind] = bits
            continue
        out.setdefault(kind, []).append(bits)
        if REPEATS[kind] and len(out[kind]) > REPEATS[kind]:
            raise Malformed("offset %d: field 0x%02x too often" % (where, kind))
    return out


def read_content(value, at, first):
    """The event first: of an unknown one the fields mean nothing."""
    heads, value, at = lead(value, at, ((0, 6), (1, 2), (2, 8)))
    if heads[0] != struct.pack(">IH", MAGIC, VERSION):
        raise Malformed("offset %d: format magic or version" % at)
    event = int.from_bytes(heads[1], "big")
    if not ANCHOR <= event <= POWER:
        raise BadLog("offset %d: unknown event %d" % (at, event))
    if (event == ANCHOR) != first:
        raise BadLog("offset %d: anchor missing, not first or twice" % at)
    fields = read_fields(value, at, event if event in GROUPS else None)
    for item in fields.get(ITEM, []):
        if not ANCHOR < item.event <= POWER or item.event in GROUPS:
            raise BadLog("offset %d: event %d in a group" % (at, item.event))
    return event, int.from_bytes(heads[2], "big"), fields


def frame(log, at):
    """One record's four TLVs, from offset at."""
    parts, pos = [], at
    for want in (0, 1, 3, None):
        if len(log) - pos < 5:
            raise Malformed("log, offset %d: record cut short" % pos)
        kind, size = struct.unpack_from(">BI", log, pos)
        if size > len(log) - pos - 5:
            raise Malformed("log, offset %d: length %d, %d bytes left" %
                            (pos, size, len(log) - pos - 5))
        if want is not None and kind != want:
            raise Malformed("log, offset %d: not recnum, pcr, digests, "
                            "content" % pos)
        parts.append((kind, log[pos + 5:pos + 5 + size], pos))
        pos += 5 + size
    (_, num, _), (_, pcr, _), (_, digests, dat), (kind, body, cat) = parts
    if len(num) != 8 or len(pcr) != 1:
        raise Malformed("log, offset %d: width of recnum or pcr" % at)
    if len(body) > MAX_CONTENT:
        raise Malformed("log, offset %d: content too long" % at)
    return Record(recnum=int.from_bytes(num, "big"), pcr=pcr[0], end=pos,
                  digests=read_digests(digests, dat), kind=kind, body=body,
                  offset=at, body_at=cat + 5, tlv=log[cat:pos])


def bank_hashes(anchor):
    """{low byte of bank: low byte of the hash used in it}. Needed for the
    anchor's own digest, hence before its content is known to be sound."""
    try:
        found = [v for kind, v, _ in tlvs(anchor.body) if kind == 0x4D]
    except Malformed:
        return {}
    return dict(struct.unpack(">HH", v) for v in found if len(v) == 4)


def check_digests(rec, used):
    for bank, value in rec.digests.items():
        alg = used.get(bank, bank)
        if alg not in (bank, 0x0B):
            raise BadLog("record %d: odd hash for a bank" % rec.recnum)
        if alg not in HASH:
            continue
        want = digest(alg, rec.tlv)[:DIGEST_SIZE.get(bank, 64)]
        if value != want.ljust(len(value), b"\0"):
            raise BadLog("record %d: digest is not that of the content" %
                         rec.recnum)


def check_record(rec, i, first):
    if rec.recnum != i:
        raise BadLog("record %d has number %d" % (i, rec.recnum))
    if rec.kind != CONTENT:
        raise BadLog("record %d: content type %d" % (i, rec.kind))
    check_digests(rec, bank_hashes(first))
    rec.event, rec.time, rec.fields = read_content(rec.body, rec.body_at,
                                                    first is rec)
    if rec.pcr != first.pcr or list(rec.digests) != list(first.digests):
        raise BadLog("record %d: another PCR or other banks" % i)
    if not set(bank_hashes(first)) <= set(rec.digests):
        raise BadLog("record %d: a bank of the anchor has no digest" % i)


def read(log):
    records, at = [], 0
    while at < len(log):
        rec = frame(log, at)
        check_record(rec, len(records), records[0] if records else rec)
        records.append(rec)
        at = rec.end
    if not records:
        raise BadLog("no record, so no anchor")
    return records


def events(records):
    """What happened, in order: records, and instead of a group its items.
    Each has recnum, item (None: not in a group), group, event, fields."""
    for rec in records:
        if rec.event not in GROUPS:
            yield Record(recnum=rec.recnum, item=None, group=None,
                         event=rec.event, fields=rec.fields)
        for i, item in enumerate(rec.fields.get(ITEM, [])):
            yield Record(recnum=rec.recnum, item=i, group=rec.event,
                         event=item.event, fields=item.fields)


def replay(records, bank, start, quoted):
    """Largest prefix whose replay is the quoted value; None if none is."""
    pcr, covered = start, None
    for i, rec in enumerate(records):
        pcr = digest(bank, pcr + rec.digests[bank])
        if pcr == quoted:
            covered = i + 1
    return covered


def start_value(records, bank):
    """The PCR before record 0, as the anchor found it; None: not said."""
    for found in records[0].fields.get(0x40, []):
        if found[0] == bank:
            return found[1:]
    return None
