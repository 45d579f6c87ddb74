# SPDX-License-Identifier: Apache-2.0
"""Take evidence apart, change it, put it together; make TPM structures.

Nothing here checks anything. Software keys stand for what a thief of trust
would use: they sign whatever they are given.
"""
import hashlib
import os
import struct
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../oracle"), os.path.join(HERE, "../lib")]
import cbor  # noqa: E402

TAG = "tag:credence.invalid,2026:evidence#1"
V = "application/vnd.credence."
KINDS = {"attest": (V + "tpms-attest", 4),
         "signature": (V + "tpmt-signature", 4),
         "ak": (V + "tpm2b-public", 4), "pcrs": (V + "pcrs+cbor", 4),
         "claims": (V + "claims+cbor", 4), "log-measurer": (V + "cel-tlv", 4),
         "log-tcg": (V + "tcg-eventlog", 4), "log-ima": (V + "ima-binary", 4),
         "ak-cert": ("application/pkix-cert", 2),
         "ek-cert": ("application/pkix-cert", 2)}
BANKS = {"sha1": (4, 20), "sha256": (0x0B, 32), "sha384": (0x0C, 48),
         "sha512": (0x0D, 64)}
GENERATED, ST_QUOTE = 0xFF544347, 0x8018
AK_ATTRIBUTES = 0x00050072	# the template of tests and agent alike


class Evidence:
    """The items of a bundle, as bytes; pcrs and claims encoded too."""

    def __init__(self, **items):
        self.items = {k.replace("_", "-"): v for k, v in items.items()}

    @classmethod
    def read(cls, data):
        return cls(**{k: v[1] for k, v in cbor.loads(data).items()
                      if k in KINDS})

    def copy(self, **changes):
        new = Evidence(**self.items)
        for key, value in changes.items():
            key = key.replace("_", "-")
            if value is None:
                new.items.pop(key, None)
            else:
                new.items[key] = value
        return new

    def tree(self):
        out = {"__cmwc_t": TAG}
        for key, value in self.items.items():
            out[key] = [KINDS[key][0], value, KINDS[key][1]]
        return out

    def encode(self):
        return cbor.dumps(self.tree())

    def __getitem__(self, key):
        return self.items[key]


def pcrs(bank, values):
    return cbor.dumps([BANKS[bank][0] if isinstance(bank, str) else bank,
                       values])


def qualifying(nonce, claims):
    return hashlib.sha256(b"CREDENCE-EVIDENCE-1" + struct.pack(">H", len(nonce))
                          + nonce + hashlib.sha256(claims).digest()).digest()


def tpm2b(data):
    return struct.pack(">H", len(data)) + data


class SoftKey:
    """A P-256 key in software, dressed as a TPM's."""

    def __init__(self, attributes=AK_ATTRIBUTES, key=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        n = self.key.public_key().public_numbers()
        self.area = struct.pack(">HHIHHHHHH", 0x23, 0x0B, attributes, 0, 0x10,
                                0x18, 0x0B, 3, 0x10) + \
            tpm2b(n.x.to_bytes(32, "big")) + tpm2b(n.y.to_bytes(32, "big"))
        self.public = tpm2b(self.area)
        self.name = b"\0\x0b" + hashlib.sha256(self.area).digest()

    def sign(self, data):
        der = self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(der)
        return struct.pack(">HH", 0x18, 0x0B) + tpm2b(r.to_bytes(32, "big")) + \
            tpm2b(s.to_bytes(32, "big"))


def selection(bank, numbers, size=3):
    bits = sum(1 << n for n in numbers)
    return struct.pack(">HB", BANKS[bank][0], size) + \
        bits.to_bytes(size, "little")


def statement(extra, selections, pcr_digest, signer=b"\0\x0b" + b"\x5a" * 32,
              magic=GENERATED, kind=ST_QUOTE, safe=1, count=None, tail=b""):
    """TPMS_ATTEST, Part 2, 10.12.12"""
    return (struct.pack(">IH", magic, kind) + tpm2b(signer) + tpm2b(extra) +
            struct.pack(">QIIBQ", 4711, 1, 0, safe, 0x2019102300163636) +
            struct.pack(">I", len(selections) if count is None else count) +
            b"".join(selections) + tpm2b(pcr_digest) + tail)


def quote(key, nonce, claims, bank, values, numbers=range(16), **changes):
    """A statement and its signature, as a TPM with that key would make."""
    hashed = hashlib.sha256(b"".join(values[n] for n in sorted(numbers)))
    att = statement(changes.pop("extra", qualifying(nonce, claims)),
                    changes.pop("selections", [selection(bank, numbers)]),
                    changes.pop("pcr_digest", hashed.digest()), **changes)
    return att, key.sign(att)
