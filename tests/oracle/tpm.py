# SPDX-License-Identifier: Apache-2.0
"""TPM structures (TCG TPM 2.0 Library, Part 2) and the checks on a quote."""
import hashlib
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from cbor import Malformed

SHA1, SHA256, SHA384, SHA512 = 4, 0x0B, 0x0C, 0x0D
HASH = {SHA1: "sha1", SHA256: "sha256", SHA384: "sha384", SHA512: "sha512"}
SIZE = {SHA1: 20, SHA256: 32, SHA384: 48, SHA512: 64}
RSASSA, RSAPSS, ECDSA, ALG_NULL = 0x14, 0x16, 0x18, 0x10
ALG_RSA, ALG_ECC = 1, 0x23
CURVES = {3: (ec.SECP256R1, 32), 4: (ec.SECP384R1, 48)}
GENERATED, ST_QUOTE = 0xFF544347, 0x8018
QUOTED_PCRS = (1 << 16) - 1
FIXED_TPM, FIXED_PARENT, ORIGIN = 0x2, 0x10, 0x20
ENCRYPTED_DUPLICATION, RESTRICTED = 0x800, 1 << 16
DECRYPT, SIGN = 1 << 17, 1 << 18
MUST, MUST_NOT = FIXED_TPM | FIXED_PARENT | ORIGIN | RESTRICTED | SIGN, \
    DECRYPT | ENCRYPTED_DUPLICATION


def digest(alg, data):
    return hashlib.new(HASH[alg], data).digest()


class Unknown(Exception):
    """Well-formed, but of a kind that nobody here can check."""


class Cursor:
    def __init__(self, data, what):
        self.data, self.pos, self.what = data, 0, what

    def take(self, n):
        if n > len(self.data) - self.pos:
            raise Malformed("%s, offset %d: cut short" % (self.what, self.pos))
        self.pos += n
        return self.data[self.pos - n:self.pos]

    def num(self, n):
        return int.from_bytes(self.take(n), "big")

    def tpm2b(self):
        return self.take(self.num(2))

    def end(self):
        if self.pos != len(self.data):
            raise Malformed("%s, offset %d: bytes after the end" %
                            (self.what, self.pos))


class Ak:
    """Part 2, 12.2.4 TPMT_PUBLIC in a TPM2B_PUBLIC."""

    def __init__(self, blob):
        outer = Cursor(blob, "AK")
        area = outer.tpm2b()
        outer.end()
        c = Cursor(area, "AK")
        self.kind, name_alg = c.num(2), c.num(2)
        self.attributes = c.num(4)
        c.tpm2b()
        if self.kind not in (ALG_RSA, ALG_ECC):
            raise Unknown("AK: key type 0x%04x" % self.kind)
        if name_alg not in HASH:
            raise Unknown("AK: name algorithm 0x%04x" % name_alg)
        if c.num(2) != ALG_NULL:
            c.take(4)
        self.scheme = c.num(2)
        self.hash = c.num(2) if self.scheme != ALG_NULL else ALG_NULL
        self.read_key(c)
        c.end()
        if self.scheme != ALG_NULL and not self.known_scheme():
            raise Unknown("AK: scheme 0x%04x with hash 0x%04x" %
                            (self.scheme, self.hash))
        self.name = struct.pack(">H", name_alg) + digest(name_alg, area)

    def read_key(self, c):
        if self.kind == ALG_RSA:
            bits, exponent = c.num(2), c.num(4) or 65537
            modulus = c.tpm2b()
            if bits not in (2048, 3072, 4096) or len(modulus) * 8 != bits:
                raise Malformed("AK: RSA size")
            n = int.from_bytes(modulus, "big")
            try:
                self.key = rsa.RSAPublicNumbers(exponent, n).public_key()
            except ValueError as e:
                raise Malformed("AK: %s" % e) from None
            return
        curve = c.num(2)
        if c.num(2) != ALG_NULL:
            c.take(2)
        x, y = c.tpm2b(), c.tpm2b()
        if curve not in CURVES:
            raise Unknown("AK: curve 0x%04x" % curve)
        make, size = CURVES[curve]
        if len(x) > size or len(y) > size:
            raise Malformed("AK: coordinate too long")
        try:
            self.key = ec.EllipticCurvePublicNumbers(
                int.from_bytes(x, "big"), int.from_bytes(y, "big"),
                make()).public_key()
        except ValueError as e:
            raise Malformed("AK: %s" % e) from None

    def fit(self):
        """Is it the kind of key that signs only what its TPM made?"""
        return (self.attributes & MUST == MUST and
                not self.attributes & MUST_NOT and
                self.scheme != ALG_NULL)

    def known_scheme(self):
        return self.hash in (SHA256, SHA384, SHA512) and self.scheme in (
            (ECDSA,) if self.kind == ALG_ECC else (RSASSA, RSAPSS))

    def verify(self, sig, data):
        algo = utils.Prehashed({SHA1: hashes.SHA1, SHA256: hashes.SHA256,
                                SHA384: hashes.SHA384, SHA512: hashes.SHA512
                                }[self.hash]())
        hashed = digest(self.hash, data)
        try:
            if self.scheme == ECDSA:
                r, s = (int.from_bytes(p, "big") for p in sig.parts)
                self.key.verify(utils.encode_dss_signature(r, s), hashed,
                                ec.ECDSA(algo))
            elif self.scheme == RSASSA:
                self.key.verify(sig.parts[0], hashed, padding.PKCS1v15(), algo)
            else:
                self.key.verify(sig.parts[0], hashed, padding.PSS(
                    padding.MGF1(algo._algorithm), padding.PSS.AUTO), algo)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signature:
    """Part 2, 11.3.4 TPMT_SIGNATURE."""

    def __init__(self, blob, ak):
        c = Cursor(blob, "signature")
        alg, name = c.num(2), c.num(2)
        self.fits = (alg, name) == (ak.scheme, ak.hash)
        if alg not in (RSASSA, RSAPSS, ECDSA):
            return	# of no form known here, and not of this key
        self.parts = [c.tpm2b() for _ in range(2 if alg == ECDSA else 1)]
        c.end()


class Statement:
    """Part 2, 10.12.12 TPMS_ATTEST; the body is read for quotes only."""

    def __init__(self, blob):
        c = Cursor(blob, "statement")
        self.magic, self.type = c.num(4), c.num(2)
        self.signer, self.extra = c.tpm2b(), c.tpm2b()
        self.clock, self.reset, self.restart = c.num(8), c.num(4), c.num(4)
        self.safe, self.firmware = c.num(1), c.num(8)
        if self.safe > 1:
            raise Malformed("statement: clockInfo.safe is %d" % self.safe)
        self.is_quote = self.magic == GENERATED and self.type == ST_QUOTE
        if self.type != ST_QUOTE:
            return
        self.selections = [self.selection(c) for _ in range(self.count(c))]
        self.pcr_digest = c.tpm2b()
        c.end()

    @staticmethod
    def count(c):
        n = c.num(4)
        if n > 16:
            raise Malformed("statement, offset %d: %d selections" % (c.pos, n))
        return n

    @staticmethod
    def selection(c):
        bank, size = c.num(2), c.num(1)
        if size > 4:
            raise Malformed("statement, offset %d: bitmap of %d bytes" %
                            (c.pos, size))
        return bank, int.from_bytes(c.take(size), "little")


def check_quote(ak, attest, signature, qualifying, bank, values):
    """-> (reason class or None, Statement). values: {pcr: bytes}"""
    st, sig = Statement(attest), Signature(signature, ak)
    if not sig.fits or not ak.verify(sig, attest):
        return "QUOTE_SIG", st
    if not st.is_quote:
        return "QUOTE_TYPE", st
    if st.extra != qualifying:
        return "NONCE", st
    return check_selection(ak, st, bank, values), st


def check_selection(ak, st, bank, values):
    if st.selections != [(bank, QUOTED_PCRS)]:
        return "PCR_COVERAGE"
    wanted = [values.get(n) for n in range(16)]
    if None in wanted:
        return "PCR_COVERAGE"
    if digest(ak.hash, b"".join(wanted)) != st.pcr_digest:
        return "PCR_MISMATCH"
    return None
