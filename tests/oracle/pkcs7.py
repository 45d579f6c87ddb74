# SPDX-License-Identifier: Apache-2.0
"""The signature appended to a module, judged a second time.

From RFC 5652 and policies/README.md. Certificates and the arithmetic are
python-cryptography's; the few structures of a detached signature are read here,
since that library reads no signature without its content.
"""
import hashlib
import re

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

MAX_SIGNATURE = 16384
SEQ, SET, OID, INT, OCTETS, NULL = 0x30, 0x31, 6, 2, 4, 5
SHA2 = {bytes([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, n]): (alg, name)
        for n, alg, name in ((1, 11, "sha256"), (2, 12, "sha384"),
                             (3, 13, "sha512"))}
RSA = bytes.fromhex("2a864886f70d0101")
ECDSA = bytes.fromhex("2a8648ce3d0403")
# what signs: (kind of key, the only hash it goes with or None)
SCHEMES = {RSA + b"\1": (rsa.RSAPublicKey, None)}
SCHEMES.update({RSA + bytes([10 + n]): (rsa.RSAPublicKey, 10 + n)
                for n in (1, 2, 3)})
SCHEMES.update({ECDSA + bytes([1 + n]): (ec.EllipticCurvePublicKey, 10 + n)
                for n in (1, 2, 3)})
PKCS7 = bytes.fromhex("2a864886f70d0107")
PKCS9 = bytes.fromhex("2a864886f70d0109")


class Unreadable(Exception):
    pass


def need(good):
    if not good:
        raise Unreadable


def elements(data):
    """[(tag, value, whole)]"""
    out = []
    while data:
        need(len(data) >= 2)
        size, head = data[1], 2
        if size & 0x80:
            n = size & 0x7F
            need(1 <= n <= 4 and len(data) >= 2 + n and data[2])
            size, head = int.from_bytes(data[2:2 + n], "big"), 2 + n
            need(size >= 0x80)
        need(len(data) - head >= size)
        out.append((data[0], data[head:head + size], data[:head + size]))
        data = data[head + size:]
    return out


def parts(data, *tags):
    """Values of exactly these elements; None stands for one that is not
    there, a tag as (tag,) for one that need not be."""
    found, out = elements(data), []
    for tag in tags:
        wanted = tag[0] if isinstance(tag, tuple) else tag
        if found and found[0][0] == wanted:
            out.append(found.pop(0))
        else:
            need(isinstance(tag, tuple))
            out.append(None)
    need(not found)
    return out


def algorithm(element, table):
    inside = elements(element[1])
    need(inside and inside[0][0] == OID)
    if inside[0][1] not in SHA2 and inside[0][1] not in SCHEMES:
        raise Unreadable
    need(len(inside) == 1 or (len(inside) == 2 and inside[1][0] == NULL and
                              not inside[1][1]))
    need(inside[0][1] in table)
    return table[inside[0][1]]


class Signature:
    def __init__(self, data):
        need(len(data) <= MAX_SIGNATURE)
        outer, = parts(data, SEQ)
        kind, tagged = parts(outer[1], OID, 0xA0)
        need(kind[1] == PKCS7 + b"\2")
        inner, = parts(tagged[1], SEQ)
        version, hash_set, content, _, _, infos = parts(
            inner[1], INT, SET, SEQ, (0xA0,), (0xA1,), SET)
        need(version[1] in (b"\1", b"\3"))
        kind, = parts(content[1], OID)
        need(kind[1] == PKCS7 + b"\1")
        one, = parts(hash_set[1], SEQ)
        info, = parts(infos[1], SEQ)
        self.signer_info(info[1], version[1])
        need(algorithm(one, SHA2) == self.hash)

    def signer_info(self, data, version):
        by_key = version == b"\3"
        number, who, hash_, attributes, scheme, value, _ = parts(
            data, INT, 0x80 if by_key else SEQ, SEQ, (0xA0,), SEQ, OCTETS,
            (0xA1,))
        need(number[1] == version and who[1] and value[1])
        self.key_id = who[1] if by_key else None
        if not by_key:
            name, serial = parts(who[1], SEQ, INT)
            need(serial[1])
            self.issuer, self.serial = name[2], serial[1]
        self.hash = algorithm(hash_, SHA2)
        self.kind, only = algorithm(scheme, SCHEMES)
        need(only in (None, self.hash[0]))
        self.value, self.attributes = value[1], None
        if attributes:
            self.read_attributes(attributes[1])

    def read_attributes(self, data):
        self.attributes = attributes = data
        found = {}
        for tag, value, _ in elements(attributes):
            need(tag == SEQ)
            kind, values = parts(value, OID, SET)
            if kind[1] in (PKCS9 + b"\3", PKCS9 + b"\4"):
                need(kind[1] not in found)
                found[kind[1]], = parts(values[1], OID if kind[1][-1] == 3
                                        else OCTETS)
        need(len(found) == 2 and found[PKCS9 + b"\3"][1] == PKCS7 + b"\1")
        self.claimed = found[PKCS9 + b"\4"][1]
        need(self.claimed)

    def names(self, cert):
        if self.key_id is not None:
            return self.key_id == cert.key_id
        return (self.issuer, self.serial) == (cert.issuer, cert.serial)

    def fits(self, cert, payload):
        if not isinstance(cert.key, self.kind):
            return False
        if self.attributes is not None:
            if self.claimed != payload:
                return False
            size = len(self.attributes)
            head = bytes([size]) if size < 0x80 else bytes(
                [0x80 + (size.bit_length() + 7) // 8]) + size.to_bytes(
                    (size.bit_length() + 7) // 8, "big")
            payload = hashlib.new(self.hash[1], bytes([SET]) + head +
                                  self.attributes).digest()
        algo = utils.Prehashed({11: hashes.SHA256, 12: hashes.SHA384,
                                13: hashes.SHA512}[self.hash[0]]())
        try:
            if isinstance(cert.key, rsa.RSAPublicKey):
                cert.key.verify(self.value, payload, padding.PKCS1v15(), algo)
            else:
                cert.key.verify(self.value, payload, ec.ECDSA(algo))
        except exceptions.InvalidSignature:
            return False
        return True


class Certificate:
    def __init__(self, pem, owner):
        cert = x509.load_pem_x509_certificate(pem)
        self.owner, self.key = owner, cert.public_key()
        self.issuer = cert.issuer.public_bytes()
        number = cert.serial_number
        self.serial = number.to_bytes(number.bit_length() // 8 + 1, "big")
        try:
            self.key_id = cert.extensions.get_extension_for_class(
                x509.SubjectKeyIdentifier).value.digest
        except x509.ExtensionNotFound:
            self.key_id = None


def certificates(data, owner):
    return [Certificate(block, owner) for block in re.findall(
        rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", data,
        re.DOTALL)]


def judge(data, payloads, certs):
    """-> (word, certificate or None); payloads: {TPM_ALG_ID: digest}"""
    try:
        sig = Signature(data)
    except Unreadable:
        return "unreadable", None
    named = [c for c in certs if sig.names(c)]
    if not named:
        return "unknown-key", None
    if sig.hash[0] not in payloads:
        return "unreadable", None
    for cert in named:
        if sig.fits(cert, payloads[sig.hash[0]]):
            return "valid", cert
    return "wrong", None
