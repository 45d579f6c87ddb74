# SPDX-License-Identifier: Apache-2.0
"""Time whole processes from outside, in turn, so that drift hits both."""
import os
import time


class Broken(Exception):
    """What was to be measured did not do what it should."""


def once(argv, env, good=(0,)):
    """Seconds of one run that ends well. posix_spawn: our own size must not be in it."""
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_DUP2, 1, 2)]
    start = time.monotonic()
    pid = os.posix_spawnp(argv[0], argv, env, file_actions=quiet)
    status = os.wait4(pid, 0)[1]
    took = time.monotonic() - start
    got = os.waitstatus_to_exitcode(status)
    if got not in good:
        raise Broken("'%s' ended with %d" % (" ".join(argv), got))
    return took


def pairs(runs, commands_a, commands_b, env, warm=2, good=(0,)):
    """Ratios a/b and the seconds of both, run by run: a b a b ..."""
    a, b = [], []
    for n in range(warm + runs):
        x, y = once(commands_a(n), env, good), once(commands_b(n), env)
        if n >= warm:
            a.append(x)
            b.append(y)
    return [x / y for x, y in zip(a, b)], a, b


def pin():
    """One core for us and what we start, the last of those allowed."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
