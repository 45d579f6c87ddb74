# SPDX-License-Identifier: Apache-2.0
"""A strict reader, and a lax writer, for the CBOR that evidence is made of.

Reads deterministic CBOR only (RFC 8949, 4.2.1): shortest heads, definite
lengths, map keys in byte order and once each. The writer writes whatever it is
told, because the attack cases need bundles that break those rules.
"""


class Malformed(Exception):
    pass


class Reader:
    def __init__(self, data):
        self.data, self.pos = data, 0

    def take(self, n):
        if n > len(self.data) - self.pos:
            raise Malformed("offset %d: %d bytes wanted, %d left" %
                            (self.pos, n, len(self.data) - self.pos))
        self.pos += n
        return self.data[self.pos - n:self.pos]

    def head(self):
        at = self.pos
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info
        if info > 27:
            raise Malformed("offset %d: indefinite or reserved length" % at)
        size = 1 << (info - 24)
        value = int.from_bytes(self.take(size), "big")
        if value < (24 if size == 1 else 1 << 4 * size):
            raise Malformed("offset %d: length not in its shortest form" % at)
        return major, value

    def item(self, depth=0):
        at = self.pos
        major, value = self.head()
        if major == 0:
            return value
        if major == 2:
            return bytes(self.take(value))
        if major == 3:
            try:
                return self.take(value).decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed("offset %d: text is not UTF-8" % at) from None
        if depth > 3:
            raise Malformed("offset %d: nested too deep" % at)
        if major == 4:
            return [self.item(depth + 1) for _ in self.count(value)]
        if major == 5:
            return self.map(value, depth)
        raise Malformed("offset %d: major type %d has no place here" %
                        (at, major))

    def count(self, n):
        if n > len(self.data) - self.pos:
            raise Malformed("offset %d: %d items cannot fit" % (self.pos, n))
        return range(n)

    def map(self, n, depth):
        out, last = {}, b""
        for _ in self.count(n):
            at = self.pos
            key = self.item(depth + 1)
            raw = bytes(self.data[at:self.pos])
            if not isinstance(key, (int, str)):
                raise Malformed("offset %d: odd kind of key" % at)
            if raw <= last:
                raise Malformed("offset %d: keys not in order, or twice" % at)
            last = raw
            out[key] = self.item(depth + 1)
        return out


def loads(data):
    reader = Reader(data)
    value = reader.item()
    if reader.pos != len(data):
        raise Malformed("offset %d: bytes after the end" % reader.pos)
    return value


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 1 << 8 * size:
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    raise ValueError(n)


def dumps(value, sort=True):
    if isinstance(value, bool) or value is None:
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, (bytes, bytearray)):
        return head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, (list, tuple)):
        return head(4, len(value)) + b"".join(dumps(v, sort) for v in value)
    pairs = value.items() if isinstance(value, dict) else value.pairs
    coded = [(dumps(k, sort), dumps(v, sort)) for k, v in pairs]
    if sort and isinstance(value, dict):
        coded.sort()
    return head(5, len(coded)) + b"".join(k + v for k, v in coded)


class Pairs:
    """A map whose order and repeated keys stay as given."""
    def __init__(self, pairs):
        self.pairs = list(pairs)
