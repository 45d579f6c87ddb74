# SPDX-License-Identifier: Apache-2.0
"""What `policy impact` over 10,000 bundles takes: appraisals a second on all
processors against one appraisal in one thread (bench_policy), each bundle being
appraised twice; and memory with many bundles against few.
"""
import os
import subprocess
import time

import policy
from clock import Broken
from table import Row

BUNDLES = int(os.environ.get("CRD_BUNDLES", "10000"))
FEW = 100
NOW = "2026-06-01T00:00:01Z"


def folder(out, evidence, n):
    """n names of one bundle: the program cannot know."""
    os.makedirs(out, exist_ok=True)
    for i in range(n):
        path = "%s/m%05d.evidence" % (out, i)
        if not os.path.exists(path):
            os.link(evidence, path)
    return out


def impact(build, base, bundles):
    """-> (seconds, peak KiB)"""
    # the benchmark keeps to one processor, the program may have all
    argv = [os.path.abspath(build + "/bench/peak"),
            "taskset", "-c", "0-%d" % (os.cpu_count() - 1),
            os.path.abspath(build + "/credence"), "policy", "impact",
            base + "/policy.yaml", "--against", base + "/one.yaml",
            "--registry", "policies/registry", "--now", NOW, "--quiet",
            bundles]
    start = time.monotonic()
    done = subprocess.run(argv, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        raise Broken("policy impact ended with %d: %s" %
                     (done.returncode, done.stderr.strip()))
    return seconds, int(done.stderr.split()[-1])


def rows(build, say):
    say("policy impact over %d bundles" % BUNDLES)
    base = policy.prepare(build)
    many = folder(base + "/many", base + "/evidence.cbor", BUNDLES)
    few = folder(base + "/few", base + "/evidence.cbor", FEW)
    # of both policies, as each bundle is judged by both
    single = (policy.once(build, base, "policy.yaml")[0] +
              policy.once(build, base, "one.yaml")[0]) / 1e3
    # a peak is where two threads are at theirs, which few bundles may miss
    few_peak = max(impact(build, base, few)[1] for _ in range(5))
    seconds, peak = impact(build, base, many)
    cores = os.cpu_count()
    note = "%d bundles of 500 components, under 100 rules and under 1, in " \
        "%.0f s on %d cores; %.1f MiB" % (BUNDLES, seconds, cores, peak / 1024)
    return [Row("impact: appraisals / (cores x appraisals of one thread)",
                [BUNDLES * single / seconds / cores], must=0.7, more=True,
                note=note),
            Row("impact: peak memory, %d bundles / %d" % (BUNDLES, FEW),
                [peak / few_peak], must=1.1)]
