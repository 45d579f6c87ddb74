#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Evidence of a machine that has loaded these signed modules, for a policy.

  signed_modules.py --out FOLDER [--flip payload|signature] MODULE...

The folder gets evidence.cbor, ak.pub, challenge.json, all of a software key, and
the state of a verifier that has given out the challenge. The record of each module is as the measurer makes it. With --flip, one bit of each
module's payload or of each signature's value is another one.
"""
import argparse
import datetime
import hashlib
import json
import lzma
import os
import shutil
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../attacks")]
import mklog  # noqa: E402
import surgery  # noqa: E402

MARK = b"~Module signature appended~\n"
# signature's hash, by the last byte of its object identifier
HASH = {bytes.fromhex("060960864801650304020%d" % n): name for n, name in
        ((2, "sha384"), (3, "sha512"))}


def split(data):
    """-> payload, PKCS#7"""
    if not data.endswith(MARK):
        raise ValueError("no signature appended")
    size, = struct.unpack(">I", data[:-len(MARK)][-4:])
    end = len(data) - len(MARK) - 12
    return data[:end - size], data[end - size:end]


def join(payload, signature):
    """As sign-file does it."""
    return payload + signature + bytes([0, 0, 2, 0, 0, 0, 0, 0]) + \
        struct.pack(">I", len(signature)) + MARK


def flip(data, at):
    out = bytearray(data)
    out[at] ^= 1 << at % 8
    return bytes(out)


def record(path, n, flipped):
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".xz"):
        data = lzma.decompress(data)
    payload, signature = split(data)
    if flipped == "payload":
        payload = flip(payload, n * 7919 % len(payload))
    if flipped == "signature":	# past what only says whose it is
        signature = flip(signature, len(signature) - 1 - n % 60)
    names = ["sha256"] + [v for k, v in HASH.items() if k in signature]
    return {"event": "module", "name": os.path.basename(path).split(".")[0],
            "origin": 1, "sig-status": 1, "license": "GPL", "intree": 1,
            "size": len(data), "taints": 0,
            "digest": "sha256:" + hashlib.sha256(data).hexdigest(),
            "payload-digest": ["%s:%s" % (
                v, hashlib.new(v, payload).hexdigest()) for v in names],
            "signature": signature.hex()}


def evidence(out, modules, flipped=None):
    records = [{"event": "anchor"}]
    records += [record(path, n, flipped) for n, path in enumerate(modules)]
    log, extends = mklog.make({"pcr": 13, "banks": ["sha256"], "uncovered": 0,
                               "records": records})
    values = {n: bytes(32) for n in range(16)}
    values[13] = mklog.replay(extends, ["sha256"])["sha256"]
    key, nonce = surgery.SoftKey(), hashlib.sha256(b"nonce").digest()
    claims = surgery.cbor.dumps({"agent.version": "1"})
    att, sig = surgery.quote(key, nonce, claims, "sha256", values)
    ev = surgery.Evidence(attest=att, signature=sig, ak=key.public,
                          claims=claims, log_measurer=log,
                          pcrs=surgery.pcrs("sha256", values))
    at = datetime.datetime(2026, 6, 1)
    times = [(at + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
             for m in (0, 10)]
    for name, content in (
            ("evidence.cbor", ev.encode()), ("ak.pub", key.public),
            ("challenge.json", json.dumps({
                "credence-challenge": 1, "nonce": nonce.hex(),
                "issued": times[0], "expires": times[1]}).encode())):
        write(os.path.join(out, name), content)
    # as `credence challenge` remembers what it gave out
    shutil.rmtree(os.path.join(out, "state"), ignore_errors=True)
    os.makedirs(os.path.join(out, "state/open"))
    os.mkdir(os.path.join(out, "state/used"))
    shutil.copy(os.path.join(out, "challenge.json"),
                os.path.join(out, "state/open", nonce.hex()))


def write(path, content):
    with open(path, "wb") as f:
        f.write(content)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", required=True)
    ap.add_argument("--flip", choices=["payload", "signature"])
    ap.add_argument("modules", nargs="+")
    args = ap.parse_args()
    os.makedirs(args.out, exist_ok=True)
    evidence(args.out, args.modules, args.flip)


if __name__ == "__main__":
    main()
