# SPDX-License-Identifier: Apache-2.0
"""Attacks on the measurer's log: numbers, digests, anchor, framing (G01, G02,
G07), several banks (D06, D10), and logs that may run past the quote (P01).

Every bad log that mklog.py can make is extended into a TPM of its own, so that
the quote is real and covers it; only the log's own faults can betray it.
"""
import copy

import mklog
import rig

GROUPS = (("recnum", "G01"), ("digest", "G02"), ("after-content", "G02"),
          ("bank", "G02"), ("anchor", "G07"), ("empty", "G07"))


def group(name):
    for start, case in GROUPS:
        if name.startswith(start):
            return case
    return "G00"


def run_corruptions(ctx, wanted):
    for name, (_, _, reason, what) in mklog.CORRUPTIONS.items():
        case = "%s-%s" % (group(name), name)
        if not wanted(case):
            continue

        def check(case=case, name=name, reason=reason):
            bad = rig.Machine(corrupt=[name])
            try:
                nonce = ctx.challenge()
                return ctx.judge(case, bad.evidence(nonce).encode(),
                                 bad.tpm.ak, 5 if reason == "MALFORMED" else 3,
                                 reason)
            finally:
                bad.close()
        ctx.case(case, what, check)


def long_log(uncovered):
    """The ordinary machine, then so many modules after the quote."""
    log = mklog.default_log()
    log["records"] += [{"event": "module", "name": "late%d" % i, "origin": 1,
                        "sig-status": 1, "intree": 1, "license": "GPL",
                        "path": "/lib/modules/late%d.ko" % i,
                        "signature": "3082000000", "image": "late %d" % i}
                       for i in range(uncovered)]
    log["uncovered"] = uncovered
    return log


def run_long(ctx, wanted):
    for n in (0, 1, 2, 10, 100, 1000, 10000):
        case = "P01-%d" % n
        if not wanted(case):
            continue

        def check(case=case, n=n):
            log, _ = mklog.make(long_log(n))
            nonce = ctx.challenge()
            ev = ctx.machine.evidence(nonce, log_measurer=log)
            return ctx.judge(case, ev.encode(), ctx.machine.tpm.ak, 0, None)
        ctx.case(case, "log runs past the quote by %d records" % n, check)


THREE = ["sha1", "sha256", "sha384"]


def several(ctx):
    log = mklog.default_log()
    log["banks"] = list(THREE)
    return ctx.other("three", log=log, banks=THREE)


def run_banks(ctx, wanted):
    """(case, what, exit, reason, bank, corruption of the log as shown)"""
    rows = [("D06-sha256", "three banks, quote over sha256", 0, None, "sha256"),
            ("D06-sha384", "three banks, quote over sha384", 0, None, "sha384"),
            ("D10-sha1", "three banks, quote over sha1 only", 3, "PCR_BANK",
             "sha1")]
    for case, what, exit_code, reason, bank in rows:
        if not wanted(case):
            continue

        def check(case=case, exit_code=exit_code, reason=reason, bank=bank):
            m = several(ctx)
            nonce = ctx.challenge()
            return ctx.judge(case, m.evidence(nonce, bank).encode(), m.tpm.ak,
                             exit_code, reason)
        ctx.case(case, what, check)


def forged(ctx, change):
    """Three banks extended; the log shown is another one."""
    m = several(ctx)
    desc = copy.deepcopy(m.desc)
    change(desc)
    return m, mklog.make(desc)[0]


def drop_384(desc):
    """D10: the log has no digests of the bank that was quoted."""
    desc["banks"] = ["sha1", "sha256"]


def odd_384(desc):
    """A digest of sha384 that is not that of the content."""
    desc["records"][2]["log-digests"] = {"sha384": "ab" * 48}


def lie_hash(desc):
    """The anchor claims that sha384 is filled with another hash."""
    desc["records"][0]["bank"] = ["sha1:sha1", "sha256:sha256",
                                  "sha384:sha256"]


def run_forged(ctx, wanted):
    rows = [("D10-no-bank", "log without the quoted bank", "PCR_BANK", drop_384),
            ("D06-one-bank", "one bank's digest is not of the content",
             "LOG_MEASURER", odd_384),
            ("D06-hash", "anchor names another hash for a bank",
             "LOG_MEASURER", lie_hash)]
    for case, what, reason, change in rows:
        if not wanted(case):
            continue

        def check(case=case, reason=reason, change=change):
            m, log = forged(ctx, change)
            nonce = ctx.challenge()
            ev = m.evidence(nonce, "sha384", log_measurer=log)
            return ctx.judge(case, ev.encode(), m.tpm.ak, 3, reason)
        ctx.case(case, what, check)


def other_pcr(ctx):
    """The measurer's PCR 13 tells the truth; root fills PCR 12 with a log of
    his own making and shows that one."""
    desc = mklog.default_log()
    desc["records"].append({"event": "module", "name": "evil", "origin": 2})
    m = ctx.other("honest", log=desc)
    fine = mklog.default_log()
    fine["pcr"] = 12
    log, extends = mklog.make(fine)
    m.tpm.extend(12, extends)
    nonce = ctx.challenge()
    return ctx.judge("G07-other-pcr", m.evidence(nonce, log_measurer=log)
                     .encode(), m.tpm.ak, 3, "PCR_COVERAGE")


def run(ctx, wanted):
    if wanted("G07-other-pcr"):
        ctx.case("G07-other-pcr", "a forged log in a PCR of its own",
                 lambda: other_pcr(ctx))
    run_corruptions(ctx, wanted)
    run_banks(ctx, wanted)
    run_forged(ctx, wanted)
    run_long(ctx, wanted)
