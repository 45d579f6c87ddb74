# SPDX-License-Identifier: Apache-2.0
"""Attacks on the exchange: replay (B01), challenges crossed (B04), a kernel
file that says it is empty (E21), a sound report on a refusal (L05)."""
import ctypes
import datetime
import os
import signal
import subprocess

import mklog
import rig


def answer(ctx, challenge="challenge.json"):
    nonce = ctx.challenge(challenge)
    return ctx.machine.evidence(nonce).encode(), ctx.machine.tpm.ak


def expect(done, exit_code, reason):
    if done.exit == exit_code and (reason is None or reason in done.reasons()):
        return None
    return "%s, not exit %d %s" % (done, exit_code, reason)


def stamp(seconds):
    """Now and so many seconds, as --now takes it."""
    when = datetime.datetime.now(datetime.timezone.utc) + \
        datetime.timedelta(seconds=seconds)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def b01_twice(ctx):
    data, ak = answer(ctx)
    ctx.keep("B01-twice", data, ak, 3, "NONCE", challenge_is="used")
    first, second, third = (ctx.verify(data, ak) for _ in range(3))
    return expect(first, 0, None) or expect(second, 3, "NONCE") or \
        expect(third, 3, "NONCE")


def b01_month(ctx):
    """Spent, and a month later by the clock given."""
    data, ak = answer(ctx)
    later = stamp(30 * 86400)
    return expect(ctx.verify(data, ak), 0, None) or \
        expect(ctx.verify(data, ak, "evidence.cbor", "--now", later), 3,
               "STALE")


def b01_stale(ctx):
    """Never used, but a month old."""
    data, ak = answer(ctx)
    later = stamp(30 * 86400)
    ctx.keep("B01-stale", data, ak, 3, "STALE", now=later)
    return expect(ctx.verify(data, ak, "evidence.cbor", "--now", later), 3,
                  "STALE")


def b01_early(ctx):
    """Before the challenge was given out: a clock is wrong."""
    data, ak = answer(ctx)
    early = stamp(-86400)
    ctx.keep("B01-early", data, ak, 3, "STALE", now=early)
    return expect(ctx.verify(data, ak, "evidence.cbor", "--now", early), 3,
                  "STALE")


def b01_unknown(ctx):
    """A challenge of another verifier."""
    nonce = ctx.challenge(state=ctx.path("other-state"))
    data, ak = ctx.machine.evidence(nonce).encode(), ctx.machine.tpm.ak
    ctx.keep("B01-unknown", data, ak, 3, "NONCE", challenge_is="unknown")
    return expect(ctx.verify(data, ak), 3, "NONCE")


def b01_longer(ctx):
    """The challenge file says that it is valid for longer than given out."""
    data, ak = answer(ctx)
    with open(ctx.path("challenge.json"), encoding="utf-8") as f:
        text = f.read()
    year = text[text.index('"expires": "') + 12:][:4]
    ctx.write("challenge.json", text.replace(
        '"expires": "' + year, '"expires": "%d' % (int(year) + 1)).encode())
    return expect(ctx.verify(data, ak), 2, None)


def b01_copy(ctx):
    """Other bytes, same challenge: only the first genuine answer counts."""
    nonce = ctx.challenge()
    ak = ctx.machine.tpm.ak
    one, two = (ctx.machine.evidence(nonce).encode() for _ in range(2))
    return expect(ctx.verify(one, ak), 0, None) or \
        expect(ctx.verify(two, ak), 3, "NONCE")


def b04_theft(ctx):
    """B answers A's challenge; A can still use it."""
    nonce = ctx.challenge()
    stolen = ctx.second().evidence(nonce).encode()
    ctx.keep("B04-theft", stolen, ctx.machine.tpm.ak, 3, "AK_UNTRUSTED")
    good = ctx.machine.evidence(nonce).encode()
    return expect(ctx.verify(stolen, ctx.machine.tpm.ak), 3, "AK_UNTRUSTED") \
        or expect(ctx.verify(good, ctx.machine.tpm.ak), 0, None)


def b04_crossed(ctx):
    """B's sound evidence for its own challenge, shown with A's."""
    theirs = ctx.second().evidence(ctx.challenge("b.json")).encode()
    nonce = ctx.challenge()
    ctx.keep("B04-crossed", theirs, ctx.second().tpm.ak, 3, "NONCE")
    good = ctx.machine.evidence(nonce).encode()
    return expect(ctx.verify(theirs, ctx.second().tpm.ak), 3, "NONCE") or \
        expect(ctx.verify(good, ctx.machine.tpm.ak), 0, None) or \
        expect(ctx.verify(theirs, ctx.second().tpm.ak, challenge="b.json"), 0,
               None)


def kernel_file(data):
    """A process whose environment, a file of the kernel's with size 0, is
    data, which must end with a NUL. -> pid"""
    parts = data[:-1].split(b"\0")
    libc = ctypes.CDLL(None)
    envp = (ctypes.c_char_p * (len(parts) + 1))(*parts, None)
    argv = (ctypes.c_char_p * 3)(b"sleep", b"300", None)
    ready, gone = os.pipe()
    os.set_inheritable(gone, False)
    pid = os.fork()
    if pid == 0:
        libc.execve(b"/bin/sleep", argv, envp)
        os._exit(127)
    os.close(gone)
    os.read(ready, 1)	# ends when exec has closed the other end
    os.close(ready)
    return pid


def e21_log():
    """Over several pages, and with a NUL at the end."""
    log = mklog.default_log()
    log["records"] += [{"event": "module", "name": "m%d" % i, "origin": 1,
                        "sig-status": 1, "intree": 1, "license": "GPL",
                        "path": "/lib/modules/m%d.ko" % i,
                        "signature": "3082000000", "image": "m %d" % i,
                        "uid": 0} for i in range(200)]
    return log


def e21(ctx):
    m = ctx.other("e21", log=e21_log())
    pid = kernel_file(m.log)
    try:
        source = "/proc/%d/environ" % pid
        if os.stat(source).st_size or open(source, "rb").read() != m.log:
            return "the rig's file is not as it should be"
        folder = ctx.path("root/sys/kernel/security/credence")
        os.makedirs(folder, exist_ok=True)
        os.symlink(source, folder + "/log")
        ctx.challenge()
        done = ctx.credence(
            "attest", "--challenge", ctx.path("challenge.json"), "-o",
            ctx.path("e21.cbor"), "--ak-public", ctx.path("e21.pub"), "--root",
            ctx.path("root"), "--tcti", m.tpm.tcti)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    if done.exit:
        return "credence attest: %s" % done
    with open(ctx.path("e21.cbor"), "rb") as f:
        data = f.read()
    with open(ctx.path("e21.pub"), "rb") as f:
        ak = f.read()
    if rig.surgery.Evidence.read(data)["log-measurer"] != m.log:
        return "the log in the evidence is not the file's bytes"
    return ctx.judge("E21", data, ak, 0, None)


def l05(ctx):
    """The signed quote is sound, the answer is refuse: never exit 0."""
    policy = ctx.write("refuse.yaml", open(os.path.join(
        os.path.dirname(__file__), "refuse.yaml"), "rb").read())
    data, ak = answer(ctx)
    ctx.keep("L05", data, ak, 3, "POLICY_RULE", policy=policy)
    wrong = expect(ctx.verify(data, ak, policy=policy), 3, "POLICY_RULE")
    if wrong:
        return wrong
    for more in ([], ["--quiet"], ["--format", "text"]):
        data, ak = answer(ctx)
        done = subprocess.run(
            [ctx.program, "verify", "--challenge", ctx.path("challenge.json"),
             "--policy", policy, "--registry", ctx.registry, "--ak",
             ctx.write("l05.pub", ak), "--state", ctx.state, *more,
             ctx.write("l05.cbor", data)], capture_output=True, text=True,
            check=False)
        if done.returncode != 3 or "refuse" not in done.stdout.lower():
            return "%s: exit %d, %s" % (more, done.returncode,
                                        done.stdout[:200])
    return None


CASES = [
    ("B01-twice", "good evidence sent three times", b01_twice),
    ("B01-month", "good evidence sent again a month later", b01_month),
    ("B01-stale", "an unused challenge answered a month later", b01_stale),
    ("B01-early", "an answer before the challenge was given out", b01_early),
    ("B01-unknown", "answer to a challenge that this verifier never gave",
     b01_unknown),
    ("B01-longer", "the challenge's own expiry was edited", b01_longer),
    ("B01-copy", "two answers to one challenge", b01_copy),
    ("B04-theft", "another machine answers the challenge", b04_theft),
    ("B04-crossed", "another machine's answer to its own challenge",
     b04_crossed),
    ("E21", "a kernel log file that says its size is 0", e21),
    ("L05", "sound evidence, refusing policy: never exit code 0", l05),
]


def run(ctx, wanted):
    for case, what, make in CASES:
        if wanted(case):
            ctx.case(case, what, lambda make=make: make(ctx))
