# SPDX-License-Identifier: Apache-2.0
"""Bytes that are no evidence: lengths that lie, order, repeats, leftovers.

A row: (case, what is done, make). make(evidence) returns the bytes of the
bundle; each must end with exit code 5 and a message that says where.
"""
import struct

import surgery
from surgery import cbor


def tree_edit(change):
    def make(ev):
        tree = ev.tree()
        return cbor.dumps(change(tree) or tree)
    return make


def bytes_edit(change):
    return lambda ev: change(ev.encode())


def field_edit(label, change):
    return lambda ev: ev.copy(**{label: change(ev[label])}).encode()


def at(data, where, new):
    return data[:where] + new + data[where + len(new):]


def head_of(label, size):
    """The bytes of an item's byte-string head, to be found in the bundle."""
    return cbor.dumps(surgery.KINDS[label][0]) + cbor.head(2, size)


def lie(label, delta):
    """The byte string of one item claims delta bytes more."""
    def make(ev):
        size = len(ev[label])
        old = head_of(label, size)
        new = head_of(label, size + delta)
        return ev.encode().replace(old, new, 1)
    return make


def huge(label):
    def make(ev):
        old = head_of(label, len(ev[label]))
        new = cbor.dumps(surgery.KINDS[label][0]) + b"\x5b" + b"\xff" * 8
        return ev.encode().replace(old, new, 1)
    return make


def long_head(ev):
    """A length of 2 bytes where 1 would do."""
    old = head_of("ak", len(ev["ak"]))
    new = cbor.dumps(surgery.KINDS["ak"][0]) + b"\x59" + \
        struct.pack(">H", len(ev["ak"]))
    return ev.encode().replace(old, new, 1)


def unsorted(ev):
    pairs = list(ev.tree().items())
    return cbor.dumps(cbor.Pairs(sorted(pairs, key=lambda p: p[0])),
                      sort=False)


def doubled(ev):
    pairs = sorted(ev.tree().items(), key=lambda p: cbor.dumps(p[0]))
    first = [p[0] for p in pairs].index("attest")
    pairs.insert(first, pairs[first])
    return cbor.dumps(cbor.Pairs(pairs), sort=False)


def indefinite(ev):
    data = ev.encode()
    return b"\xbf" + data[1:] + b"\xff"


def set_item(label, value):
    def change(tree):
        tree[label] = value(tree.get(label)) if callable(value) else value
    return tree_edit(change)


def without(label):
    def change(tree):
        del tree[label]
    return tree_edit(change)


def pcr_item(change):
    def make(ev):
        return ev.copy(pcrs=change(*cbor.loads(ev["pcrs"]))).encode()
    return make


def sized(data, size):
    return struct.pack(">H", size) + data[2:]


REQUIRED = ("attest", "signature", "ak", "pcrs", "claims")
OVER = {"attest": 16, "signature": 16, "ak": 16, "pcrs": 16, "claims": 256,
        "log-measurer": 32768, "ak-cert": 16}
ADD = [2 ** 32 - 8, 65536, 1, -1]

CASES = [
    ("empty", "no byte at all", lambda ev: b""),
    ("text", "a text file", lambda ev: b"hello, this is no evidence\n"),
    ("zeros", "4096 zeros", lambda ev: bytes(4096)),
    ("tail", "one byte after the end", bytes_edit(lambda d: d + b"\0")),
    ("tail-map", "a second bundle after it", bytes_edit(lambda d: d + d)),
    ("cut-1", "last byte missing", bytes_edit(lambda d: d[:-1])),
    ("cut-half", "second half missing", bytes_edit(lambda d: d[:len(d) // 2])),
    ("map-more", "map claims one item more", bytes_edit(
        lambda d: bytes([d[0] + 1]) + d[1:])),
    ("map-less", "map claims one item less", bytes_edit(
        lambda d: bytes([d[0] - 1]) + d[1:])),
    ("map-huge", "map claims 2^64-1 items", bytes_edit(
        lambda d: b"\xbb" + b"\xff" * 8 + d[1:])),
    ("array-huge", "an array of 2^32-1", bytes_edit(
        lambda d: b"\x9a" + b"\xff" * 4 + d[1:])),
    ("deep", "10,000 arrays in each other", lambda ev: b"\x81" * 10000 + b"\0"),
    ("indefinite", "a map of indefinite length", indefinite),
    ("long-head", "a length not in its shortest form", long_head),
    ("unsorted", "keys in another order", unsorted),
    ("doubled", "an item twice", doubled),
    ("tag", "another collection type", set_item(
        "__cmwc_t", "tag:credence.invalid,2026:evidence#2")),
    ("no-tag", "no collection type", without("__cmwc_t")),
    ("label", "an unknown label", set_item("attest2", lambda _: [
        surgery.KINDS["attest"][0], b"x", 4])),
    ("media", "an item under another media type", set_item(
        "attest", lambda v: [surgery.KINDS["signature"][0], v[1], 4])),
    ("indicator", "an item with another indicator", set_item(
        "attest", lambda v: [v[0], v[1], 2])),
    ("short-item", "an item of two elements", set_item(
        "attest", lambda v: v[:2])),
    ("text-item", "text where bytes should be", set_item(
        "attest", lambda v: [v[0], v[1].hex(), 4])),
    ("flat-item", "bytes instead of an item", set_item(
        "attest", lambda v: v[1])),
    ("huge-item", "an item that claims 2^64-1 bytes", huge("attest")),
] + [
    ("no-" + label, "no " + label, without(label)) for label in REQUIRED
] + [
    ("cbor-%s%+d" % (label, delta), "%s claims %+d bytes" % (label, delta),
     lie(label, delta))
    for label in REQUIRED + ("log-measurer",) for delta in ADD
] + [
    ("over-" + label, "%s of over %d KiB" % (label, kib), set_item(
        label, lambda v, label=label, kib=kib: [
            surgery.KINDS[label][0], bytes(kib * 1024 + 1),
            surgery.KINDS[label][1]])) for label, kib in OVER.items()
] + [
    ("pcrs-" + name, what, pcr_item(change)) for name, what, change in (
        ("number", "a value for PCR 24", lambda b, v: cbor.dumps(
            [b, {**v, 24: v[0]}])),
        ("negative", "a value for PCR -1", lambda b, v: cbor.dumps(
            [b, {**v, -1: v[0]}])),
        ("short", "a value of 31 bytes", lambda b, v: cbor.dumps(
            [b, {**v, 13: v[13][:31]}])),
        ("long", "a value of 33 bytes", lambda b, v: cbor.dumps(
            [b, {**v, 13: v[13] + b"\0"}])),
        ("none", "no value", lambda b, v: cbor.dumps([b, {}])),
        ("bank", "an unknown bank", lambda b, v: cbor.dumps([0x99, v])),
        ("wide", "a bank over 16 bits", lambda b, v: cbor.dumps(
            [65536 + b, v])),
        ("tail", "bytes after the values", lambda b, v: cbor.dumps([b, v]) +
         b"\0"),
        ("array", "values as an array", lambda b, v: cbor.dumps(
            [b, list(v.values())])))
] + [
    ("claims-" + name, what, lambda ev, c=claims: ev.copy(claims=c).encode())
    for name, what, claims in (
        ("number", "a number as a claim", cbor.dumps({"a": 1})),
        ("list", "claims as an array", cbor.dumps(["a", "b"])),
        ("latin1", "a claim that is not UTF-8", b"\xa1\x61a\x61\xe9"),
        ("order", "claims in another order", cbor.dumps(cbor.Pairs(
            [("b", "1"), ("a", "1")]), sort=False)),
        ("twice", "a claim twice", cbor.dumps(cbor.Pairs(
            [("a", "1"), ("a", "2")]), sort=False)),
        ("tail", "bytes after the claims", cbor.dumps({"a": "1"}) + b"\0"))
] + [
    ("attest-" + name, "statement: " + what, field_edit("attest", change))
    for name, what, change in (
        ("empty", "no byte", lambda d: b""),
        ("head", "three bytes", lambda d: d[:3]),
        ("cut", "last byte missing", lambda d: d[:-1]),
        ("tail", "a byte after the end", lambda d: d + b"\0"),
        ("signer", "signer claims 65,535 bytes", lambda d: at(
            d, 6, b"\xff\xff")),
        ("signer+1", "signer claims one byte more", lambda d: at(
            d, 6, struct.pack(">H", struct.unpack(">H", d[6:8])[0] + 1))),
        ("extra", "nonce claims 65,535 bytes", lambda d: at(
            d, 8 + struct.unpack(">H", d[6:8])[0], b"\xff\xff")),
        ("digest+1", "digest claims one byte more", lambda d: at(
            d, len(d) - 34, b"\0\x21")),
        ("digest-1", "digest claims one byte less", lambda d: at(
            d, len(d) - 34, b"\0\x1f")),
        ("count", "2^32-1 selections", lambda d: at(
            d, len(d) - 44, b"\xff" * 4)),
        ("count-2", "one selection more", lambda d: at(
            d, len(d) - 44, b"\0\0\0\2")),
        ("select", "bitmap of 255 bytes", lambda d: at(
            d, len(d) - 38, b"\xff")))
] + [
    ("signature-" + name, "signature: " + what, field_edit("signature", change))
    for name, what, change in (
        ("empty", "no byte", lambda d: b""),
        ("cut", "last byte missing", lambda d: d[:-1]),
        ("tail", "a byte after the end", lambda d: d + b"\0"),
        ("r+1", "r claims one byte more", lambda d: at(d, 4, b"\0\x21")),
        ("r-huge", "r claims 65,535 bytes", lambda d: at(d, 4, b"\xff\xff")),
        ("s+1", "s claims one byte more", lambda d: at(d, 38, b"\0\x21")),
        ("s-1", "s claims one byte less", lambda d: at(d, 38, b"\0\x1f")))
] + [
    ("ak-" + name, "AK: " + what, field_edit("ak", change))
    for name, what, change in (
        ("empty", "no byte", lambda d: b""),
        ("cut", "last byte missing", lambda d: d[:-1]),
        ("tail", "a byte after the end", lambda d: d + b"\0"),
        ("outer+1", "outer size one more", lambda d: sized(d, len(d) - 1)),
        ("outer-1", "outer size one less", lambda d: sized(d, len(d) - 3)),
        ("policy", "policy claims 65,535 bytes", lambda d: at(
            d, 10, b"\xff\xff")),
        ("x+1", "x claims one byte more", lambda d: at(d, 22, b"\0\x21")),
        ("point", "a point off the curve", lambda d: at(d, 24, b"\1" * 32)))
]
