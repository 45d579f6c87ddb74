# SPDX-License-Identifier: Apache-2.0
"""The bundle, from attest/evidence.cddl: labels, media types, limits."""
import hashlib
import struct
from types import SimpleNamespace

import cbor
from cbor import Malformed
from tpm import SIZE

TAG = "tag:credence.invalid,2026:evidence#1"
V = "application/vnd.credence."
KIB, MIB = 1024, 1024 * 1024
MAX_BUNDLE = 64 * MIB
# label: (media type, indicator, limit, may it be absent)
ITEMS = {
    "attest": (V + "tpms-attest", 4, 16 * KIB, False),
    "signature": (V + "tpmt-signature", 4, 16 * KIB, False),
    "ak": (V + "tpm2b-public", 4, 16 * KIB, False),
    "pcrs": (V + "pcrs+cbor", 4, 16 * KIB, False),
    "claims": (V + "claims+cbor", 4, 256 * KIB, False),
    "log-measurer": (V + "cel-tlv", 4, 32 * MIB, True),
    "log-tcg": (V + "tcg-eventlog", 4, 32 * MIB, True),
    "log-ima": (V + "ima-binary", 4, 32 * MIB, True),
    "ak-cert": ("application/pkix-cert", 2, 16 * KIB, True),
    "ek-cert": ("application/pkix-cert", 2, 16 * KIB, True),
}


def item(label, value):
    media, indicator, limit, _ = ITEMS[label]
    if not isinstance(value, list) or len(value) != 3 or \
            value[0] != media or value[2] != indicator or \
            not isinstance(value[1], bytes):
        raise Malformed("%s: not [\"%s\", bytes, %d]" %
                        (label, media, indicator))
    if len(value[1]) > limit:
        raise Malformed("%s: %d bytes, over the limit" % (label, len(value[1])))
    return value[1]


def read_pcrs(data):
    value = cbor.loads(data)
    if not isinstance(value, list) or len(value) != 2 or \
            not isinstance(value[0], int) or value[0] > 0xFFFF or \
            not isinstance(value[1], dict) or not value[1]:
        raise Malformed("pcrs: not [bank, {pcr: value}]")
    bank, values = value
    if bank not in SIZE:
        raise Malformed("pcrs: bank 0x%04x" % bank)
    for pcr, bits in values.items():
        if not isinstance(pcr, int) or pcr > 23 or \
                not isinstance(bits, bytes) or len(bits) != SIZE[bank]:
            raise Malformed("pcrs: entry %r" % pcr)
    return bank, values


def read_claims(data):
    value = cbor.loads(data)
    if not isinstance(value, dict) or \
            not all(isinstance(x, str) for kv in value.items() for x in kv):
        raise Malformed("claims: not a map of text to text")
    return value


def read(data):
    if len(data) > MAX_BUNDLE:
        raise Malformed("bundle: %d bytes, over the limit" % len(data))
    tree = cbor.loads(data)
    if not isinstance(tree, dict) or tree.pop("__cmwc_t", None) != TAG:
        raise Malformed("bundle: not an evidence collection of format 1")
    for label in tree:
        if label not in ITEMS:
            raise Malformed("bundle: unknown label %r" % label)
    out = SimpleNamespace()
    for label, (_, _, _, optional) in ITEMS.items():
        if label not in tree and not optional:
            raise Malformed("bundle: no %s" % label)
        value = item(label, tree[label]) if label in tree else None
        setattr(out, label.replace("-", "_"), value)
    out.bank, out.values = read_pcrs(out.pcrs)
    read_claims(out.claims)
    return out


def qualifying(nonce, claims):
    return hashlib.sha256(b"CREDENCE-EVIDENCE-1" + struct.pack(">H", len(nonce))
                          + nonce + hashlib.sha256(claims).digest()).digest()
