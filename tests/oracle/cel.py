# SPDX-License-Identifier: Apache-2.0
"""The measurer log, from the comment of kmod/uapi/credence.h.

Malformed: the bytes are not records of four TLVs. BadLog: they are, but break
a rule of the format (reason class LOG_MEASURER).
"""
import struct
from types import SimpleNamespace as Record

from cbor import Malformed
from tpm import HASH, SIZE, digest

CONTENT, MAGIC, VERSION = 205, 0x4352444E, 1
MAX_CONTENT, MAX_BANKS, MAX_REPEAT, MAX_ITEMS = 256 * 1024, 8, 16, 4096
MAX_TEXT, MAX_PATH, MAX_SIGNATURE = 1024, 4096, 16384
ANCHOR, SNAPSHOT, MODULE, RESULT, FIRMWARE, FAULT, FULL, LOST, UNLOAD = \
    range(1, 10)
DIGEST_SIZE = {4: 20, 11: 32, 12: 48, 13: 64, 18: 32, 0x27: 32, 0x28: 48,
               0x29: 64}
REPEATS = {0x18: MAX_REPEAT, 0x1E: MAX_REPEAT, 0x20: MAX_REPEAT,
           0x30: MAX_ITEMS, 0x40: MAX_BANKS, 0x4D: MAX_BANKS, 0x4E: None,
           0x4F: None}
WIDTHS = {0x00: 6, 0x01: 2, 0x02: 8, 0x12: 1, 0x13: 8, 0x17: 1, 0x1D: 1,
          0x21: 8, 0x22: 4, 0x24: 4, 0x25: 4, 0x28: 8, 0x29: 4, 0x2B: 8,
          0x41: 4, 0x42: 4, 0x43: 8, 0x44: 1, 0x45: 16, 0x46: 16, 0x4A: 1,
          0x4B: 1, 0x4C: 8, 0x4D: 4}
HASHES = (0x14, 0x15, 0x40)
TEXTS = {0x10, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1E, 0x1F, 0x20, 0x26, 0x2A,
         0x2C, 0x2D, 0x47, 0x48, 0x49, 0x4E, 0x4F, 0x50}
PATH, SIGNATURE, ITEM = 0x11, 0x16, 0x30


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
        raise BadLog("text of %d bytes" % len(value))
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise BadLog("text is not UTF-8") from None
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):
        raise BadLog("a bare control character in text")
    return text


def check_field(kind, value):
    if kind in WIDTHS and len(value) != WIDTHS[kind]:
        raise BadLog("field 0x%02x of %d bytes" % (kind, len(value)))
    if kind in HASHES and (not value or
                           DIGEST_SIZE.get(value[0], len(value) - 1) !=
                           len(value) - 1):
        raise BadLog("field 0x%02x: size of digest" % kind)
    if kind in TEXTS:
        read_text(value, MAX_TEXT)
    if kind == PATH:
        read_text(value, MAX_PATH)
    if kind == SIGNATURE and len(value) > MAX_SIGNATURE:
        raise BadLog("signature of %d bytes" % len(value))


def read_fields(value, at, inside_item=False):
    """{type: value, or [values] where it may repeat}"""
    out, last = {}, -1
    for kind, bits, where in tlvs(value, at):
        if kind < last or (kind == last and kind not in REPEATS):
            raise BadLog("offset %d: field 0x%02x out of order" % (where, kind))
        if inside_item and kind in (0, 1, 2, ITEM):
            raise BadLog("offset %d: field 0x%02x in an item" % (where, kind))
        last = kind
        check_field(kind, bits)
        if kind == ITEM:
            bits = read_fields(bits, where + 5, True)
        if kind not in REPEATS:
            out[kind] = bits
            continue
        out.setdefault(kind, []).append(bits)
        if REPEATS[kind] and len(out[kind]) > REPEATS[kind]:
            raise BadLog("offset %d: field 0x%02x too often" % (where, kind))
    return out


def read_content(value, at):
    fields = read_fields(value, at)
    if not {0, 1, 2} <= set(fields):
        raise BadLog("offset %d: FORMAT, EVENT or TIME missing" % at)
    if fields[0] != struct.pack(">IH", MAGIC, VERSION):
        raise BadLog("offset %d: format magic or version" % at)
    event = int.from_bytes(fields[1], "big")
    if not ANCHOR <= event <= UNLOAD:
        raise BadLog("offset %d: unknown event %d" % (at, event))
    return event, fields


def split(log):
    """The framing of the whole log first: all of it, or it is no log."""
    flat, out = tlvs(log), []
    for i in range(0, len(flat), 4):
        four = flat[i:i + 4]
        at = four[0][2]
        if [t for t, _, _ in four[:3]] != [0, 1, 3] or len(four) != 4:
            raise Malformed("log, offset %d: not recnum, pcr, digests, "
                            "content" % at)
        (_, num, _), (_, pcr, _), (_, digests, dat), (kind, body, cat) = four
        if len(num) != 8 or len(pcr) != 1:
            raise Malformed("log, offset %d: width of recnum or pcr" % at)
        if len(body) > MAX_CONTENT:
            raise Malformed("log, offset %d: content too long" % at)
        out.append(Record(recnum=int.from_bytes(num, "big"), pcr=pcr[0],
                          digests=read_digests(digests, dat), kind=kind,
                          body=body, offset=at, body_at=cat + 5,
                          tlv=struct.pack(">BI", kind, len(body)) + body))
    return out


def bank_hashes(anchor):
    """{low byte of bank: low byte of the hash used in it}"""
    return dict(struct.unpack(">HH", b) for b in anchor.fields.get(0x4D, []))


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


def read(log):
    records = split(log)
    for i, rec in enumerate(records):
        if rec.recnum != i:
            raise BadLog("record %d has number %d" % (i, rec.recnum))
        if rec.kind != CONTENT:
            raise BadLog("record %d: content type %d" % (i, rec.kind))
        rec.event, rec.fields = read_content(rec.body, rec.body_at)
        if (rec.event == ANCHOR) != (i == 0):
            raise BadLog("record %d: anchor missing, not first or twice" % i)
        if rec.pcr != records[0].pcr or \
                list(rec.digests) != list(records[0].digests):
            raise BadLog("record %d: another PCR or other banks" % i)
        check_digests(rec, bank_hashes(records[0]))
    if not records:
        raise BadLog("no record, so no anchor")
    return records


def replay(records, bank, start, quoted):
    """Largest prefix whose replay is the quoted value; None if none is."""
    pcr, covered = start, None
    for i, rec in enumerate(records):
        pcr = digest(bank, pcr + rec.digests[bank])
        if pcr == quoted:
            covered = i + 1
    return covered


def start_value(records, bank):
    """The PCR before record 0, as the anchor found it."""
    for found in records[0].fields.get(0x40, []):
        if found[0] == bank:
            return found[1:]
    return bytes(SIZE[bank])
