# SPDX-License-Identifier: Apache-2.0
"""Attacks on the reader's eye: scalars that YAML turns into something else
(J01), misspelt and unknown keys (J03), precedence (J09)."""
import itertools
import os
import re

import rig

BASE = open(os.path.join(os.path.dirname(__file__), "admit.yaml"),
            encoding="utf-8").read()
RULE = BASE[BASE.index("  - id:"):BASE.index("otherwise:")]


def put(old, new):
    """The policy with one piece of text replaced."""
    if old not in BASE:
        raise KeyError(old)
    return BASE.replace(old, new, 1)


def version(text):
    return put("version: 1", "version: " + text)


def when(text):
    return put("when: { name: never-there }", "when: " + text)


# Text that must be refused with exit code 2 and a line and column.
BAD = [
    ("J01-" + name, "version: " + text, version(text)) for name, text in (
        ("hex", "0x10"), ("octal", "0123"), ("octal-1.2", "0o17"),
        ("float", "1e3"), ("point", "1.0"), ("minus", "-1"), ("plus", "+1"),
        ("under", "1_000"), ("base60", "12:30:00"), ("yes", "yes"),
        ("true", "true"), ("tilde", "~"), ("null", "null"), ("none", ""),
        ("inf", ".inf"), ("zero", "0"), ("huge", "18446744073709551616"),
        ("list", "[1]"), ("map", "{ a: 1 }"), ("spaces", "1 2"),
        ("arabic", "\u0661"))
] + [
    ("J01-switch-" + text, "secure_boot: " + text,
     put("secure_boot: on", "secure_boot: " + text))
    for text in ("yes", "true", "On", "ON", "1", "off", "~", "[on]")
] + [
    ("J01-date-" + name, "until: " + text, put("2099-12-31", text))
    for name, text in (
        ("day", "2099-02-30"), ("month", "2099-13-01"), ("short", "2099-1-1"),
        ("plain", "20990101"), ("time", "2099-12-31T00:00:00Z"),
        ("before", "2019-12-31"), ("year", "99-12-31"))
] + [
    ("J01-name-" + name, "a name that YAML reads as nothing: " + text,
     when("{ name: %s }" % text))
    for name, text in (("tilde", "~"), ("null", "null"), ("Null", "Null"),
                       ("empty", '""'), ("list", "[]"))
] + [
    ("J01-age-" + text, "freshness: " + text, put("10m", text))
    for text in ("10", "10:00", "1e3s", "0m", "-1m", "10M", "1.5h", "0x1m")
] + [
    ("D09-" + text, "a measurer's PCR that can be reset, or none: " + text,
     put("  measurer: any", "  measurer: any\n  pcr: " + text))
    for text in ("16", "17", "22", "23", "24", "0", "0x0d", "13.0", "[13]")
] + [
    ("J03-" + name, what, text) for name, what, text in (
        ("top", "a key too many", BASE + "sites: all\n"),
        ("top-case", "a key in capitals", put("rules:", "Rules:")),
        ("top-spelling", "rules misspelt", put("rules:", "rule:")),
        ("requires", "secure_boot misspelt",
         put("secure_boot:", "secureboot:")),
        ("requires-less", "lockdown left out",
         put("  lockdown: integrity\n", "")),
        ("rule", "then misspelt", put("    then:", "    than:")),
        ("rule-more", "a rule with a key too many",
         put("    then:", "    unless: never\n    then:")),
        ("when", "a condition misspelt", when("{ nmae: never-there }")),
        ("when-empty", "a rule about everything", when("{}")),
        ("when-null", "a rule about nothing", when("")),
        ("word", "an unknown kind", when("{ kind: drivers }")),
        ("flag", "an unknown flag", when("{ flags: unsinged }")),
        ("then", "an unknown verdict", put("then: refuse", "then: reject")),
        ("country", "a country in small letters",
         when("{ jurisdiction: cn }")),
        ("country-3", "a country of three letters",
         when("{ jurisdiction: CHN }")),
        ("list", "a list that the registry lacks",
         when("{ listed: us-ndaa-898 }")),
        ("vendor", "a vendor that the registry lacks",
         when("{ vendor: huawie }")),
        ("double", "a key twice", put("version: 1", "version: 1\nversion: 2")),
        ("double-rule", "a rule's key twice",
         put("    then: refuse", "    then: refuse\n    then: admit")),
        ("double-quoted", "a key twice, once in quotes",
         put("version: 1", 'version: 1\n"version": 2')),
        ("twice", "a rule's id twice", put(RULE, RULE + RULE)),
        ("alias", "an alias", put("id: never-there", "id: &a never-there")
         .replace("name: never-there", "name: *a")),
        ("anchor", "an anchor", put("id: never-there", "id: &a never-there")),
        ("merge", "a merge key", put("    then: refuse",
                                     "    <<: { then: refuse }")),
        ("tag", "a tag", put("version: 1", "version: !!str 1")),
        ("binary", "binary text", put("authority: Tests",
                                      "authority: !!binary VGVzdHM=")),
        ("directive", "a directive", "%YAML 1.1\n---\n" + BASE),
        ("documents", "two documents", BASE + "---\n" + BASE),
        ("tab", "a tab as indentation",
         put("  freshness:", "\tfreshness:")),
        ("open", "a bracket left open", put("otherwise: { known: admit,",
                                            "otherwise: [ { known: admit,")),
        ("control", "a control character", put("Tests", "Te\x07sts")),
        ("bidi", "text that turns round", put("Tests", "Te\u202ests")),
        ("wildcard", "a pattern that is not said to be one",
         when("{ name: never* }")),
        ("rules-map", "rules as a map", put(RULE, "  id: x\n")),
        ("no-rules", "no rule", put(RULE, "").replace("rules:\n",
                                                      "rules: []\n")),
    )
] + [
    ("J09-" + name, what, text) for name, what, text in (
        ("empty", "an empty file", ""),
        ("spaces", "only white space", "\n  \n"),
        ("comment", "only a comment", "# nothing\n"),
        ("dashes", "an empty document", "---\n"),
        ("null", "the document 'null'", "null\n"),
        ("map", "an empty map", "{}\n"),
        ("list", "an empty list", "[]\n"),
        ("scalar", "one word", "admit\n"),
        ("no-otherwise", "no otherwise",
         BASE[:BASE.index("otherwise:")]),
    )
]
# Text that is good, and stays text.
GOOD = [
    ("J01-ok-" + name, "%s stays text" % text, when("{ %s }" % text))
    for name, text in (
        ("no", "jurisdiction: NO"), ("no-list", "jurisdiction: [NO, CA]"),
        ("on", "name: on"), ("yes", "name: yes"), ("hex", "name: 0x10"),
        ("octal", "name: 0123"), ("float", "version: 1.10"),
        ("exp", "name: 1e3"), ("base60", "name: 12:30:00"),
        ("date", "name: 2026-01-01"), ("quoted", 'name: "null"'))
]


def check_file(ctx, text):
    path = ctx.write("policy.yaml", text.encode())
    return ctx.credence("policy", "check", path, "--registry", ctx.registry)


def bad_policy(ctx, text):
    """policy check says where; verify gives no verdict and spends nothing."""
    done = check_file(ctx, text)
    if done.exit != 2:
        return "policy check: %s, not exit 2" % done
    if not re.search(r"policy\.yaml:\d+:\d+: \S", done.err):
        return "no line and column: %s" % done.err
    nonce = ctx.challenge()
    data, ak = ctx.machine.evidence(nonce).encode(), ctx.machine.tpm.ak
    done = ctx.verify(data, ak, policy=ctx.path("policy.yaml"))
    if done.exit != 2 or "verdict" in done.json:
        return "verify: %s, not exit 2 without a verdict" % done
    done = ctx.verify(data, ak)
    return None if done.exit == 0 else "the challenge is gone: %s" % done


def good_policy(ctx, text):
    done = check_file(ctx, text)
    return None if done.exit == 0 else "policy check: %s, not exit 0" % done


def judged(ctx, case, text, exit_code):
    path = ctx.write("policy.yaml", text.encode())
    nonce = ctx.challenge()
    data, ak = ctx.machine.evidence(nonce).encode(), ctx.machine.tpm.ak
    reason = None if exit_code == 0 else "POLICY_RULE"
    ctx.keep(case, data, ak, exit_code, reason, policy=path)
    done = ctx.verify(data, ak, policy=path)
    return None if done.exit == exit_code else \
        "%s, not exit %d" % (done, exit_code)


def rule(name, condition, then):
    return "  - id: %s\n    when: %s\n    then: %s\n    because: A test.\n" % (
        name, condition, then)


ALLOW = rule("allow", "{ name: e1000e }", "admit")
DOUBT = rule("doubt", "{ name: e1000e, kind: driver }", "refer")
DENY = rule("deny", "{ kind: driver, author: { like: \"Intel*\" } }", "refuse")
OTHER = rule("other", "{ name: not-there }", "refuse")


def precedence(ctx):
    """Every order of the rules gives the most severe that matches."""
    for rules, exit_code in (((ALLOW, DOUBT, DENY, OTHER), 3),
                             ((ALLOW, DOUBT, OTHER), 4),
                             ((ALLOW, OTHER), 0)):
        for i, order in enumerate(itertools.permutations(rules)):
            wrong = judged(ctx, "J09-order-%d-%d" % (exit_code, i),
                           put(RULE, "".join(order)), exit_code)
            if wrong:
                return "order %d: %s" % (i, wrong)
    return None


def nothing_matches(ctx):
    """Nothing matches: what 'otherwise' says, here refuse."""
    return judged(ctx, "J09-otherwise", put(
        "{ known: admit, unknown: admit }",
        "{ known: refuse, unknown: refuse }"), 3)


def admit_no_cure(ctx):
    """A rule that admits one component does not admit the rest."""
    return judged(ctx, "J09-rest", put(RULE, ALLOW).replace(
        "{ known: admit, unknown: admit }",
        "{ known: refuse, unknown: refuse }"), 3)


def text_not_number(ctx):
    """1.10 is not 1.1: a module of version 1.10 is there."""
    m = ctx.other("versions", log=versions())
    answers = []
    for wanted in ("1.10", "1.1", "0x10", "on"):
        path = ctx.write("policy.yaml", when("{ version: %s }" % wanted)
                         .encode())
        nonce = ctx.challenge()
        data = m.evidence(nonce).encode()
        hit = wanted != "1.1"
        ctx.keep("J01-text-%s" % wanted, data, m.tpm.ak, 3 if hit else 0,
                 None, policy=path)
        answers.append(ctx.verify(data, m.tpm.ak, policy=path).exit)
    return None if answers == [3, 0, 3, 3] else "exits %s" % answers


def pcr_asked(ctx):
    """The measurer was told pcr=12, and the policy says so."""
    log = rig.mklog.default_log()
    log["pcr"] = 12
    m = ctx.other("pcr12", log=log)
    answers = []
    for i, pcr in enumerate(("12", "13")):
        path = ctx.write("policy.yaml", put(
            "  measurer: any", "  measurer: any\n  pcr: " + pcr).encode())
        nonce = ctx.challenge()
        data = m.evidence(nonce).encode()
        ctx.keep("D09-pcr-" + pcr, data, m.tpm.ak, 3 if i else 0,
                 "PCR_COVERAGE" if i else None, policy=path)
        answers.append(ctx.verify(data, m.tpm.ak, policy=path).exit)
    return None if answers == [0, 3] else "exits %s" % answers


def two_authors(ctx):
    """One vendor under two names: still that vendor alone. A stranger beside
    it: it may be anybody's."""
    answers = []
    for i, other in enumerate(("Intel Corporation, <linux.nics@intel.com>",
                               "Somebody Else")):
        m = ctx.other("authors-%d" % i, log={
            "pcr": 13, "banks": ["sha256"], "uncovered": 0, "records": [
                {"event": "anchor"},
                {"event": "module", "name": "e1000e", "image": "x",
                 "author": ["Intel Corporation", other]}]})
        text = put(RULE, rule("intel", "{ vendor: intel }", "admit")).replace(
            "{ known: admit, unknown: admit }",
            "{ known: refuse, unknown: refuse }")
        path = ctx.write("policy.yaml", text.encode())
        nonce = ctx.challenge()
        data = m.evidence(nonce).encode()
        ctx.keep("J09-authors-%d" % i, data, m.tpm.ak, 3 if i else 0, None,
                 policy=path)
        answers.append(ctx.verify(data, m.tpm.ak, policy=path).exit)
    return None if answers == [0, 3] else "exits %s" % answers


def versions():
    log = rig.mklog.default_log()
    log["records"] += [{"event": "module", "name": "v%d" % i, "origin": 1,
                        "sig-status": 1, "intree": 1, "version": v,
                        "signature": "3082000000", "image": v}
                       for i, v in enumerate(("1.10", "0x10", "on"))]
    return log


FLOWS = [
    ("D09-pcr", "the policy's PCR and no other", pcr_asked),
    ("J01-text", "1.10 is not 1.1, 0x10 not 16, on not true", text_not_number),
    ("J09-order", "deny beats refer beats allow, in every order", precedence),
    ("J09-otherwise", "no rule matches, 'otherwise' refuses", nothing_matches),
    ("J09-authors", "two authors of one vendor; a vendor and a stranger",
     two_authors),
    ("J09-rest", "one component admitted by a rule, the others not",
     admit_no_cure),
]


def run(ctx, wanted):
    for table, check in ((BAD, bad_policy), (GOOD, good_policy)):
        for case, what, text in table:
            if wanted(case):
                ctx.case(case, what, lambda text=text: check(ctx, text))
    for case, what, make in FLOWS:
        if wanted(case):
            ctx.case(case, what, lambda make=make: make(ctx))
