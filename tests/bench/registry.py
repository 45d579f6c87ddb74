# SPDX-License-Identifier: Apache-2.0
"""Loading the whole vendor registry, against Python's csv on the same files.

Ours parses, checks every field and every reference, makes what texts are looked
up in, and digests; csv, a parser in C, only splits the fields. CPU time of each,
in turn, the files in the page cache.
"""
import csv
import os
import subprocess
import time

from clock import Broken
from table import Row

ROUNDS = 7
REGISTRY = "policies/registry"
FILES = ["entities", "identifiers", "lists", "listings", "sources", "release"]


def ours(build):
    done = subprocess.run([build + "/bench/registry", REGISTRY], text=True,
                          stdout=subprocess.PIPE)
    if done.returncode:
        raise Broken("bench/registry ended with %d" % done.returncode)
    return float(done.stdout)


def read_all():
    rows = 0
    for name in FILES:
        with open(os.path.join(REGISTRY, name + ".csv"), encoding="utf-8",
                  newline="") as f:
            rows += sum(1 for _ in csv.reader(f, strict=True))
    return rows


def theirs():
    start, n = time.thread_time(), 0
    while time.thread_time() - start < 1.0:
        read_all()
        n += 1
    return (time.thread_time() - start) * 1e3 / n


def rows(build, say):
    say("the registry, %d rounds against Python's csv" % ROUNDS)
    load, ratio = [], []
    for _ in range(ROUNDS):
        load.append(ours(build))
        ratio.append(load[-1] / theirs())
    note = "%d rows" % read_all()
    return [Row("load the full registry, milliseconds", load, must=20,
                note=note),
            Row("the same / Python's csv.reader on the files", ratio, must=1)]
