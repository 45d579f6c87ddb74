# SPDX-License-Identifier: Apache-2.0
"""What a kernel does all day, with the measurer and without.

It records loads, firmware and what comes and goes; everything else must cost
what it cost before. As in modload: the same machine twice, time in guest
instructions. The same machine repeats them to about 0.2 %.
"""
import os

import modload
from clock import Broken
from table import Row


def words(policy):
    return "policy=%s" % policy


def rows(build, say):
    rig = modload.Rig(os.path.abspath(build + "/bench/paths-vm"))
    rig.pack(build, (), "paths")
    runs = {}
    for name in ("none", "credence"):
        say("paths that nobody measures: machine '%s'" % name)
        runs[name] = rig.boot(name, words)
    none, ours = runs["none"].paths, runs["credence"].paths
    if not none or set(none) != set(ours) or not runs["credence"].log:
        raise Broken("the machines did not do the same")
    return [Row("%s, with the measurer / without" % path,
                [min(ours[path]) / min(none[path])], must=1.005,
                note="%.1f and %.1f ms" % (min(ours[path]) / 1e3,
                                           min(none[path]) / 1e3))
            for path in none]
