# SPDX-License-Identifier: Apache-2.0
"""A log of very many records: does appending slow down, does reading?

tests/kselftest/test_many.c in a virtual machine: it takes its figures over the
first and the last part of CRD_RECORDS records (default here: 20,000).
"""
import os
import re
import subprocess

from clock import Broken
from table import Row

RECORDS = int(os.environ.get("CRD_RECORDS", "20000"))
NUMBERS = {
    "append": r"append: ([0-9.]+) records/s at first, ([0-9.]+) in the end",
    "read": r"read: ([0-9.]+) MB/s at first, ([0-9.]+) in the end",
    "memory": r"([0-9]+) bytes, memory ([0-9]+)",
}


def run(build):
    subprocess.run(["bash", "-c", ". tests/vm/lib.sh && build_programs"],
                   check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, O=build))
    out = os.path.abspath(build + "/bench/records")
    os.makedirs(out, exist_ok=True)
    with open(out + "/story", "w") as f:
        f.write("export CRD_RECORDS=%d\ntest_many\n" % RECORDS)
    # about 500 bytes a record, and some room, in KiB
    done = subprocess.run(
        ["scripts/vm", "run", "--out", out,
         "--program", build + "/kselftest/test_many",
         "--measurer", "log_max=%d" % min(RECORDS * 6 // 10, 32768),
         "--timeout", str(300 + RECORDS // 25), out + "/story"],
        stdout=subprocess.PIPE, text=True, env=dict(os.environ, O=build))
    return done.stdout


def rows(build, say):
    say("%d records in one log" % RECORDS)
    text = run(build)
    got = {}
    for name, pattern in NUMBERS.items():
        found = re.search(pattern, text)
        if not found:
            raise Broken("no figure for '%s' in what test_many said" % name)
        got[name] = [float(v) for v in found.groups()]
    note = "%d records: %.0f records/s at first, %.0f in the end" % (
        RECORDS, *got["append"])
    return [Row("append a record, first records / last",
                [got["append"][0] / got["append"][1]], must=1.6, note=note),
            Row("read a byte of the log, small log / large",
                [got["read"][0] / got["read"][1]], must=1.6),
            Row("memory of the log / its bytes",
                [got["memory"][1] / got["memory"][0]], must=1.05)]
