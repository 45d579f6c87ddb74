#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Put a longer log of the same boot into evidence: what a machine sends whose
log grew between its quote and the reading of it.
usage: splice.py EVIDENCE LOG EXTRA > NEW"""
import sys

import cbor2


def record_ends(log):
    """Where each record ends: TLVs of u8 type, u32 length; the content last."""
    at = 0
    while at < len(log):
        kind = log[at]
        at += 5 + int.from_bytes(log[at + 1:at + 5], "big")
        if kind not in (0, 1, 3):
            yield at


def main():
    with open(sys.argv[1], "rb") as f:
        evidence = cbor2.load(f)
    with open(sys.argv[2], "rb") as f:
        log = f.read()
    kind, old, indicator = evidence["log-measurer"]
    if log[:len(old)] != old:
        sys.exit("splice.py: this log is not a longer one of that evidence")
    ends = [end for end in record_ends(log) if end > len(old)]
    if len(ends) < int(sys.argv[3]):
        sys.exit("splice.py: only %d records more" % len(ends))
    evidence["log-measurer"] = [kind, log[:ends[int(sys.argv[3]) - 1]],
                                indicator]
    sys.stdout.buffer.write(cbor2.dumps(evidence, canonical=True))


main()
