# SPDX-License-Identifier: Apache-2.0
"""Twenty module loads at once on a TPM that takes 5 ms for each command.

As in modload: the same machine under nothing, under IMA, under the measurer,
time in guest instructions. The TPM is slowed in the guest (crd_slow_tpm.c), so
that the guest's clock sees it, and for both alike.
"""
import os
import shutil
import subprocess

import modload
from clock import Broken
from table import Row

# Alone and small, as most drivers are: what is measured here is the waiting.
MODULES = """drivers/net/dummy drivers/net/veth
lib/crc7 fs/minix/minix
fs/efs/efs fs/qnx4/qnx4 fs/bfs/bfs fs/adfs/adfs fs/hpfs/hpfs
fs/nls/nls_cp437 fs/nls/nls_cp850 fs/nls/nls_cp1250 fs/nls/nls_iso8859-1
fs/nls/nls_iso8859-2 fs/nls/nls_utf8 fs/nls/nls_ascii fs/nls/nls_koi8-r
fs/nls/nls_cp852 fs/nls/nls_cp866 fs/nls/nls_iso8859-15""".split()
LOADS = 20
ROUNDS = 5
SLOW = "crd_slow_tpm.ko"


def words(policy):
    return "policy=%s rounds=%d burst=1" % (policy, ROUNDS)


def slow_tpm(build, rig):
    """The module that makes the TPM slow, loaded before whoever measures."""
    subprocess.run(["bash", "-c", ". tests/vm/lib.sh && test_modules"],
                   check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, O=build))
    shutil.copy("%s/kselftest/modules/%s" % (build, SLOW),
                rig.out + "/root/pre/")


def rows(build, say):
    rig = modload.Rig(os.path.abspath(build + "/bench/burst"))
    slow_tpm(build, rig)
    rig.pack(build, [m for m in MODULES if rig.stock(m)][:LOADS])
    runs = {}
    for name in ("none", "ima", "credence"):
        say("20 loads at once: machine '%s'" % name)
        runs[name] = rig.boot(name, words)
        if len(runs[name].burst) != ROUNDS:
            raise Broken("machine '%s' has no figures" % name)
    us = {name: min(run.burst) for name, run in runs.items()}
    modload.check(runs, LOADS * (ROUNDS + 1))
    note = "until all were there: %.1f ms with nothing, %.1f with IMA, %.1f " \
        "with the measurer" % tuple(us[n] / 1e3
                                    for n in ("none", "ima", "credence"))
    return [Row("20 loads at once, 5 ms TPM, added / added by IMA",
                [(us["credence"] - us["none"]) / (us["ima"] - us["none"])],
                must=0.5, note=note),
            Row("20 loads at once, 5 ms TPM, total / total with IMA",
                [us["credence"] / us["ima"]]),
            Row("20 loads at once, 5 ms TPM, records (extends) a burst",
                [runs["credence"].records / ROUNDS], aim=3, must=10)]
