# SPDX-License-Identifier: Apache-2.0
"""Quote checks per second and core against libcrypto alone, turn by turn."""
import statistics
import subprocess

from clock import Broken
from table import Row

ROUNDS = 9
SECONDS = "0.3"
# mode: (what it says, must, aim)
MODES = {"cached": ("key at hand", 0.85, 0.95),
         "uncached": ("key from raw numbers each time", 0.75, 0.9)}


def rate(build, program, kind, mode):
    done = subprocess.run(["%s/bench/%s" % (build, program), kind, mode,
                           SECONDS], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    words = done.stdout.split()
    if done.returncode or words[:2] != [kind, mode]:
        raise Broken("%s %s %s: %s" % (program, kind, mode, done.stdout))
    return float(words[2])


def row(build, kind, mode):
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(rate(build, "bench_quote", kind, mode))
        floor.append(rate(build, "floor_quote", kind, mode))
    what, must, aim = MODES[mode]
    return Row("quote check / libcrypto alone, %s, %s" % (kind, what),
               [a / b for a, b in zip(ours, floor)], must, aim, more=True,
               note="medians %.0f, %.0f per second and core" %
               (statistics.median(ours), statistics.median(floor)))


def rows(build, say):
    out = []
    for kind in ("p256", "rsa2048"):
        for mode in MODES:
            say("quote check: %s, %s, %d rounds" % (kind, mode, ROUNDS))
            out.append(row(build, kind, mode))
    return out
